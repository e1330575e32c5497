"""Logs the deeds that leave rows of their own, whichever service wrote them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.signals import post_save
from django.dispatch import receiver

from .. import signals
from ..models import AuditEvent, GeneratorEvent, Matte, Publication, Quota, Review
from . import audit

Action = audit.Action
_DECISIONS = {
    Review.Decision.APPROVED: Action.APPROVED,
    Review.Decision.REJECTED: Action.REJECTED,
    Review.Decision.UNDONE: Action.UNDONE,
}


@receiver(post_save, sender=Review, dispatch_uid="oscar_gan.audit.review")
def _reviewed(instance: Review, created: bool, raw: bool, **kwargs) -> None:
    if created and not raw:
        decided = _DECISIONS[instance.decision]
        _log(decided, instance.reviewer, instance.variant, after=instance.reason)


@receiver(post_save, sender=Matte, dispatch_uid="oscar_gan.audit.matte")
def _drawn(instance: Matte, created: bool, raw: bool, **kwargs) -> None:
    if created and not raw and instance.origin == Matte.Origin.STAFF:
        audit.record(
            action=Action.MATTE_SAVED,
            by=instance.created_by,
            thing=instance,
            product=instance.source.product,
            after={"photo": instance.source_id, "digest": instance.digest},
        )


@receiver(post_save, sender=GeneratorEvent, dispatch_uid="oscar_gan.audit.generator")
def _decided(instance: GeneratorEvent, created: bool, raw: bool, **kwargs) -> None:
    if created and not raw:
        audit.record(
            action=Action.GENERATOR,
            by=instance.by,
            thing=instance.version,
            name=str(instance),
            before=instance.previous.digest if instance.previous else None,
            after={"kind": instance.kind, "note": instance.note},
            generator=instance.version.digest,
        )


@receiver(signals.variant_published, dispatch_uid="oscar_gan.audit.published")
def _published(publication: Publication, **kwargs) -> None:
    before = {pk: [row["id"] for row in rows] for pk, rows in publication.before.items()}
    after = {str(image.product_id): [image.image_id] for image in publication.images.all()}
    by = publication.published_by
    _log(Action.PUBLISHED, by, publication.variant, before=before, after=after)


@receiver(signals.variant_reverted, dispatch_uid="oscar_gan.audit.reverted")
def _reverted(publication: Publication, **kwargs) -> None:
    before = {"publication": publication.pk, "files": publication.images.count()}
    _log(Action.REVERTED, publication.reverted_by, publication.variant, before=before)


def log_quota(*, quota: Quota, by, before: int | None) -> None:
    """Log that a user's or partner's own limit was set; numbers a day, None without limit."""
    audit.record(
        action=Action.QUOTA_CHANGED, by=by, thing=quota, before=before, after=quota.per_day
    )


def log_reviews(reviews: Iterable[Review]) -> None:
    """Log decisions that were created in bulk, in one query."""
    AuditEvent.objects.bulk_create(
        audit.entry(**_about(_DECISIONS[each.decision], each.reviewer, each.variant, each.reason))
        for each in reviews
    )


def _log(action: str, by, variant, after=None, **what) -> None:
    audit.record(**_about(action, by, variant, after), **what)


def _about(action: str, by, variant, after) -> dict:
    return {
        "action": action,
        "by": by,
        "thing": variant,
        "name": variant.label,
        "product": variant.product,
        "recipe": variant.recipe_digest,
        "generator": variant.recipe.get("generator", {}).get("digest", ""),
        "after": after or None,
    }
