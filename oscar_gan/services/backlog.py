"""Backlog: what waits, what runs, what fell silent; for operators and their monitoring."""

from __future__ import annotations

from django.db.models import Count, Min, Q, QuerySet
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
        "queues": {
            name: {**row, "oldest_seconds": round(row["oldest_seconds"])}
            for name, row in queues(GenerationRequest.objects.all()).items()
        },
        "variants": dict(variants),
        "runs_to_resume": [str(pk) for pk in runs.values_list("pk", flat=True)[:20]],
    }


def queues(requests: QuerySet) -> dict[str, dict[str, float]]:
    """Of these requests, by queue: `queued`, `running`, `silent`, `oldest_seconds`; one query."""
    waiting, running = Q(status=Status.QUEUED), Q(status=Status.RUNNING)
    unfinished = requests.filter(status__in=GenerationRequest.UNFINISHED)
    rows = (
        unfinished.order_by()
        .values("queue")
        .annotate(
            queued=Count("pk", filter=waiting),
            running=Count("pk", filter=running),
            silent=Count("pk", filter=running & Q(lease_expires_at__lt=Now())),
            oldest=Min("created_at", filter=waiting),
        )
    )
    empty = {"queued": 0, "running": 0, "silent": 0, "oldest_seconds": 0.0}
    found = {queue.value: dict(empty) for queue in Queue}
    for row in rows:
        name, oldest = row.pop("queue"), row.pop("oldest")
        age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
        found[name] = {**row, "oldest_seconds": max(age, 0.0)}
    return found
