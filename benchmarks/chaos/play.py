"""One run: people at work, faults in turn, kills all the while; then peace, and counting."""

from __future__ import annotations

import random
import time
from collections import Counter

from django.db import Error as DatabaseProblem
from django.db import connection

from benchmarks.chaos.faults import FAULTS, Fault
from benchmarks.chaos.invariants import is_settled, violations
from benchmarks.chaos.killing import Killer
from benchmarks.chaos.load import EXPECTED, Load
from benchmarks.chaos.stack import SKEWS, ChaosStack
from oscar_gan.models import GenerationRequest, Publication, VariantImage
from oscar_gan.services import housekeeping

PEACE = 120
"""Seconds of a run that are kept for what was interrupted to finish, and for the sweeper."""
EVERY = 15
"""Seconds between two lines of progress."""


class Chaos:
    """Plays a run of `seconds` and keeps what happened."""

    def __init__(self, stack: ChaosStack, *, seconds: float, kills: int, seed: int) -> None:
        self.stack = stack
        self.seed = seed
        self.dice = random.Random(seed)
        self.load = Load(self.dice)
        self.began = time.monotonic()
        self.ends = self.began + seconds
        self.peace = self.ends - PEACE
        self.killer = Killer(stack, kills=kills, seconds=seconds - PEACE, seed=seed)
        self.injected: Counter[str] = Counter()
        self.settled_after = 0.0
        self._told = 0.0
        self._queue: list[Fault] = []
        self._under_way: tuple[float, object] | None = None
        self._next_fault = self.began + 5

    def play(self) -> None:
        """People, faults and kills until peace; then wait until nothing is left to do."""
        for _ in range(12):
            self.load.attempt(self.load.upload)
        self.killer.start()
        self.injected["clock wrong"] = sum(hours != 0 for hours in SKEWS.values())
        while time.monotonic() < self.peace:
            self.load.step()
            self._move_faults()
            self._keep()
            time.sleep(0.05)
        self.killer.join()
        self._heal()
        self._settle()

    def violations(self) -> list:
        """What must not be, and is."""
        return sorted(violations(self.load), key=str)

    def _move_faults(self) -> None:
        now = time.monotonic()
        if self._under_way and now >= self._under_way[0]:
            self._heal()
        if self._under_way is None and now >= self._next_fault:
            self._begin(self._draw())
            self._next_fault = now + self.dice.uniform(1.5, 3.5)

    def _draw(self) -> Fault:
        if not self._queue:
            self._queue = self.dice.sample(FAULTS, len(FAULTS))
        return self._queue.pop()

    def _begin(self, fault: Fault) -> None:
        try:
            heal = fault.begin(self)
        except (*EXPECTED, DatabaseProblem) as error:  # a fault that met another one
            self.load.refused[type(error).__name__] += 1
            connection.close()
            return
        if heal is False:
            return
        self.injected[fault.name] += 1
        if callable(heal):
            self._under_way = time.monotonic() + fault.seconds, heal

    def _heal(self) -> None:
        if self._under_way:
            _until, heal = self._under_way
            self._under_way = None
            heal()

    def _settle(self) -> None:
        since = time.monotonic()
        while time.monotonic() < self.ends - 20:
            self._keep()
            if self.load.attempt(self._assert_settled):
                break
            time.sleep(1)
        self.settled_after = time.monotonic() - since

    def _assert_settled(self) -> None:
        if not is_settled() or any(True for _ in housekeeping.orphans()):
            raise TimeoutError  # an OSError, like everything that another try may mend

    def _keep(self) -> None:
        """Replace what died, as a supervisor does, and tell how it goes."""
        self.stack.staff()
        self.stack.watch()
        self.load.attempt(self._replace_deaf)
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self.load.attempt(self._tell)

    def _replace_deaf(self) -> None:
        if GenerationRequest.objects.filter(status=GenerationRequest.Status.QUEUED).exists():
            self.stack.replace_deaf()

    def _tell(self) -> None:
        requests = GenerationRequest.objects.filter(status__in=GenerationRequest.UNFINISHED)
        variants = VariantImage.objects.count()
        others = sum(self.injected.values())
        print(
            f"{time.monotonic() - self.began:5.0f} s  {self.killer.total} kills"
            f" ({self.killer.workers} whole workers), {others} other faults;"
            f" {variants} variant images, {requests.count()} requests open,"
            f" {Publication.objects.count()} publications",
            flush=True,
        )
