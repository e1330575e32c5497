"""Networks back out of an exported ONNX file, exactly: the export keeps torch's names.

So weights that ship, or that a shop's own training has exported, can be fine-tuned without the
checkpoint that they came from.
"""

import json
from pathlib import Path
from typing import Any

import onnx
import torch
from google.protobuf.message import DecodeError
from onnx.numpy_helper import to_array
from torch import Tensor

from oscar_gan.errors import OscarGanError

SUFFIX = ".onnx"
STATISTIC = ".running_var"
COUNTER = ".num_batches_tracked"
"""Buffer of batch normalisation that no export needs; it counts, and nothing reads it."""


class UnusableCheckpoint(OscarGanError):
    """A checkpoint or an export is missing, damaged, or of another configuration."""

    code = "unusable-checkpoint"


def read_export(path: Path) -> dict[str, Any]:
    """Read an exported file as `checkpoints.read_checkpoint` reads a checkpoint.

    The state has `lesson`, `config`, `settings`, `step`, `corpus` and the networks that were
    exported as `averaged`; no optimiser, so that a run can start from it but not go on.
    """
    try:
        model = onnx.load(path)
    except FileNotFoundError as error:
        raise UnusableCheckpoint(f"There is no export at {path}.") from error
    except (DecodeError, OSError) as error:
        raise UnusableCheckpoint(f"{path} is no ONNX file ({error}).") from error
    about = {entry.key: entry.value for entry in model.metadata_props}
    try:
        settings = json.loads(about["config"])
        state = {
            "lesson": about["name"],
            "config": settings["loop"],
            "settings": settings["lesson"],
            "step": int(about["step"]),
            "corpus": about["corpus"],
        }
    except (KeyError, ValueError) as error:
        raise UnusableCheckpoint(
            f"{path} does not say how it was trained ({error!r}); choose a file that the lab"
            " exported."
        ) from error
    return state | {"averaged": _weights(model)}


def blended(averaged: dict[str, Tensor], export: Path, share: float) -> dict[str, Tensor]:
    """Weights of which a `share` (0 to 1) is that of an exported file of the same network.

    Raises UnusableCheckpoint.
    """
    other = read_export(export)["averaged"]
    if other.keys() != averaged.keys():
        raise UnusableCheckpoint(f"{export} holds another network; the two cannot be blended.")
    return {
        name: torch.lerp(weight, other[name].to(weight), share)
        if weight.is_floating_point()
        else weight
        for name, weight in averaged.items()
    }


def _weights(model: onnx.ModelProto) -> dict[str, Tensor]:
    """Parameters and buffers by torch's names; what the exporter added is no network's."""
    weights = {
        each.name: torch.from_numpy(to_array(each).copy())
        for each in model.graph.initializer
        if "." in each.name
    }
    counters = {
        f"{name.removesuffix(STATISTIC)}{COUNTER}": torch.tensor(0)
        for name in weights
        if name.endswith(STATISTIC)
    }
    return weights | counters
