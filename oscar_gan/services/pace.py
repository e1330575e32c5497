"""Pace: how many seconds a decision takes, read from the log of decisions.

A step is the time between a decision of one person and what that person decided before it. Steps
of more than a minute are breaks and are left out. So are steps of less than a tenth of a second:
nobody decides that fast, these were decided together in one request, which counts as one decision.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from django.db.models import QuerySet

from ..models import Review

BREAK_SECONDS = 60.0
TOGETHER_SECONDS = 0.1
LATEST = 1000
"""Entries of the log that are looked at."""


@dataclass(frozen=True)
class Pace:
    """The median of `count` steps, in seconds."""

    seconds: float
    count: int


def pace_of(reviewer) -> Pace | None:
    """The pace of one person's latest decisions; None before there were two in a row."""
    return _pace(Review.objects.filter(reviewer=reviewer))


def pace_of_all() -> Pace | None:
    """The pace of everybody's latest decisions."""
    return _pace(Review.objects.exclude(reviewer=None))


def _pace(reviews: QuerySet) -> Pace | None:
    log = reviews.order_by("-pk").values_list("reviewer", "decision", "created_at")[:LATEST]
    by_person = defaultdict(list)
    for reviewer, decision, when in reversed(log):
        by_person[reviewer].append((decision, when))
    steps = [step for rows in by_person.values() for step in _steps(rows)]
    return Pace(median(steps), len(steps)) if steps else None


def _steps(rows: list[tuple]):
    """Seconds from row to row of one person; an undo is no decision, but ends a step."""
    for (_, before), (decision, when) in zip(rows, rows[1:], strict=False):
        seconds = (when - before).total_seconds()
        if decision != Review.Decision.UNDONE and TOGETHER_SECONDS < seconds <= BREAK_SECONDS:
            yield seconds
