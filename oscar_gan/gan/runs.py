"""A run in a folder: train, checkpoint, validate, draw; stop and go on at will."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from .checkpoints import CHECKPOINT, read_checkpoint, resume, save_checkpoint
from .corpus import Corpus
from .data import Batches, Mixture
from .evaluation import VALIDATION_SEED, validate_on_cutouts
from .pictures import save_curves, save_samples
from .training import Config, Progress, Trainer

HISTORY = "history.json"


def run(
    config: Config,
    corpus: Corpus,
    folder: Path,
    *,
    held_out: Corpus | None = None,
    start_from: Path | None = None,
    every: int = 500,
    progress: Callable[[Iterable[Progress], int, int], Iterable[Progress]] | None = None,
) -> Trainer:
    """Train to the configuration's last step, going on from the folder's checkpoint if any.

    Every `every` steps it writes the checkpoint, samples, curves and history.json. `start_from`
    is another run's checkpoint to fine-tune. `progress` wraps the steps: (steps, first, last).
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint, history_path = folder / CHECKPOINT, folder / HISTORY
    trainer = resume(config, checkpoint, corpus=corpus.digest)
    if start_from and trainer.step == 0:
        trainer.start_from(read_checkpoint(start_from))
    history: dict[str, list] = defaultdict(list)
    if trainer.step and history_path.exists():
        history.update(json.loads(history_path.read_text()))
    batches = Batches(corpus, config.mixture, config.side, config.seed)
    samples = Batches(held_out or corpus, _few(config.mixture), config.side, VALIDATION_SEED)
    steps: Iterable[Progress] = trainer.train(batches.after(trainer.step))
    for done in progress(steps, trainer.step, config.steps) if progress else steps:
        if done.step % 20 == 0:
            for name, value in done.losses.items():
                history[name].append((done.step, round(float(value), 5)))
        if done.step % every == 0 or done.step == config.steps:
            save_checkpoint(trainer, checkpoint, corpus=corpus.digest)
            save_samples(trainer.averaged, samples.at(0), folder / "samples.png")
            if held_out:
                found = validate_on_cutouts(trainer.averaged, held_out, side=config.side)
                for name, value in found._asdict().items():
                    history[f"held-out {name}"].append((done.step, round(value, 5)))
            history_path.write_text(json.dumps(history))
            save_curves(history, folder / "curves.png")
    return trainer


def _few(mixture: Mixture) -> Mixture:
    return replace(mixture, photos=10, cutouts=8, shapes=2, scenes=4, adversarial=0)
