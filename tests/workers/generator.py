"""A generator that a test can hold in the middle of a picture: while a file named hold exists."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.stubs import StubGenerator

VAR = Path(os.environ.get("SHOP_VAR_DIR", "."))
HOLD = VAR / "hold"
STARTED = VAR / "started"
"""Holds the id of the process that is making a picture now."""
LONGEST = 60
"""Seconds after which a forgotten hold ends by itself."""


class HeldGenerator(StubGenerator):
    """Made by name like the engine's own; notes who works before each picture."""

    def __init__(self, device: str = "auto") -> None:
        super().__init__("held")
        self.before_recolour = self._note_and_wait

    @staticmethod
    def _note_and_wait(_target: str) -> None:
        STARTED.write_text(str(os.getpid()))
        deadline = time.monotonic() + LONGEST
        while HOLD.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
