"""Progress of one chunk of training: heartbeat, seconds of work, loss curves for people."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from ..errors import OscarGanError
from ..models import TrainingRun
from . import training_leases

PAUSE = 2.0
"""Seconds between two writes: soon enough for who watches or cancels, sparing the database."""
POINTS = 300
"""Most points of a curve that a row keeps."""


class BudgetSpent(OscarGanError):
    """A training took longer than the shop allows."""

    code = "budget"


class Watch:
    """Tells the row how far a chunk is, and hears from it that the run was cancelled or lost."""

    def __init__(self, lease: training_leases.Lease, run: TrainingRun) -> None:
        self._lease = lease
        self._run = run
        self._before = run.seconds
        self._started = time.monotonic()
        self._written = self._started

    @property
    def elapsed(self) -> float:
        """Seconds since the chunk began."""
        return time.monotonic() - self._started

    def beat(self, **fields) -> None:
        """Prolong the lease and write `fields`, unless that was done a moment ago.

        Raises LeaseLost when the run was cancelled or taken over.
        """
        if time.monotonic() - self._written >= PAUSE:
            self.write(**fields)

    def write(self, **fields) -> None:
        """Write `fields` now; raises LeaseLost."""
        self._written = time.monotonic()
        training_leases.write(self._lease, seconds=self._before + self.elapsed, **fields)

    def items(self, items: Iterable) -> Iterator:
        """The items, with a beat after each; raises LeaseLost and BudgetSpent."""
        for item in items:
            yield item
            self.beat()
            self.check_budget()

    def check_budget(self, step: int = 0) -> None:
        """Raise BudgetSpent when all chunks together took longer than the budget."""
        spent, budget = self._before + self.elapsed, self._run.budget_seconds
        if spent > budget:
            raise BudgetSpent(
                f"After {spent / 60:.0f} minutes of work the training stood at step {step} of"
                f" {self._run.steps}; the budget is {budget / 60:.0f} minutes. Raise"
                " TRAINING_BUDGET_MINUTES, lower TRAINING_STEPS, or give the training worker a"
                " GPU. The champion serves as before."
            )


def thinned(history: dict[str, list]) -> dict[str, list]:
    """Series of (step, value) with at most POINTS points each, the last one always among them."""
    return {name: _thinned(points) for name, points in history.items()}


def _thinned(points: list) -> list:
    every = -(-len(points) // POINTS)
    return points[::-1][::every][::-1] if every > 1 else points
