"""Checkpoints: all training state in one file, written atomically, read without pickles."""

import os
from pathlib import Path
from typing import Any

import torch

from oscar_gan.errors import OscarGanError

from .networks import Analyser
from .training import Config, Trainer

CHECKPOINT = "checkpoint.pt"


class UnusableCheckpoint(OscarGanError):
    """A checkpoint is missing, damaged, or of another configuration."""

    code = "unusable-checkpoint"


def save_checkpoint(trainer: Trainer, path: Path, *, corpus: str) -> None:
    """Write the trainer's state; a crash leaves the old file or the new one, never half of one."""
    temporary = path.with_suffix(".partial")
    with temporary.open("wb") as file:
        torch.save({**trainer.state_dict(), "corpus": corpus}, file)
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


def averaged_analyser(state: dict[str, Any]) -> Analyser:
    """The averaged analyser of a checkpoint, ready to look at photos."""
    analyser = Analyser(Config.from_dict(state["config"]).widths)
    analyser.load_state_dict(state["averaged"])
    return analyser.eval()


def resume(config: Config, path: Path, *, corpus: str) -> Trainer:
    """Open the run saved at `path`, or begin it; refuse another configuration or corpus."""
    trainer = Trainer(config)
    if not path.exists():
        return trainer
    state = read_checkpoint(path)
    if Config.from_dict(state["config"]) != config or state["corpus"] != corpus:
        raise UnusableCheckpoint(
            f"{path} belongs to a run with other settings or another corpus."
            " Choose an empty folder, or --start-from it to fine-tune its weights."
        )
    trainer.load_state_dict(state)
    return trainer
