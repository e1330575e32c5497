"""Bulk runs: how far each is, when it will be through, and cancelling all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import InvalidTransition, PermissionRefused
from ..models import BackfillRun, GenerationRequest, VariantImage
from ..models.jobs import Queue
from . import access, audit, estimates, quotas

Status = VariantImage.Status
RECENTLY = timedelta(minutes=10)
"""The pace of a run is what it finished in this time."""
PLANNING = timedelta(minutes=1)
"""A run that has nothing left and asked for nothing in this time is not planned any more."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run stands. `seconds_left` is None while nothing is left or nobody can say."""

    state: str
    """working, paused, stopped (to be resumed), finished or cancelled."""
    statuses: dict[str, int]
    counts: dict
    total: int
    done: int
    seconds_left: float | None

    @property
    def percent(self) -> int:
        return int(100 * self.done / self.total) if self.total else 0


def runs_for(user) -> QuerySet:
    """Runs that `user` may see: staff who may look, all; partner staff, their own."""
    if not access.may(user, "view"):
        return BackfillRun.objects.none()
    runs = BackfillRun.objects.select_related("started_by")
    return runs if user.is_staff else runs.filter(started_by=user)


def results(*, run: BackfillRun) -> dict[str, int]:
    """How many variant images of the run are in which state."""
    variants = VariantImage.objects.filter(request__run=run).order_by()
    return dict(variants.values_list("status").annotate(Count("pk")))


def progress(*, run: BackfillRun) -> Progress:
    """Counts by state, and the time left by what the run itself finished lately."""
    statuses = results(run=run)
    total = sum(statuses.values())
    left = sum(statuses.get(status, 0) for status in VariantImage.UNFINISHED)
    return Progress(
        state=_state(run, left),
        statuses=statuses,
        counts=run.counts,
        total=total,
        done=total - left,
        seconds_left=_seconds_left(run, left) if left and not run.paused_at else None,
    )


def cancel_run(*, run: BackfillRun, by) -> int:
    """Ask for no further product, and cancel what is not made yet; how many pictures that were.

    A picture that is being made is dropped when it is ready. Raises InvalidTransition when the run
    is over.
    """
    _require(by, run)
    with transaction.atomic():
        # First: whoever plans the run sees it with the next product.
        going = BackfillRun.objects.filter(pk=run.pk, cancelled_at=None)
        unfinished = VariantImage.objects.unfinished().filter(request__run=run)
        over = run.finished_at is not None and not unfinished.exists()
        if over or not going.update(cancelled_at=Now()):
            raise InvalidTransition("This run is over; there is nothing to cancel.")
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        untouched = unfinished.filter(status=Status.QUEUED, request__created_at__gte=midnight)
        quotas.give_back(user=run.started_by, count=untouched.count(), asked_at=midnight)
        cancelled = unfinished.update(status=Status.CANCELLED, finished_at=Now())
        run.requests.filter(status=GenerationRequest.Status.QUEUED).update(
            status=GenerationRequest.Status.CANCELLED, finished_at=Now()
        )
        audit.record(action=audit.Action.RUN_CANCELLED, by=by, thing=run, before=cancelled)
    run.refresh_from_db()
    return cancelled


def pause_run(*, run: BackfillRun, by) -> None:
    """Begin no further picture of this run until `continue_run`; those in work are finished.

    Raises InvalidTransition when the run is over, cancelled or paused already.
    """
    _require(by, run)
    unfinished = VariantImage.objects.unfinished().filter(request__run=run)
    going = BackfillRun.objects.filter(pk=run.pk, cancelled_at=None, paused_at=None)
    over = run.finished_at is not None and not unfinished.exists()
    with transaction.atomic():
        if over or not going.update(paused_at=Now()):
            raise InvalidTransition(_("This run is not going on; there is nothing to pause."))
        audit.record(action=audit.Action.RUN_PAUSED, by=by, thing=run)
    run.refresh_from_db()


def continue_run(*, run: BackfillRun, by) -> None:
    """Go on with a paused run. Raises InvalidTransition when it is not paused."""
    _require(by, run)
    with transaction.atomic():
        paused = BackfillRun.objects.filter(pk=run.pk, paused_at__isnull=False)
        if not paused.update(paused_at=None):
            raise InvalidTransition(_("This run is not paused."))
        # Workers threw the messages away meanwhile; the reaper sends what has none.
        run.requests.filter(status=GenerationRequest.Status.QUEUED).update(dispatched_at=None)
        audit.record(action=audit.Action.RUN_CONTINUED, by=by, thing=run)
    run.refresh_from_db()


def is_paused(run: BackfillRun) -> bool:
    """Whether somebody has paused the run meanwhile."""
    runs = BackfillRun.objects.filter(pk=run.pk, cancelled_at=None)
    return runs.filter(paused_at__isnull=False).exists()


def is_cancelled(run: BackfillRun) -> bool:
    """Whether somebody has cancelled the run meanwhile."""
    return BackfillRun.objects.filter(pk=run.pk, cancelled_at__isnull=False).exists()


def may_cancel(user, run: BackfillRun) -> bool:
    """Whether `user` may cancel `run`: staff who generate, and whoever started it."""
    return access.may(user, "generate") and (user.is_staff or run.started_by_id == user.pk)


def _require(user, run: BackfillRun) -> None:
    access.require(user, "generate")
    if not may_cancel(user, run):
        raise PermissionRefused("Somebody else started this run.")


def _state(run: BackfillRun, left: int) -> str:
    if run.cancelled_at:
        return "cancelled"
    if run.paused_at and (left or not run.finished_at):
        return "paused"
    if run.finished_at:
        return "working" if left else "finished"
    # Whoever plans it writes a request now and then; a row that says so would cost one each.
    lately = timezone.now() - PLANNING
    planned = run.created_at > lately or run.requests.filter(created_at__gt=lately).exists()
    return "working" if left or planned else "stopped"


def _seconds_left(run: BackfillRun, left: int) -> float:
    """By the run's own pace of the last minutes; by the shop's figures until it has one."""
    since = max(run.created_at, timezone.now() - RECENTLY)
    made = VariantImage.objects.filter(request__run=run, finished_at__gte=since)
    lately = made.exclude(status=Status.CANCELLED).count()
    if lately >= 3:
        return left * (timezone.now() - since).total_seconds() / lately
    measured = estimates.pace()
    photos = run.requests.filter(status__in=GenerationRequest.UNFINISHED).filter(
        Q(variants__status__in=VariantImage.UNFINISHED)
    )
    ahead = estimates.estimate(variants=0, queue=Queue.BACKFILL, measured=measured)
    own = left * measured.variant + photos.distinct().count() * measured.photo
    return max(own, ahead.wait)
