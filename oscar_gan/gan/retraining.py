"""Fine-tuning the reigning analyser on what a shop's staff decided about its mattes.

The same loop, lesson and objectives as the lab's; what differs is where it starts (the champion's
exported weights), what it learns from (`feedback`) and how little it may change.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import torch

from .analysis import AnalyserSettings
from .config import Config
from .corpus import Corpus
from .data import Mixture
from .export import export_checkpoint
from .exported import read_export
from .feedback import LabelledPhoto, collect_feedback
from .runs import run
from .training import Progress, Trainer

__all__ = [
    "LabelledPhoto",
    "collect_feedback",
    "export_challenger",
    "fine_tune",
    "settings_for",
]

CHAMPIONS_SHARE = 0.5
"""Share of the champion's weights in a challenger's.

Between a network and its fine-tuned self lie some that have learnt most of what is new and
forgotten little of what is old (WiSE-FT, Wortsman et al. 2022)."""
START = 0.05
"""Share of the start that is left in the averaged weights at the end of a run."""


def settings_for(champion: Path, *, steps: int, seed: int) -> tuple[Config, AnalyserSettings]:
    """How the analyser in the ONNX file `champion` is fine-tuned in `steps` steps.

    Widths and side are its own. What the rest is worth, and what it costs: docs/training.md.
    """
    own = read_export(champion)["settings"]
    config = Config(
        steps=steps,
        seed=seed,
        learning_rate=1e-3,
        warm_up=0.1,
        averaging=START ** (1 / steps),
        hold_start=True,
    )
    settings = AnalyserSettings(
        side=own["side"],
        widths=tuple(own["widths"]),
        mixture=Mixture(photos=6, dyed=0.7, cutouts=0, shapes=1, scenes=6, worn=0, garments=2),
        frozen_statistics=True,
        keep_weight=2.0,
    )
    return config, settings


def fine_tune(
    folder: Path,
    corpus: Corpus,
    *,
    champion: Path,
    config: Config,
    settings: AnalyserSettings,
    held_out: Corpus | None = None,
    every: int = 50,
    device: str | torch.device = "cpu",
    progress: Callable[[Iterable[Progress], int, int], Iterable[Progress]] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Trainer:
    """Teach the champion (its ONNX file) the decisions in `corpus`; a thin `runs.run`.

    Goes on from the folder's checkpoint if there is one, to the last bit as if it had never
    stopped. `stop()` ends it after the step at hand, with a checkpoint: the trainer's `step` is
    then short of `config.steps`. Raises TrainingCollapsed, UnusableCheckpoint.
    """
    return run(
        "analyser",
        config,
        settings,
        corpus,
        folder,
        held_out=held_out,
        begin_with=champion,
        every=every,
        device=device,
        progress=progress,
        stop=stop,
    )


def export_challenger(
    checkpoint: Path, path: Path, *, champion: Path, version: str, data: str
) -> str:
    """Export what was learnt, blended with the champion (its ONNX file); the file's SHA-256.

    See `export.export_checkpoint`.
    """
    blend = (champion, CHAMPIONS_SHARE)
    return export_checkpoint(checkpoint, path, version=version, data=data, blend=blend)
