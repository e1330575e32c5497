"""The killer: SIGKILLs workers in phases drawn at random, rare ones as often as long ones."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

from benchmarks.chaos import phases
from benchmarks.chaos.stack import ChaosStack

WHOLE_WORKERS = 0.12
"""Share of kills that take the whole worker: its pool has to start from nothing."""


class Killer(threading.Thread):
    """Kills about `kills` times within `seconds`; `by_phase` and `workers` count."""

    def __init__(self, stack: ChaosStack, *, kills: int, seconds: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.stack = stack
        self.kills = kills
        self.ends = time.monotonic() + seconds
        self.dice = random.Random(seed)
        self.by_phase: Counter[str] = Counter()
        self.workers = 0

    @property
    def total(self) -> int:
        return sum(self.by_phase.values())

    def run(self) -> None:
        while self.total < self.kills and time.monotonic() < self.ends:
            interval = (self.ends - time.monotonic()) / (self.kills - self.total)
            due = time.monotonic() + interval * self.dice.uniform(0.5, 1.1)
            self._kill_one(patience=interval)
            time.sleep(max(0.0, due - time.monotonic()))

    def _kill_one(self, *, patience: float) -> None:
        wanted = self.dice.choice(phases.PHASES)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self.stack.watch()
            found = [process for process, phase in phases.now() if phase == wanted]
            if found:
                self._strike(self.dice.choice(found))
                return
            time.sleep(0.02)
        busy = [process for process, phase in phases.now() if phase in phases.PHASES]
        if busy:
            self._strike(self.dice.choice(busy))

    def _strike(self, process: int) -> None:
        whole = self.dice.random() < WHOLE_WORKERS
        kill = self.stack.kill_worker if whole else self.stack.kill_process
        if phase := kill(process):
            self.by_phase[phase] += 1
            self.workers += whole
