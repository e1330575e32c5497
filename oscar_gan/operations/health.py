"""Health: is this process alive, and can it serve; for load balancers, orchestrators, monitoring.

What a shop can sell without (broker, storage, weights, beat) is reported, and takes no web server
out of service: a load balancer that did would turn a broker's restart into a closed shop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock

from django.db import connection, transaction

from . import basics
from .findings import OK, PROBLEM, WARNING, Finding, problem, timed

REMEMBERED = 15.0
"""Seconds that an answer holds, so that a flood of questions is none for the servers behind."""
STATEMENT_LIMIT = 3000
"""Milliseconds that PostgreSQL may take for an answer."""

REQUIRED = ("database", "migrations")
"""Without these no page of the shop comes up."""
COMPONENTS: dict[str, Callable] = {
    "database": basics.database,
    "migrations": basics.migrations,
    "broker": basics.broker,
    "media": basics.media_answers,
    "drafts": basics.drafts_answer,
    "weights": basics.weights,
    "beat": basics.beat,
}
IN_DATABASE = ("database", "migrations", "beat")
_remembered: dict[str, tuple[float, Finding]] = {}
_lock = Lock()


def examine() -> dict[str, Finding]:
    """The state of each component, by name; the database is always asked, the rest remembered."""
    database = ask("database")
    found = {"database": database}
    for name in COMPONENTS.keys() - found.keys():
        if name in IN_DATABASE and database.state != OK:
            found[name] = problem(name, "the database does not answer", "")
        else:
            found[name] = _recent(name)
    return {name: found[name] for name in COMPONENTS}


def is_ready(found: dict[str, Finding]) -> bool:
    """Whether pages come up."""
    return all(found[name].state == OK for name in REQUIRED)


def is_well(found: dict[str, Finding]) -> bool:
    """Whether nothing is wrong at all."""
    return all(finding.state != PROBLEM for finding in found.values())


def summary(found: dict[str, Finding]) -> str:
    """`ok`, `degraded` (pages come up, something else does not work) or `down`."""
    if not is_ready(found):
        return "down"
    return "ok" if is_well(found) else "degraded"


def forget() -> None:
    """Ask everything anew."""
    with _lock:
        _remembered.clear()


def _recent(name: str) -> Finding:
    with _lock:
        at, finding = _remembered.get(name, (0.0, None))
    if finding is not None and time.monotonic() - at < REMEMBERED:
        return finding
    finding = ask(name)
    with _lock:
        _remembered[name] = (time.monotonic(), finding)
    return finding


def ask(name: str) -> Finding:
    """The worst of a component's findings; one that cannot be asked is a problem."""
    try:
        with _limited() if name in IN_DATABASE else nullcontext():
            findings = timed(COMPONENTS[name])
    except Exception as error:  # whatever it is, the answer is that it does not work
        return problem(name, f"{type(error).__name__}: {error}".strip(), "")
    order = (PROBLEM, WARNING)
    return min(findings, key=lambda each: order.index(each.state) if each.state in order else 9)


@contextmanager
def _limited() -> Iterator[None]:
    """A database that hangs must not hang the answer; `connect_timeout` limits connecting."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_LIMIT:d}")
        yield
