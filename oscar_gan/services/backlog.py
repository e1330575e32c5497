"""Backlog: what waits, what runs, what fell silent; for operators and their monitoring."""

from __future__ import annotations

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from ..models import BackfillRun, GenerationRequest, VariantImage
from ..models.jobs import Queue

Status = GenerationRequest.Status


def backlog() -> dict:
    """Requests per queue, variant images per state and runs to resume, ready for JSON.

    `oldest_seconds` is the age of the oldest waiting request. `silent` counts requests whose
    worker has not been heard of since its lease ran out; if they stay, beat does not run.
    """
    variants = VariantImage.objects.order_by().values_list("status").annotate(Count("pk"))
    runs = BackfillRun.objects.filter(finished_at=None)
    return {
        "queues": {queue.value: _queue(queue) for queue in Queue},
        "variants": dict(variants),
        "runs_to_resume": [str(pk) for pk in runs.values_list("pk", flat=True)[:20]],
    }


def _queue(queue: Queue) -> dict:
    waiting, running = Q(status=Status.QUEUED), Q(status=Status.RUNNING)
    found = GenerationRequest.objects.filter(queue=queue).aggregate(
        queued=Count("pk", filter=waiting),
        running=Count("pk", filter=running),
        silent=Count("pk", filter=running & Q(lease_expires_at__lt=Now())),
        oldest=Min("created_at", filter=waiting),
    )
    oldest = found.pop("oldest")
    seconds = round((timezone.now() - oldest).total_seconds()) if oldest else 0
    return {**found, "oldest_seconds": seconds}
