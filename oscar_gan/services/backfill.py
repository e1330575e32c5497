"""Backfill: ask for the colours of many products; plan, run, stop and resume.

It only ever adds requests. Nothing is replaced and nothing is published: that is a person's
step. Products are visited in order of id and the last one is remembered, so that memory stays
flat and a stopped run continues where it was.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ..conf import get_config
from ..errors import InvalidTransition, OscarGanError, PermissionRefused, QuotaExceeded
from ..models import BackfillRun, GenerationRequest, LeftOut
from ..models.jobs import Queue
from . import access, audit, generation, notices
from .planning import PlanItem, plan
from .requests import cancel_request, request_variants
from .selection import Selection

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run did about one product; `code` and `problem` say why it could not."""

    item: PlanItem
    request: GenerationRequest | None = None
    created: int = 0
    reused: int = 0
    code: str = ""
    problem: str = ""


def start(*, selection: Selection, limit: int | None = None, started_by=None) -> BackfillRun:
    """A new run; `limit` is the number of products that are asked for at most."""
    if started_by is not None:
        access.require(started_by, "generate")
    options = {**selection.to_json(), "limit": limit}
    run = BackfillRun.objects.create(options=options, started_by=started_by)
    audit.record(action=audit.Action.RUN_STARTED, by=started_by, thing=run, after=options)
    return run


def find_run(text: str | None = None) -> BackfillRun:
    """The run to resume: the one with this id, or the newest that did not finish."""
    runs = BackfillRun.objects.filter(finished_at=None, cancelled_at=None)
    if text is None:
        found = runs.first()
    else:
        # Ids are shown shortened in lists, so the beginning is enough; BackfillRun is small.
        found = next((run for run in runs.iterator() if str(run.pk).startswith(text)), None)
    if found is None:
        which = "No run" if text is None else f"No run {text}"
        raise InvalidTransition(f"{which} is waiting to be resumed; start a new one.")
    return found


def remaining(*, run: BackfillRun) -> int:
    """Products that the run has not looked at yet."""
    return Selection.from_json(run.options).find().filter(pk__gt=run.cursor).count()


def run(*, run: BackfillRun, sync: bool = False) -> Iterator[Outcome]:
    """Ask for the colours of each product that is left; yields after each one.

    Stop by not taking the next one: what was yielded is on record, the rest is left for a later
    call. With `sync` the pictures are made in this process instead of by the workers. A run that
    is cancelled meanwhile ends; one that meets the limit of its day says so in its last outcome
    (`quota-exceeded`) and waits to be resumed.
    """
    selection, limit = Selection.from_json(run.options), run.options.get("limit")
    for item in plan(selection=selection, after=run.cursor):
        if limit is not None and run.counts.get("asked", 0) >= limit:
            break
        outcome = _ask(item, run, sync=sync)
        if outcome.code == QuotaExceeded.code:
            yield outcome
            return
        if not _record(run, outcome):
            return
        yield outcome
    if sync:
        _settle(run)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    notices.run_finished(run.pk)  # there may be nothing to wait for


def begin(
    *, products, by, colours: tuple[str, ...] = (), missing: bool = True
) -> BackfillRun | None:
    """A run over these products, for `run`; None if there are none.

    A child product stands for its parent. `colours` and `missing` as in Selection. Raises
    PermissionRefused when `by` may not generate for one of them.
    """
    access.require(by, "generate")
    wanted = {product.parent_id or product.pk for product in products}
    allowed = access.products_for(by, "generate").filter(pk__in=wanted)
    if foreign := wanted - set(allowed.values_list("pk", flat=True)):
        raise PermissionRefused(
            f"{len(foreign)} of the {len(wanted)} products belong to another partner."
        )
    if not wanted:
        return None
    selection = Selection(products=tuple(sorted(wanted)), colours=tuple(colours), missing=missing)
    return start(selection=selection, started_by=by)


def request_products(
    *, products, by, colours: tuple[str, ...] = (), missing: bool = True
) -> list[Outcome]:
    """Ask for the colours of these products at once, on the backfill queue; as `begin`."""
    begun = begin(products=products, by=by, colours=colours, missing=missing)
    return list(run(run=begun)) if begun else []


def _ask(item: PlanItem, run: BackfillRun, *, sync: bool) -> Outcome:
    """Queue (or make) one product's colours; what is wrong with it is its own outcome."""
    if item.reason:
        return Outcome(item=item, code=item.reason)
    try:
        request = request_variants(
            source=item.source,
            targets=list(item.targets),
            requested_by=run.started_by,
            queue=Queue.BACKFILL,
            run=run,
            send=not sync,
        )
    except OscarGanError as error:
        return Outcome(item=item, code=error.code, problem=str(error))
    if sync:
        _make(request.pk)
    return Outcome(item=item, request=request, created=request.created, reused=request.reused)


def _make(request_id) -> None:
    try:
        generation.run(request_id)
    except Exception:
        # Its row says that it failed; the other products need not.
        logger.exception("Request %s failed.", request_id)


def _record(run: BackfillRun, outcome: Outcome) -> bool:
    """Add one product to the run's counts and move its cursor on, in one UPDATE.

    False if the run was cancelled meanwhile: what was just asked for is cancelled, too. A process
    killed before this repeats the product when resumed, which asks for nothing twice.
    """
    if outcome.code:
        _leave_out(run, outcome)
    counts = run.counts
    counts["products"] = counts.get("products", 0) + 1
    if outcome.request is not None:
        counts["asked"] = counts.get("asked", 0) + 1
        counts["created"] = counts.get("created", 0) + outcome.created
        counts["reused"] = counts.get("reused", 0) + outcome.reused
    elif outcome.problem:
        counts["failed"] = dict(Counter(counts.get("failed", {})) + Counter([outcome.code]))
    else:
        counts["skipped"] = dict(Counter(counts.get("skipped", {})) + Counter([outcome.code]))
    run.cursor = outcome.item.product.pk
    going = BackfillRun.objects.filter(pk=run.pk, cancelled_at=None)
    if going.update(cursor=run.cursor, counts=counts):
        return True
    if outcome.request is not None and outcome.created:
        cancel_request(request=outcome.request)
    return False


def _leave_out(run: BackfillRun, outcome: Outcome) -> None:
    """Note why nothing was asked for: one statement, and over the note of an earlier look."""
    product = outcome.item.product
    note = LeftOut(run=run, product=product, code=outcome.code, problem=outcome.problem)
    LeftOut.objects.bulk_create(
        [note],
        update_conflicts=True,
        unique_fields=["run", "product"],
        update_fields=["code", "problem"],
    )


def _settle(run: BackfillRun) -> None:
    """Make what an earlier, killed process of this run held, as soon as its lease runs out."""
    patience = timedelta(seconds=get_config().lease_seconds + 5)
    deadline = timezone.now() + patience
    left_over = run.requests.filter(status__in=GenerationRequest.UNFINISHED)
    while timezone.now() < deadline:
        left = list(left_over.values_list("pk", flat=True)[:100])
        for pk in left:
            _make(pk)
        if not left_over.exists():
            return
        time.sleep(0.5)
