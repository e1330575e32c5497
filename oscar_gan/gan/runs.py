"""A run in a folder: train, checkpoint, validate, draw; stop and go on at will."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import torch

from .checkpoints import CHECKPOINT, resume, save_checkpoint, start_from
from .corpus import Corpus
from .parallel import share, world
from .pictures import save_curves, save_levels
from .training import Config, Progress, Trainer

HISTORY = "history.json"
NOTED = 20
"""Steps between two points of a loss curve."""


def run(
    lesson: str,
    config: Config,
    settings: Any,
    corpus: Corpus,
    folder: Path,
    *,
    held_out: Corpus | None = None,
    begin_with: Path | None = None,
    every: int = 500,
    device: str | torch.device = "cpu",
    progress: Callable[[Iterable[Progress], int, int], Iterable[Progress]] | None = None,
) -> Trainer:
    """Train to the configuration's last step, going on from the folder's checkpoint if any.

    Every `every` steps it writes the checkpoint, samples, curves and history.json. `begin_with`
    is another run's checkpoint to fine-tune. `progress` wraps the steps: (steps, first, last).
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / CHECKPOINT
    trainer = resume(lesson, config, settings, checkpoint, corpus=corpus.digest, device=device)
    if begin_with and trainer.step == 0:
        start_from(trainer, begin_with)
    history = _read_history(folder / HISTORY) if trainer.step else defaultdict(list)
    steps: Iterable[Progress] = trainer.train(_batches(trainer, corpus))
    for done in progress(steps, trainer.step, config.steps) if progress else steps:
        if done.step % NOTED == 0:
            _note(history, done.step, done.losses)
        if (done.step % every == 0 or done.step == config.steps) and world()[0] == 0:
            save_checkpoint(trainer, checkpoint, corpus=corpus.digest)
            _show(trainer, folder, corpus, held_out, history)
    return trainer


def _batches(trainer: Trainer, corpus: Corpus) -> Iterator[Any]:
    """This rank's batches of the steps to come."""
    batches = trainer.lesson.batches(corpus, trainer.config.seed)
    for step in range(trainer.step + 1, trainer.config.steps + 1):
        yield batches.at(share(step))


def _show(
    trainer: Trainer, folder: Path, corpus: Corpus, held_out: Corpus | None, history: dict
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
        history[name].append((step, round(float(value), 5)))


def _read_history(path: Path) -> dict[str, list]:
    known = json.loads(path.read_text()) if path.exists() else {}
    return defaultdict(list, known)
