"""Signs of life of beat and of workers: one UPDATE each, by the database's clock."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from ..models import Heartbeat

REAPER, SWEEPER, TRAINER = "reap", "sweep", "retrain"


def beat(name: str) -> None:
    """Note that `name` is alive now."""
    if not Heartbeat.objects.filter(pk=name).update(at=Now()):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, at=Now())], ignore_conflicts=True)


def queue_name(queue: str) -> str:
    """The name under which a queue's worker answers probes."""
    return f"queue:{queue}"


def ages() -> dict[str, float]:
    """Seconds since the last beat of each name that ever beat."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    rows = Heartbeat.objects.annotate(age=age).values_list("name", "age")
    return {name: max(since, timedelta()).total_seconds() for name, since in rows}
