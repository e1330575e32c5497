"""Memory of the shop's processes while the season goes on, and how long each part took."""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
EVERY = 0.5
"""Seconds between two looks."""


class Watch:
    """Keeps the highest resident memory of each process group, by name, and parts' seconds."""

    def __init__(self, leaders: Callable[[], dict[str, int]]) -> None:
        """`leaders` gives process ids by name; each leads a session of its own."""
        self.peaks: dict[str, int] = defaultdict(int)
        """Bytes."""
        self.seconds: dict[str, float] = {}
        self._leaders = leaders
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._done.set()
        self._thread.join()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time one part of the season."""
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            groups = {leader: name for name, leader in self._leaders().items()}
            found: dict[str, int] = defaultdict(int)
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    session = int((process / "stat").read_text().rsplit(")", 1)[1].split()[3])
                    if session in groups:
                        pages = int((process / "statm").read_text().split()[1])
                        found[groups[session]] += pages * PAGE
                except (OSError, ValueError, IndexError):  # it ended meanwhile
                    continue
            for name, size in found.items():
                self.peaks[name] = max(self.peaks[name], size)
