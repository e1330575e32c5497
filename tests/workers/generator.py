"""A generator and a printer that a test can hold at their work: while a file named hold exists."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.stubs import StubGenerator, StubPrinter

VAR = Path(os.environ.get("SHOP_VAR_DIR", "."))
HOLD = VAR / "hold"
STARTED = VAR / "started"
"""Holds the id of the process that is making a picture now."""
LONGEST = 60
"""Seconds after which a forgotten hold ends by itself."""


class HeldGenerator(StubGenerator):
    """Stands in for `recolour`, shipped or not; notes who works before each picture."""

    def __init__(self, device: str = "auto", **version) -> None:
        super().__init__(**version)
        self.before_recolour = lambda _target: note_and_wait()


class HeldPrinter(StubPrinter):
    """Prints three tiles freely, then notes who works before each."""

    def weights(self, design, **wanted):
        if len(self.printed) >= 3:
            note_and_wait()
        return super().weights(design, **wanted)


def note_and_wait() -> None:
    STARTED.write_text(str(os.getpid()))
    deadline = time.monotonic() + LONGEST
    while HOLD.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
