"""Try many inputs: a few in the suite, always the same ones; with OSCAR_GAN_FUZZ=2000 (`make
fuzz`) that many of each kind, new ones each time, and their counts at the end."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, given, settings

from oscar_gan.errors import OscarGanError

EXAMPLES = int(os.environ.get("OSCAR_GAN_FUZZ") or 0)
MAX_MESSAGE = 1500
"""Characters: refusals are read by people."""
MANNER = settings(
    deadline=None,
    max_examples=EXAMPLES or 60,
    derandomize=not EXAMPLES,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
counts: Counter[tuple[str, str]] = Counter()
"""By test, and `taken` or `refused`."""


def with_many(**strategies):
    """A test that is given many inputs, as `hypothesis.given`."""
    return lambda test: MANNER(given(**strategies)(test))


def attempt(call, *arguments, **options):
    """What something makes of an input; None when it refuses it in plain words.

    Whatever else than our own errors it raises passes through and fails the test.
    """
    name = os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].partition(" ")[0]
    try:
        result = call(*arguments, **options)
    except OscarGanError as error:
        counts[name, "refused"] += 1
        if not 0 < len(str(error)) <= MAX_MESSAGE:
            raise AssertionError(f"{len(str(error))} characters are no message") from error
        return None
    counts[name, "taken"] += 1
    return result
