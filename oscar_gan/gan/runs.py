"""A run in a folder: train, checkpoint, validate, draw; stop and go on at will."""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2
import torch
from torch.utils.data import DataLoader, Dataset

from .checkpoints import CHECKPOINT, resume, save_checkpoint, start_from
from .collapse import TrainingCollapsed
from .config import Config
from .parallel import agreed, share, world
from .pictures import save_curves, save_levels
from .training import Material, Progress, Trainer

HISTORY = "history.json"
NOTED = 20
"""Steps between two points of a loss curve."""


def run(
    lesson: str,
    config: Config,
    settings: Any,
    corpus: Material,
    folder: Path,
    *,
    held_out: Material | None = None,
    begin_with: Path | None = None,
    every: int = 500,
    device: str | torch.device = "cpu",
    workers: int = 0,
    progress: Callable[[Iterable[Progress], int, int], Iterable[Progress]] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Trainer:
    """Train to the configuration's last step, going on from the folder's checkpoint if any.

    Every `every` steps, and once `stop()` says so, it writes the checkpoint, samples, curves and
    history.json. `begin_with` is another run's checkpoint to fine-tune. `workers` processes make
    the pictures ahead; 0: this one. `progress` wraps the steps: (steps, first, last).

    Raises TrainingCollapsed; the checkpoint is then one from before the first sign of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / CHECKPOINT
    trainer = resume(lesson, config, settings, checkpoint, corpus=corpus.digest, device=device)
    if begin_with and trainer.step == 0:
        start_from(trainer, begin_with)
    history = _read_history(folder / HISTORY, trainer.step)
    steps: Iterable[Progress] = trainer.train(_batches(trainer, corpus, workers))
    try:
        for done in progress(steps, trainer.step, config.steps) if progress else steps:
            if done.step % NOTED == 0:
                _note(history, done.step, done.losses)
            ending = agreed(stop()) or done.step == config.steps
            sound = ending or not trainer.watch.uneasy(done.step)
            if (ending or done.step % every == 0) and sound and world()[0] == 0:
                save_checkpoint(trainer, checkpoint, corpus=corpus.digest)
                _show(trainer, folder, corpus, held_out, history)
            if ending:
                break
    except TrainingCollapsed as error:
        raise TrainingCollapsed(f"{error} {_last_sound(checkpoint)}") from error
    return trainer


def _batches(trainer: Trainer, corpus: Material, workers: int) -> Iterable[Any]:
    """This rank's batches of the steps to come, the same ones however many workers make them."""
    batches = trainer.lesson.batches(corpus, trainer.config.seed)
    steps = range(trainer.step + 1, trainer.config.steps + 1)
    return DataLoader(
        _Numbered(batches),
        batch_size=None,
        sampler=[share(step) for step in steps],
        num_workers=workers,
        worker_init_fn=_be_alone,
    )


class _Numbered(Dataset):
    """Batches as DataLoader wants them."""

    def __init__(self, batches: Any) -> None:
        self._batches = batches

    def __getitem__(self, number: int) -> Any:
        return self._batches.at(number)


def _be_alone(_worker: int) -> None:
    cv2.setNumThreads(0)  # OpenCV's threads do not survive a fork


def _last_sound(checkpoint: Path) -> str:
    if not checkpoint.exists():
        return "No checkpoint was written yet: start again in an empty folder."
    return f"{checkpoint} is from before it: --start-from it, in another folder."


def _show(
    trainer: Trainer, folder: Path, corpus: Material, held_out: Material | None, history: dict
) -> None:
    """Write what the averaged networks can do by now."""
    lesson, networks = trainer.lesson, trainer.averaged
    save_levels(lesson.samples(networks, held_out or corpus), folder / "samples.png")
    if held_out:
        found = lesson.validate(networks, held_out)
        _note(history, trainer.step, {f"held-out {name}": value for name, value in found.items()})
    (folder / HISTORY).write_text(json.dumps(history))
    save_curves(history, folder / "curves.png")


def _note(history: dict[str, list], step: int, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if math.isfinite(value := float(value)):  # a mean over no pictures is not a number
            history[name].append((step, round(value, 5)))


def _read_history(path: Path, last: int) -> dict[str, list]:
    """The series of (step, value) up to the step at which a run goes on."""
    known = json.loads(path.read_text()) if last and path.exists() else {}
    history = defaultdict(list)
    for name, points in known.items():
        if kept := [point for point in points if point[0] <= last]:
            history[name] = kept
    return history
