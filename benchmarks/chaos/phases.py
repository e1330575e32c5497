"""Phases of a worker's work: each process says in which one it is, so that a kill can be told.

Every phase of the plugin's own code is stretched a little at its beginning and its end, inside
transactions too, so that short ones are hit as well as long ones.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import wraps
from pathlib import Path

PHASES = (
    "claimed", "reading", "analysing", "making", "storing", "finishing", "publishing",
    "reverting", "renditions", "thumbnails", "sweeping",
)  # fmt: skip
IDLE = "idle"
WHOLE = {"publishing", "reverting", "renditions", "thumbnails", "sweeping"}
"""Phases that read and store as well, under their own name."""
LONGEST_PAUSE = 0.08
"""Seconds."""
_WIDTH = 16


def folder() -> Path:
    """Where each process has a file of its own."""
    return Path(os.environ["SHOP_VAR_DIR"]) / "phases"


def now() -> Iterator[tuple[int, str]]:
    """The processes that say where they are: id and phase."""
    for path in folder().iterdir():
        if path.name.isdigit():
            yield int(path.name), of(int(path.name))


def of(process: int) -> str:
    try:
        return (folder() / str(process)).read_text().strip()
    except OSError:
        return ""


def forget(process: int) -> None:
    (folder() / str(process)).unlink(missing_ok=True)


class _Sign:
    """What this process shows; a write of a few bytes, so that readers see all or nothing."""

    def __init__(self) -> None:
        self.phase = IDLE
        self.file = os.open(folder() / str(os.getpid()), os.O_CREAT | os.O_WRONLY)
        self.show(IDLE)

    def show(self, phase: str) -> None:
        self.phase = phase
        os.pwrite(self.file, phase.ljust(_WIDTH).encode(), 0)


def install(*, hours: float) -> None:
    """Let this process show its phases, and live `hours` ahead of everybody else."""
    from oscar_gan.services import (
        generation,
        housekeeping,
        leases,
        media,
        published_files,
        publishing,
        renditions,
        thumbnails,
    )
    from oscar_gan.services.renditions import making

    _shift_clock(hours)
    sign = _Sign()

    def stretch(module, name: str, phase: str | None = None) -> None:
        setattr(module, name, _stretched(sign, getattr(module, name), phase))

    stretch(generation, "_request", "claimed")
    stretch(generation, "_read", "reading")
    stretch(generation, "_render", "making")
    stretch(media, "store_draft", "storing")
    stretch(leases, "finish_variant", "finishing")
    stretch(leases, "_announce")  # in its transaction, after the write
    stretch(leases, "complete", "finishing")
    stretch(publishing, "publish", "publishing")
    for name in ("_hang", "_delete"):
        stretch(publishing, name)
    stretch(publishing, "revert", "reverting")
    stretch(publishing, "put_row_back")
    for name in ("copy", "put_back", "take_down"):
        stretch(published_files, name)
    stretch(renditions, "make", "renditions")
    stretch(making, "_enter")
    stretch(thumbnails, "warm", "thumbnails")
    stretch(housekeeping, "sweep", "sweeping")
    generator = __import__("benchmarks.chaos.generator", fromlist=["ChaosGenerator"])
    stretch(generator.ChaosGenerator, "analyse", "analysing")


def _stretched(sign: _Sign, function: Callable, phase: str | None) -> Callable:
    """The function between two pauses, shown as `phase` unless a whole one is going on."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        before = sign.phase
        if phase and before not in WHOLE:
            sign.show(phase)
        try:
            _pause()
            answer = function(*args, **kwargs)
            _pause()
            return answer
        finally:
            sign.show(before)

    return wrapper


def _pause() -> None:
    time.sleep(random.uniform(0, LONGEST_PAUSE))


def _shift_clock(hours: float) -> None:
    """As if this machine's clock were wrong: for Django, which takes its times from here."""
    from django.utils import timezone as clock

    clock.now = lambda: datetime.now(timezone.utc) + timedelta(hours=hours)
