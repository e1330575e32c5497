"""A generator that makes a small picture at once, and two photos that are bombs to it."""

from __future__ import annotations

import os
import signal

from tests.stubs import StubGenerator

HUNGRY = 97
"""Width in pixels of the photo for which this process has no memory."""
DEADLY = 98
"""Width of the photo over which the kernel ends the process, each time."""


class ChaosGenerator(StubGenerator):
    """Stands in for `recolour`, shipped or not."""

    def __init__(self, device: str = "auto", **version) -> None:
        super().__init__(**version)

    def analyse(self, photo, **kwargs):
        if photo.width == HUNGRY:
            bytearray(1 << 60)  # more than there is: MemoryError
        if photo.width == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().analyse(photo, **kwargs)
