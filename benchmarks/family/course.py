"""One run of one member: taught, stopped and taken up again at will, judged when it is over."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from oscar_gan.gan.checkpoints import CHECKPOINT, save_checkpoint, take_up
from oscar_gan.gan.collapse import TrainingCollapsed
from oscar_gan.gan.training import Trainer

from .codes import Codes, read_codes
from .data import Fashion, levels
from .lesson import FamilyLesson, draw
from .members import MEMBERS
from .scores import Reference, Scores, painted

MARKS, OUTCOME = "marks.json", "outcome.json"
NOISE_SEED = 2026
PARTS = 10
"""So many times a run is saved, and its distance taken on the way."""
GLANCE = 1500
"""Pictures for that."""


class Mark(NamedTuple):
    """Where a run stood."""

    step: int
    seconds: float
    """Of one core, for the steps alone."""
    kid: float | None
    """× 1000; None where the pictures are no longer finite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run."""

    member: str
    seed: int
    steps: int
    """Taken; fewer than wanted where the loop stopped it."""
    seconds: float
    stopped: str = ""
    """What the loop's watch said; empty where it had no reason."""
    scores: Scores | None = None
    """None where the weights are no longer finite."""
    codes: Codes | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def collapsed(self) -> bool:
        """Stopped by the watch, or come to nothing: see `Scores.collapsed`."""
        return bool(self.stopped) or self.scores is None or self.scores.collapsed


@dataclass(frozen=True, kw_only=True)
class Course:
    """What all runs have in common."""

    fashion: Fashion
    reference: Reference
    folder: Path
    steps: int
    pictures: int
    """Made by each in the end, and judged."""

    def take(self, member: str, seed: int) -> Outcome:
        """Run a member to its end, or read what came of it when it was run before.

        Raises UnusableCheckpoint where the folder's run had other settings or other data.
        """
        folder = self._folder(member, seed)
        folder.mkdir(parents=True, exist_ok=True)
        trainer = self.opened(member, seed)
        if (folder / OUTCOME).exists():
            return read_outcome(folder / OUTCOME)
        marks = [mark for mark in _read_marks(folder / MARKS) if mark.step <= trainer.step]
        stopped = ""
        try:
            for mark in self._steps(trainer, marks[-1].seconds if marks else 0.0):
                marks.append(mark)
                _write(marks, folder / MARKS)
                save_checkpoint(trainer, folder / CHECKPOINT, corpus=self.corpus)
        except TrainingCollapsed as error:
            stopped = str(error)
        outcome = self._judged(trainer, member, seed, stopped, marks)
        _write(asdict(outcome), folder / OUTCOME)
        return outcome

    def opened(self, member: str, seed: int) -> Trainer:
        """A run where it was last saved, else at step 0; the same seed gives the same weights."""
        torch.manual_seed(seed)
        chosen = MEMBERS[member]
        lesson = FamilyLesson(chosen.settings)
        trainer = Trainer(lesson, chosen.config(steps=self.steps, seed=seed))
        if (checkpoint := self._folder(member, seed) / CHECKPOINT).exists():
            take_up(trainer, checkpoint, corpus=self.corpus)
        return trainer

    @cached_property
    def corpus(self) -> str:
        """Digest of the training pictures."""
        return hashlib.sha256(self.fashion.train.tobytes()).hexdigest()

    @cached_property
    def floor(self) -> Scores:
        """What real pictures score against real ones."""
        return self.reference.score(levels(self.fashion.other[: self.pictures]))

    def _folder(self, member: str, seed: int) -> Path:
        return self.folder / f"{member.replace(' ', '-')}-{seed}"

    def _steps(self, trainer: Trainer, seconds: float) -> Iterator[Mark]:
        """Take all steps that are left; yields a mark after each part, and before a collapse."""
        batches = trainer.lesson.batches(self.fashion.train, trainer.config.seed)
        part = max(1, self.steps // PARTS)
        todo = range(trainer.step + 1, self.steps + 1)
        began = time.process_time()
        try:
            for done in trainer.train(batches.at(step) for step in todo):
                if done.step % part == 0 or done.step == self.steps:
                    seconds += time.process_time() - began
                    yield self._mark(trainer, seconds)
                    began = time.process_time()
        except TrainingCollapsed:
            yield self._mark(trainer, seconds + time.process_time() - began)
            raise

    def _mark(self, trainer: Trainer, seconds: float) -> Mark:
        pictures = self.made(trainer, min(GLANCE, self.pictures))
        kid = self.reference.kid(pictures) if np.isfinite(pictures).all() else None
        return Mark(trainer.step, round(seconds, 2), kid and round(kid, 2))

    def made(self, trainer: Trainer, count: int) -> NDArray[np.float32]:
        """Pictures (count, 28, 28, 1) by the averaged weights, from the same noise every time."""
        generator = torch.Generator().manual_seed(NOISE_SEED)
        noise, _ = draw(trainer.lesson.settings, count, generator=generator)
        return painted(trainer.averaged["painter"], noise)

    def _judged(
        self, trainer: Trainer, member: str, seed: int, stopped: str, marks: list[Mark]
    ) -> Outcome:
        pictures = self.made(trainer, self.pictures)
        sound = bool(np.isfinite(pictures).all())
        codes = None
        if sound and trainer.lesson.settings.codes:
            codes = read_codes(
                trainer.lesson.settings,
                trainer.averaged["painter"],
                trainer.judges["picture"],
                levels(self.fashion.real),
                self.fashion.real_kinds,
            )
        return Outcome(
            member=member,
            seed=seed,
            steps=trainer.step,
            seconds=marks[-1].seconds if marks else 0.0,
            stopped=stopped,
            scores=self.reference.score(pictures) if sound else None,
            codes=codes,
            marks=tuple(marks),
        )


def read_outcome(path: Path) -> Outcome:
    """Read what a finished run wrote."""
    given = json.loads(path.read_text())
    codes = given["codes"]
    return Outcome(
        **given
        | {
            "scores": given["scores"] and Scores(*given["scores"]),
            "codes": codes and Codes(*codes[:2], tuple(codes[2])),
            "marks": tuple(Mark(*mark) for mark in given["marks"]),
        }
    )


def _read_marks(path: Path) -> list[Mark]:
    return [Mark(*mark) for mark in json.loads(path.read_text())] if path.exists() else []


def _write(content: Any, path: Path) -> None:
    """A run broken off here leaves the old file or the new one."""
    temporary = path.with_suffix(".partial")
    temporary.write_text(json.dumps(content, indent=1))
    temporary.replace(path)
