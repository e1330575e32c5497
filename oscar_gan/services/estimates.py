"""Estimates: how long, how big, how many jobs before it; from what this shop has measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Sum
from django.db.models.functions import Now

from ..conf import get_config
from ..models import GenerationRequest, VariantImage
from ..models.jobs import Queue

RECENT = 50
"""Latest results that the figures are taken from."""
_BYTES_PER_VARIANT = 600_000  # a 4-megapixel JPEG, until the shop has files of its own


@dataclass(frozen=True)
class Estimate:
    """What pictures will cost: seconds of work and of waiting, bytes, jobs waiting before them."""

    seconds: float
    size: int
    ahead: int
    wait: float = 0.0

    @property
    def total(self) -> float:
        """Seconds from now until the last picture is there."""
        return self.wait + self.seconds


@dataclass(frozen=True)
class Pace:
    """What this shop measured: seconds per picture and per photo, bytes per picture."""

    variant: float
    photo: float
    size: int


def pace() -> Pace:
    """The medians of the latest results; the settings' figures until there are some."""
    made = VariantImage.objects.filter(seconds__isnull=False).order_by("-finished_at")
    seconds, sizes = _columns(made.values_list("seconds", "size")[:RECENT])
    return Pace(
        variant=median(seconds) if seconds else get_config().seconds_per_variant,
        photo=_seconds_per_photo(),
        size=round(median(sizes)) if sizes else _BYTES_PER_VARIANT,
    )


def estimate(
    *, variants: int, photos: int = 1, queue: str = Queue.INTERACTIVE, measured: Pace | None = None
) -> Estimate:
    """What `variants` more of `photos` would take, behind what waits in the queue now.

    `measured`: figures at hand already.
    """
    measured = measured or pace()
    waiting = GenerationRequest.objects.filter(
        queue=queue, status__in=GenerationRequest.UNFINISHED
    ).filter(variants__status__in=VariantImage.UNFINISHED)
    found = waiting.aggregate(jobs=Count("pk", distinct=True), variants=Count("variants"))
    work = found["variants"] * measured.variant + found["jobs"] * measured.photo
    return Estimate(
        seconds=variants * measured.variant + (photos * measured.photo if variants else 0),
        size=variants * measured.size,
        ahead=found["jobs"],
        wait=work / _workers(queue),
    )


def _workers(queue: str) -> int:
    """Workers on this queue, judged by what runs now; one at least."""
    running = GenerationRequest.objects.filter(
        queue=queue,
        status=GenerationRequest.Status.RUNNING,
        lease_expires_at__gt=Now(),
    )
    return max(1, running.count())


def _seconds_per_photo() -> float:
    """Decoding and analysis: what a request took beside its pictures."""
    done = GenerationRequest.objects.filter(
        status=GenerationRequest.Status.DONE,
        attempts=1,
        claimed_at__isnull=False,
        finished_at__isnull=False,
    )
    latest = list(done.order_by("-finished_at").values_list("pk", flat=True)[:RECENT])
    taken = (
        GenerationRequest.objects.filter(pk__in=latest)
        .annotate(made=Sum("variants__seconds"))
        .values_list("claimed_at", "finished_at", "made")
    )
    beside = [
        (finished - claimed).total_seconds() - made
        for claimed, finished, made in taken
        if made is not None
    ]
    return max(0.0, median(beside)) if beside else 0.0


def _columns(rows) -> tuple[list[float], list[int]]:
    rows = list(rows)
    return [seconds for seconds, _size in rows], [size for _seconds, size in rows if size]
