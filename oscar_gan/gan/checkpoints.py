"""Checkpoints: all training state in one file, written atomically, read without pickles."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from .config import Config
from .exported import SUFFIX, UnusableCheckpoint, read_export
from .lessons import begin
from .options import restored
from .training import Trainer

__all__ = ["CHECKPOINT", "UnusableCheckpoint", "read_checkpoint", "resume", "save_checkpoint",
           "start_from", "take_up"]  # fmt: skip

CHECKPOINT = "checkpoint.pt"


def save_checkpoint(trainer: Trainer, path: Path, *, corpus: str) -> None:
    """Write the trainer's state; a crash leaves the old file or the new one, never half of one."""
    lesson = trainer.lesson
    about = {"lesson": lesson.name, "settings": asdict(lesson.settings), "corpus": corpus}
    temporary = path.with_suffix(".partial")
    with temporary.open("wb") as file:
        torch.save({**about, **trainer.state_dict()}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint's state; only tensors and plain data are accepted."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise UnusableCheckpoint(f"There is no checkpoint at {path}.") from error
    except Exception as error:  # zip, pickle and torch errors all mean a damaged file
        raise UnusableCheckpoint(f"{path} is damaged ({error}); use an older one.") from error


def resume(
    lesson: str,
    config: Config,
    settings: Any,
    path: Path,
    *,
    corpus: str,
    device: str | torch.device = "cpu",
) -> Trainer:
    """Open the run saved at `path`, or begin it; refuse another lesson, settings or corpus."""
    trainer = begin(lesson, config, settings, device=device)
    if path.exists():
        take_up(trainer, path, corpus=corpus)
    return trainer


def take_up(trainer: Trainer, path: Path, *, corpus: str) -> None:
    """Let a trainer at step 0 go on where another was saved; refuse what `resume` refuses."""
    lesson, state = trainer.lesson, read_checkpoint(path)
    if (
        state["lesson"] != lesson.name
        or restored(Config, state["config"]) != trainer.config
        or restored(type(lesson.settings), state["settings"]) != lesson.settings
        or state["corpus"] != corpus
    ):
        raise UnusableCheckpoint(
            f"{path} belongs to a run with other settings or another corpus."
            " Choose an empty folder, or --start-from it to fine-tune its weights."
        )
    trainer.load_state_dict(state)


def start_from(trainer: Trainer, path: Path) -> None:
    """Take over the averaged networks of another run, those that both have, as the start.

    `path` is its checkpoint, or the ONNX file that was exported from it.
    """
    given = (read_export if path.suffix == SUFFIX else read_checkpoint)(path)["averaged"]
    for network in (trainer.networks, trainer.averaged):
        for name, part in network.items():
            weights = {
                key.removeprefix(f"{name}."): value
                for key, value in given.items()
                if key.startswith(f"{name}.")
            }
            if not weights:
                continue
            try:
                part.load_state_dict(weights)
            except RuntimeError as error:
                raise UnusableCheckpoint(
                    f"The {name} of {path} lacks parts or has another shape; choose the same"
                    " settings."
                ) from error
