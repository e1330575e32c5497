"""Automatic publishing: the shop's policy is asked after each approval and each picture made."""

from __future__ import annotations

import logging

from ..errors import OscarGanError
from ..models import Publication, PublishingRun, Review, VariantImage
from . import publish_policies, publish_runs, publishing
from .publish_policies import Event, Verdict

logger = logging.getLogger(__name__)


def consider(*, variant: VariantImage, event: str) -> PublishingRun | None:
    """Queue the picture for publishing if the policy says so, for whoever is behind it."""
    verdict = publish_policies.verdict(variant=variant, event=event)
    if not verdict.publish:
        return None
    return publish_runs.add_automatic(
        variant=variant, rule=verdict.rule, for_whom=_person(variant, event)
    )


def withdraw(*, variant: VariantImage) -> int:
    """Revert what the policy published of a picture that was rejected since; returns how many."""
    live = Publication.objects.live().filter(variant=variant, run__automatic=True)
    done = 0
    for publication in live.select_related("variant__product"):
        try:
            publishing.revert(publication=publication, reverted_by=None, automatic=True)
            done += 1
        except OscarGanError as error:
            logger.warning("Publication %s could not be reverted: %s", publication.pk, error)
    return done


def explain(*, variant: VariantImage) -> Verdict | None:
    """The policy's verdict on an approved picture that is not published; None for others."""
    if variant.status != VariantImage.Status.APPROVED:
        return None
    return publish_policies.verdict(variant=variant, event=Event.APPROVED)


def _person(variant: VariantImage, event: str):
    """Who approved or asked for it: nobody else's products are reached."""
    if event == Event.APPROVED:
        approvals = variant.reviews.filter(decision=Review.Decision.APPROVED)
        approval = approvals.select_related("reviewer").last()
        return approval.reviewer if approval else None
    return variant.request.requested_by
