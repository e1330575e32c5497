"""Checkpoints of training runs: on the disk every few steps, in the storage every minute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..models import TrainingRun
from . import training_files
from .training_progress import Watch, thinned

KEPT_EVERY = 60.0
"""Least seconds between two checkpoints in the storage."""
CHECKPOINT, SAMPLES, HISTORY = "checkpoint.pt", "samples.png", "history.json"
"""What a training writes into its folder."""


def fetch_checkpoint(run: TrainingRun, folder: Path) -> bool:
    """Bring the run's checkpoint and curves here; False if it has no usable checkpoint."""
    name = run.checkpoint_name
    if not (name and training_files.fetch(name, folder / CHECKPOINT)):
        return False
    (folder / HISTORY).write_text(json.dumps(run.history))
    return True


def forget_checkpoint(folder: Path) -> None:
    """Let the training in this folder begin anew."""
    for name in (CHECKPOINT, HISTORY):
        (folder / name).unlink(missing_ok=True)


class Keeper:
    """Tells the row of each step, and brings checkpoints into the storage."""

    def __init__(self, run: TrainingRun, folder: Path, watch: Watch) -> None:
        self._run = run
        self._folder = folder
        self._watch = watch
        self._names = {run.checkpoint_name, run.samples_name}
        self._kept = self._made()
        self._kept_at = 0.0

    def steps(self, steps: Iterable) -> Iterator:
        """The steps, each told; one's checkpoint is on the disk once the next one begins."""
        for done in steps:
            self._watch.beat(step=done.step)
            self._watch.check_budget(done.step)
            yield done
            if self._watch.elapsed - self._kept_at >= KEPT_EVERY:
                self.keep(done.step)

    def keep(self, step: int) -> None:
        """Store a new checkpoint and samples, point the row at them, drop the earlier ones."""
        if self._made() == self._kept:
            return
        self._kept, self._kept_at = self._made(), self._watch.elapsed
        checkpoint, samples = (
            training_files.store(self._run, self._folder / name) for name in (CHECKPOINT, SAMPLES)
        )
        self._watch.write(
            step=step,
            history=thinned(json.loads((self._folder / HISTORY).read_text())),
            checkpoint_name=checkpoint,
            samples_name=samples,
            attempts=0,
        )
        training_files.drop(*(self._names - {checkpoint, samples}))
        self._names = {checkpoint, samples}

    def _made(self) -> int:
        """When the checkpoint on the disk was made, in nanoseconds; 0 without one."""
        checkpoint = self._folder / CHECKPOINT
        return checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
