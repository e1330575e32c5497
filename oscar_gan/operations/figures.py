"""Figures for monitoring, one query each, cheap on millions of rows; see docs/operations.md.

States and reasons are counted over all rows, and that is remembered for a minute. Histograms are
of the last hour, by an index: pictures may be made again, so nothing over all time only grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.utils import timezone
from oscar.core.loading import get_model

from ..models import (
    GenerationRequest,
    GeneratorVersion,
    Publication,
    Review,
    TrainingRun,
    VariantImage,
)
from ..services import backlog, renditions

WINDOW = timedelta(hours=1)
MOST_REQUESTS = 2000
"""Requests of the window that phases are taken from, the latest."""
REMEMBERED = 60
"""Seconds that what is counted over all rows holds."""
SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
"""Bounds of phases, seconds."""
DELTA_E = (0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10)
"""Bounds of colour errors, CIEDE2000."""
Status = GenerationRequest.Status


@dataclass(frozen=True)
class Histogram:
    """How many values are at most each bound, all of them, and their sum."""

    bounds: tuple[float, ...]
    cumulative: tuple[int, ...]
    count: int
    total: float


def queues() -> dict[str, dict[str, float]]:
    """By queue: requests queued, running and silent, and the age of the oldest one queued (s)."""
    return backlog.queues(GenerationRequest.objects.all())


def remembered(figure: Callable):
    """The figure as it was at most REMEMBERED seconds ago, in the shop's cache."""
    return cache.get_or_set(f"oscar_gan.figures.{figure.__name__}", figure, REMEMBERED)


def counted(model, *fields: str, **narrowed) -> list[tuple]:
    """(value of each field, …, how many rows), for the states of a model."""
    rows = model.objects.filter(**narrowed).order_by().values_list(*fields)
    return list(rows.annotate(count=Count("pk")))


def by_state(model) -> list[tuple]:
    """(state, how many), for every state there is."""
    return list(
        {**dict.fromkeys(model.Status.values, 0), **dict(counted(model, "status"))}.items()
    )


def variants() -> list[tuple]:
    return by_state(VariantImage)


def problems() -> list[tuple]:
    """(state, code, how many) of what was refused and of what failed."""
    unmade = (VariantImage.Status.REFUSED, VariantImage.Status.FAILED)
    return counted(VariantImage, "status", "problem_code", status__in=unmade)


def requests() -> list[tuple]:
    return by_state(GenerationRequest)


def trainings() -> list[tuple]:
    return by_state(TrainingRun)


def decisions() -> list[tuple]:
    """(decision, reason, how many): the log only grows."""
    return counted(Review, "decision", "reason")


def publications() -> dict[str, int]:
    """How many were made, and how many of them are still to be seen."""
    return Publication.objects.aggregate(
        made=Count("pk"), live=Count("pk", filter=Q(reverted_at=None))
    )


def pictures() -> dict[str, Histogram]:
    """Seconds and ΔE of the variant images finished in the window."""
    since = timezone.now() - WINDOW
    recent = VariantImage.objects.filter(seconds__isnull=False, finished_at__gte=since)
    columns = {"seconds": SECONDS, "delta_e": DELTA_E}
    asked = {}
    for column, bounds in columns.items():
        asked |= {
            f"{column}_{number}": Count("pk", filter=Q(**{f"{column}__lte": bound}))
            for number, bound in enumerate(bounds)
        }
        asked |= {f"{column}_count": Count(column), f"{column}_total": Sum(column)}
    found = recent.aggregate(**asked)
    return {
        column: Histogram(
            bounds,
            tuple(found[f"{column}_{number}"] for number in range(len(bounds))),
            found[f"{column}_count"],
            found[f"{column}_total"] or 0.0,
        )
        for column, bounds in columns.items()
    }


def phases() -> dict[str, Histogram]:
    """Seconds that requests finished in the window waited for a worker, and were analysed."""
    done = GenerationRequest.objects.filter(
        status=Status.DONE, attempts=1, finished_at__gte=timezone.now() - WINDOW
    )
    latest = done.order_by("-finished_at").values("pk")[:MOST_REQUESTS]
    rows = (
        GenerationRequest.objects.filter(pk__in=latest, claimed_at__isnull=False)
        .order_by()
        .annotate(made=Sum("variants__seconds"))
        .values_list("created_at", "claimed_at", "finished_at", "made")
    )
    waited, analysed = [], []
    for created, claimed, finished, made in rows:
        waited.append((claimed - created).total_seconds())
        analysed.append((finished - claimed).total_seconds() - (made or 0.0))
    return {"wait": _histogram(waited), "analyse": _histogram(analysed)}


def decision_times() -> Histogram:
    """Seconds from a picture's end to the decision on it, of the latest decisions."""
    latest = Review.objects.order_by("-pk").values("pk")[:MOST_REQUESTS]
    rows = Review.objects.filter(
        pk__in=latest, created_at__gte=timezone.now() - WINDOW, variant__finished_at__isnull=False
    ).order_by()
    pairs = rows.values_list("created_at", "variant__finished_at")
    return _histogram((decided - made).total_seconds() for decided, made in pairs)


def _histogram(values: Iterable[float], bounds: tuple[float, ...] = SECONDS) -> Histogram:
    values = [max(0.0, value) for value in values]
    below = tuple(sum(value <= bound for value in values) for bound in bounds)
    return Histogram(bounds, below, len(values), sum(values))


def renditions_missing() -> int:
    """Product pictures that pages show through Oscar's thumbnailer instead."""
    return renditions.without(get_model("catalogue", "ProductImage").objects.all()).count()


def champions() -> Iterable[dict]:
    """Name, label, digest and whether it is pinned, of each version that serves."""
    serving = GeneratorVersion.objects.filter(status=GeneratorVersion.Status.CHAMPION)
    return serving.order_by("name").values("name", "version", "digest", "pinned")
