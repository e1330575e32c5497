"""How much has been decided since the last training: cheap enough for a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from ...conf import get_config
from ...models import Matte, Review, TrainingRun, VariantImage
from .evidence import standing
from .exclusions import opted_out
from .reasons import OUTLINE, QUALITY


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a training would learn from, beside what the settings ask for."""

    approved: int
    rejected: dict[str, int]
    """Rejections for quality, by reason."""
    ignored: dict[str, int]
    """Rejections that teach nothing, by reason."""
    photos: int
    """Photos with a trusted outline, at most: freezing also looks at who decided."""
    wanted: int
    """`retrain_min_decisions`"""
    wanted_photos: int
    """`retrain_min_photos`"""

    @property
    def total(self) -> int:
        """Quality decisions since the last training."""
        return self.approved + sum(self.rejected.values())

    @property
    def enough_photos(self) -> bool:
        """Whether somebody may start a training."""
        return self.photos >= self.wanted_photos

    @property
    def enough(self) -> bool:
        """Whether the schedule starts one."""
        return self.total >= self.wanted and self.enough_photos

    @property
    def why_not(self) -> str:
        """What is missing, in English; empty when nothing is."""
        missing = []
        if self.total < self.wanted:
            missing.append(f"{self.total} of {self.wanted} new decisions")
        if not self.enough_photos:
            missing.append(f"{self.photos} of {self.wanted_photos} photos with a trusted outline")
        return "; ".join(missing)


def new_decisions(name: str) -> Decisions:
    """Standing decisions about generator `name` since its newest training; three queries."""
    config = get_config()
    new = standing(name).filter(pk__gt=newest_learnt(name)).order_by()
    counts = {
        (decision, reason): count
        for decision, reason, count in new.values_list("decision", "reason").annotate(Count("pk"))
    }
    rejected = {
        reason: count
        for (decision, reason), count in sorted(counts.items())
        if decision == Review.Decision.REJECTED
    }
    return Decisions(
        approved=counts.get((Review.Decision.APPROVED, ""), 0),
        rejected={reason: count for reason, count in rejected.items() if reason in QUALITY},
        ignored={reason: count for reason, count in rejected.items() if reason not in QUALITY},
        photos=_photos(name),
        wanted=config.retrain_min_decisions,
        wanted_photos=config.retrain_min_photos,
    )


def newest_learnt(name: str) -> int:
    """Primary key of the newest review that a finished training of `name` took in; 0: none."""
    done = TrainingRun.objects.filter(name=name, status=TrainingRun.Status.DONE)
    return done.order_by("-created_at").values_list("newest_review", flat=True).first() or 0


def _photos(name: str) -> int:
    """Photos whose outline staff drew, or the generator found and nobody rejected."""
    usable = Q(source__isnull=False, source__gan_published=None)
    out = opted_out().values("pk")
    drawn = Matte.objects.filter(usable, origin=Matte.Origin.STAFF)
    faulty = VariantImage.objects.filter(
        usable, status=VariantImage.Status.REJECTED, reviews__reason__in=OUTLINE
    )
    found = VariantImage.objects.approved().filter(
        usable,
        ~Q(source__in=faulty.values("source")),
        Q(request__matte=None) | Q(request__matte__origin=Matte.Origin.ANALYSER),
        request__generator__name=name,
    )
    return (
        drawn.exclude(source__product__in=out)
        .values("source_digest")
        .order_by()
        .union(found.exclude(source__product__in=out).values("source_digest").order_by())
        .count()
    )
