"""Announcing: what follows a commit, and cannot spoil it whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps

from django.db import transaction
from django.dispatch import Signal


def announce(signal: Signal, **what) -> None:
    """Send `signal` after the commit, from the class of the row that is its one keyword."""
    (row,) = what.values()
    transaction.on_commit(partial(signal.send_robust, sender=type(row), **what))


def after_commit(call: Callable, *args) -> None:
    """Call it after the commit; what it raises is logged and raised no further.

    Not on_commit(partial(…), robust=True): Django logs the name of what failed, and a partial has
    none, so that its error would come out after all.
    """

    @wraps(call)
    def late() -> None:
        call(*args)

    transaction.on_commit(late, robust=True)
