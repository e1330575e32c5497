"""Review: people approve or reject variant images, and may change their minds."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from .. import signals
from ..errors import InvalidRequest, InvalidTransition
from ..models import Review, VariantImage
from . import access

Status = VariantImage.Status
Decision = Review.Decision


def approve(*, variant: VariantImage, reviewer, comment: str = "") -> Review:
    """Approve a variant image that awaits review."""
    return _decide(variant, reviewer, Decision.APPROVED, comment=comment)


def reject(*, variant: VariantImage, reviewer, reason: str, comment: str = "") -> Review:
    """Reject a variant image that awaits review, with one of Review.Reason."""
    if reason not in Review.Reason.values:
        raise InvalidRequest(
            f"{reason!r} is not a reason; choose from: {', '.join(Review.Reason.values)}."
        )
    return _decide(variant, reviewer, Decision.REJECTED, reason=reason, comment=comment)


@transaction.atomic
def undo(*, variant: VariantImage, reviewer) -> Review:
    """Take a decision back; a published variant image must be reverted first."""
    access.require(reviewer, "review", variant.product)
    VariantImage.objects.select_for_update().get(pk=variant.pk)
    if variant.publications.live().exists():
        raise InvalidTransition("This picture is published; revert its publication first.")
    decided = VariantImage.objects.filter(
        pk=variant.pk, status__in=[Status.APPROVED, Status.REJECTED]
    )
    if not decided.update(status=Status.AWAITING_REVIEW):
        raise InvalidTransition("Nobody has decided about this picture yet.")
    variant.refresh_from_db()
    return Review.objects.create(variant=variant, decision=Decision.UNDONE, reviewer=reviewer)


@transaction.atomic
def _decide(variant, reviewer, decision: str, *, reason: str = "", comment: str = "") -> Review:
    access.require(reviewer, "review", variant.product)
    waiting = VariantImage.objects.awaiting_review().filter(pk=variant.pk)
    if not waiting.update(status=decision):
        variant.refresh_from_db()
        raise InvalidTransition(
            f"This picture is not awaiting review any more: {variant.get_status_display()}."
        )
    variant.refresh_from_db()
    review = Review.objects.create(
        variant=variant, decision=decision, reason=reason, comment=comment, reviewer=reviewer
    )
    signal = (
        signals.variant_approved if decision == Decision.APPROVED else signals.variant_rejected
    )
    transaction.on_commit(partial(signal.send_robust, sender=VariantImage, variant=variant))
    return review
