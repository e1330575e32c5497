"""What staff made of each generator version's pictures: how many they approved, how exact.

Aggregated in the database, in three queries however many versions and pictures there are. The
median is a true one, by window functions, which SQLite and PostgreSQL share.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from ..models import Review, VariantImage
from .feedback.reasons import IGNORED

Z_95 = 1.959964
"""Standard normal deviate of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class VersionStatistics:
    """Figures of one version; undone decisions count as none."""

    made: int = 0
    """Pictures made, decided or not."""
    approved: int = 0
    rejected: int = 0
    """Rejected for their quality; business reasons do not count."""
    delta_e: float | None = None
    """Median CIEDE2000 between the colour asked for and the colour made."""

    @property
    def decided(self) -> int:
        return self.approved + self.rejected

    @property
    def rate(self) -> float | None:
        """Approved share of the quality decisions, 0 to 1; None without any."""
        return self.approved / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The rate's 95 % interval, 0 to 1; None without decisions."""
        return wilson(self.approved, self.decided) if self.decided else None


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Score interval of a proportion (Wilson, 1927), which holds for few trials too."""
    share = successes / trials
    spread = z * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    middle, scale = share + z**2 / (2 * trials), 1 + z**2 / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def statistics(name: str) -> dict[int, VersionStatistics]:
    """Figures of generator `name`'s versions, by primary key; nothing for who made nothing."""
    made = VariantImage.objects.filter(request__generator__name=name, status__in=VariantImage.MADE)
    counts = (
        made.order_by()
        .values_list("request__generator")
        .annotate(
            total=Count("pk"), approved=Count("pk", filter=Q(status=VariantImage.Status.APPROVED))
        )
    )
    rejected, medians = _rejected_for_quality(name), _medians(made)
    return {
        version: VersionStatistics(total, approved, rejected.get(version, 0), medians[version])
        for version, total, approved in counts
    }


def _rejected_for_quality(name: str) -> dict[int, int]:
    """Rejected pictures by version whose last decision blames the picture."""
    later = Review.objects.filter(variant=OuterRef("variant"), pk__gt=OuterRef("pk"))
    standing = Review.objects.filter(
        ~Exists(later),
        variant__request__generator__name=name,
        variant__status=VariantImage.Status.REJECTED,
        decision=Review.Decision.REJECTED,
    ).exclude(reason__in=IGNORED)
    counts = standing.order_by().values_list("variant__request__generator").annotate(Count("pk"))
    return dict(counts)


def _medians(made) -> dict[int, float]:
    """Median ΔE by version: the database ranks, the one or two in the middle are fetched."""
    version = F("request__generator")
    ranked = made.order_by().annotate(
        rank=Window(RowNumber(), partition_by=version, order_by="delta_e"),
        total=Window(Count("pk"), partition_by=version),
    )
    middle = ranked.filter(rank__gte=F("total") / 2.0, rank__lte=F("total") / 2.0 + 1)
    values = defaultdict(list)
    for key, delta_e in middle.values_list("request__generator", "delta_e"):
        values[key].append(delta_e)
    return {key: fmean(found) for key, found in values.items()}
