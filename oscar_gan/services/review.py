"""Review: people approve or reject variant images, and may change their minds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from .. import signals
from ..errors import InvalidRequest, InvalidTransition
from ..models import Publication, Review, VariantImage
from . import access, audit_trail
from .announcing import announce

Status = VariantImage.Status
Decision = Review.Decision
MAX_AT_ONCE = 200
"""Most pictures that one request may decide about."""
_FROM = {
    Decision.APPROVED: (Status.AWAITING_REVIEW,),
    Decision.REJECTED: (Status.AWAITING_REVIEW,),
    Decision.UNDONE: (Status.APPROVED, Status.REJECTED),
}

PRUNED = "The file of this picture was deleted to save space; ask for the colour again."


@dataclass(frozen=True)
class Outcome:
    """What became of one of many: the picture as it is now, and why nothing was done, if so."""

    variant: VariantImage
    problem: str = ""


def approve(*, variant: VariantImage, reviewer, comment: str = "") -> Review:
    """Approve a variant image that awaits review."""
    return _decide(variant, reviewer, Decision.APPROVED, comment=comment)


def reject(*, variant: VariantImage, reviewer, reason: str, comment: str = "") -> Review:
    """Reject a variant image that awaits review, with one of Review.Reason."""
    _check_reason(reason)
    return _decide(variant, reviewer, Decision.REJECTED, reason=reason, comment=comment)


@transaction.atomic
def decide_many(
    *, variants: Collection[int], reviewer, decision: str, reason: str = ""
) -> list[Outcome]:
    """Approve, reject (with one of Review.Reason) or undo many at once, by their ids.

    Each has its own outcome, in the order of ids; those that cannot be decided stay as they are
    and the others are decided all the same. What is not there, or is another partner's, is left
    out of the outcomes. The number of queries does not depend on how many there are.
    """
    access.require(reviewer, "review")
    if decision not in _FROM:
        raise InvalidRequest(f"{decision!r} is no decision; choose from: {', '.join(_FROM)}.")
    if decision == Decision.REJECTED:
        _check_reason(reason)
    if len(variants) > MAX_AT_ONCE:
        raise InvalidRequest(
            f"{len(variants)} pictures were chosen at once; the limit is {MAX_AT_ONCE}."
            " Decide in several steps."
        )
    products = access.products_for(reviewer, "review").values("pk")
    # Locked in one order, so that two people who choose the same ones never wait for each other.
    found = list(
        VariantImage.objects.select_for_update(of=("self",))
        .select_related("product")
        .filter(pk__in=variants, product__in=products)
        .order_by("pk")
    )
    problems = _problems(found, decision)
    open_ones = [variant for variant in found if variant.pk not in problems]
    status = Status.AWAITING_REVIEW if decision == Decision.UNDONE else Status(decision)
    VariantImage.objects.filter(pk__in=[each.pk for each in open_ones]).update(status=status)
    reviews = Review.objects.bulk_create(
        Review(variant=variant, decision=decision, reason=reason, reviewer=reviewer)
        for variant in open_ones
    )
    audit_trail.log_reviews(reviews)  # what is created in bulk sends no signal
    for variant in open_ones:
        variant.status = status
        _announce(variant, decision)
    return [Outcome(variant, problems.get(variant.pk, "")) for variant in found]


def approve_take(*, variant: VariantImage, reviewer) -> Review:
    """Approve an earlier take: one that awaits review, or one that was rejected before."""
    with transaction.atomic():
        if variant.status == Status.REJECTED:
            undo(variant=variant, reviewer=reviewer)
        return approve(variant=variant, reviewer=reviewer)


@transaction.atomic
def undo(*, variant: VariantImage, reviewer) -> Review:
    """Take a decision back; a published variant image must be reverted first."""
    access.require(reviewer, "review", variant.product)
    VariantImage.objects.select_for_update().get(pk=variant.pk)
    if variant.publications.live().exists():
        raise InvalidTransition("This picture is published; revert its publication first.")
    if variant.pruned_at:
        raise InvalidTransition(PRUNED)
    decided = VariantImage.objects.filter(
        pk=variant.pk, status__in=[Status.APPROVED, Status.REJECTED], pruned_at=None
    )
    if not decided.update(status=Status.AWAITING_REVIEW):
        raise InvalidTransition("Nobody has decided about this picture yet.")
    variant.refresh_from_db()
    _announce(variant, Decision.UNDONE)
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
    _announce(variant, decision)
    return review


def _check_reason(reason: str) -> None:
    if reason not in Review.Reason.values:
        raise InvalidRequest(
            f"{reason!r} is not a reason; choose from: {', '.join(Review.Reason.values)}."
        )


def _problems(variants: list[VariantImage], decision: str) -> dict[int, str]:
    """Why some of these cannot be decided so, by their ids."""
    problems = {
        variant.pk: f"This picture is {variant.get_status_display().lower()}."
        for variant in variants
        if variant.status not in _FROM[decision]
    }
    if decision == Decision.UNDONE:
        problems |= {variant.pk: PRUNED for variant in variants if variant.pruned_at}
        live = Publication.objects.live().filter(variant__in=variants)
        for pk in live.values_list("variant", flat=True):
            problems[pk] = "This picture is published; revert its publication first."
    return problems


def _announce(variant: VariantImage, decision: str) -> None:
    """Tell the shop after the commit."""
    heard = {
        Decision.APPROVED: signals.variant_approved,
        Decision.REJECTED: signals.variant_rejected,
        Decision.UNDONE: signals.variant_undone,
    }
    announce(heard[decision], variant=variant)
