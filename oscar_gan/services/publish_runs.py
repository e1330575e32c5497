"""Publishing runs: many approved pictures by one rule, in a worker, and taken back together.

Each picture is a transaction of its own, so what is wrong with one is its own outcome. A run that
is started twice, or again after its worker died, publishes nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.db import Error as DatabaseProblem
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from .. import signals
from ..conf import get_config
from ..errors import InvalidRequest, OscarGanError
from ..models import BackfillRun, Publication, PublishingItem, PublishingRun, VariantImage
from . import access, dispatch, publishing
from .announcing import announce
from .publish_rules import Rule

logger = logging.getLogger(__name__)
TASK = "oscar_gan.publish_run"


def publishable(*, by, backfill: BackfillRun | None = None, ids: Iterable[int] = ()):
    """Approved, unpublished variant images that `by` may publish: of a bulk run, or by id."""
    products = access.products_for(by, "publish").values("pk")
    variants = VariantImage.objects.approved().filter(product__in=products)
    variants = variants.exclude(publications__in=Publication.objects.live())
    if backfill is not None:
        return variants.filter(request__run=backfill).order_by("product_id", "pk")
    return variants.filter(pk__in=list(ids)).order_by("product_id", "pk")


@transaction.atomic
def start(
    *, variants: Iterable[VariantImage], rule: Rule, started_by, backfill=None
) -> PublishingRun:
    """Queue a run over these variant images; raises InvalidRequest when there are none."""
    access.require(started_by, "publish")
    run = PublishingRun.objects.create(
        rule=rule.to_json(), started_by=started_by, backfill=backfill
    )
    items = [PublishingItem(run=run, variant=variant) for variant in variants]
    if not items:
        raise InvalidRequest("No approved picture is left to publish here; reload the page.")
    PublishingItem.objects.bulk_create(items, batch_size=500)
    transaction.on_commit(partial(send, run.pk))
    return run


@transaction.atomic
def add_automatic(*, variant: VariantImage, rule: Rule, for_whom) -> PublishingRun:
    """Queue a picture for the shop's policy: in the run that is open for this person and rule."""
    opened = PublishingRun.objects.select_for_update().filter(
        automatic=True, started_by=for_whom, rule=rule.to_json(), finished_at=None
    )
    run = opened.first() or PublishingRun.objects.create(
        rule=rule.to_json(), started_by=for_whom, automatic=True
    )
    PublishingItem.objects.get_or_create(run=run, variant=variant)
    transaction.on_commit(partial(send, run.pk))
    return run


def send(run_id) -> None:
    """Wake a worker up; a message that is lost is sent again by `reap`."""
    PublishingRun.objects.filter(pk=run_id).update(touched_at=Now())
    dispatch.send_task(TASK, str(run_id), queue="housekeeping")


def work(run_id) -> None:
    """Publish what is left of a run; one that is finished is skipped."""
    run = PublishingRun.objects.filter(pk=run_id, finished_at=None).first()
    while run is not None and not _finish(run):
        item = run.items.filter(done_at=None).select_related("variant__product__parent").first()
        if item is not None:
            _publish(run, item)


def reap() -> int:
    """Send the runs again that nobody worked on for a while; returns how many."""
    silent = Now() - timedelta(seconds=get_config().lease_seconds)
    lost = PublishingRun.objects.filter(finished_at=None, touched_at__lt=silent)
    ids = list(lost.values_list("pk", flat=True)[:100])
    for run_id in ids:
        send(run_id)
    return len(ids)


def revert(*, run: PublishingRun, reverted_by) -> list[tuple[PublishingItem, str]]:
    """Take back all that a run published, newest first; returns what could not be, and why.

    What is reverted already is left alone, so that doing it twice changes nothing.
    """
    access.require(reverted_by, "publish")
    problems = []
    items = run.items.filter(publication__reverted_at=None).exclude(publication=None)
    for item in items.select_related("publication__variant__product").order_by("-pk"):
        try:
            publishing.revert(publication=item.publication, reverted_by=reverted_by)
        except OscarGanError as error:
            problems.append((item, str(error)))
    if not problems:
        left = PublishingRun.objects.filter(pk=run.pk, reverted_at=None)
        left.update(reverted_at=timezone.now(), reverted_by=reverted_by)
        run.refresh_from_db()
    return problems


def counts(*, run: PublishingRun) -> dict[str, int]:
    """How many items of a run there are: in all, published, reverted since, failed, left."""
    live = Q(publication__isnull=False, publication__reverted_at=None)
    return run.items.aggregate(
        total=Count("pk"),
        published=Count("pk", filter=live),
        reverted=Count("pk", filter=Q(publication__reverted_at__isnull=False)),
        failed=Count("pk", filter=~Q(code="")),
        left=Count("pk", filter=Q(done_at=None)),
    )


def _publish(run: PublishingRun, item: PublishingItem) -> None:
    try:
        outcome = {"publication": _published(run, item)}
    except OscarGanError as error:
        # Another worker may have been faster with the very same item.
        publication = run.publications.live().filter(variant=item.variant).first()
        problem = {"code": error.code, "problem": str(error)}
        outcome = {"publication": publication} if publication else problem
    except DatabaseProblem:
        raise  # the run is sent again
    except Exception:
        logger.exception("Item %s of publishing run %s broke.", item.pk, run.pk)
        outcome = {"code": "internal", "problem": "Internal error; see the worker's log."}
    PublishingItem.objects.filter(pk=item.pk).update(done_at=Now(), **outcome)
    PublishingRun.objects.filter(pk=run.pk).update(touched_at=Now())


def _published(run: PublishingRun, item: PublishingItem) -> Publication:
    return publishing.publish(
        variant=item.variant, published_by=run.started_by, run=run, **run.rule
    )


@transaction.atomic
def _finish(run: PublishingRun) -> bool:
    """Close the run unless something is left; the policy adds to open runs only."""
    locked = PublishingRun.objects.select_for_update().get(pk=run.pk)
    if locked.finished_at is None:
        if locked.items.filter(done_at=None).exists():
            return False
        locked.finished_at = timezone.now()
        locked.save(update_fields=["finished_at"])
        announce(signals.publishing_finished, run=locked)
    return True
