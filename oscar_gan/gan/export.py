"""Export: averaged weights to one ONNX file that says what it is, checked against torch."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor

from oscar_gan.inference.analyser import MANIFEST

from .checkpoints import read_checkpoint
from .exported import blended
from .lessons import learnt
from .networks import count_parameters
from .serving import ExportFailed, Served

OPSET = 18
LARGEST_FILE = 3 * 1024 * 1024
PARITY = 1e-4


def served_of(state: dict[str, Any]) -> Served:
    """A checkpoint's averaged network as it would be exported."""
    lesson = learnt(state)
    return lesson.served(lesson.networks).eval()


def export_checkpoint(
    checkpoint: Path,
    path: Path,
    *,
    version: str,
    data: str = "not stated",
    blend: tuple[Path, float] | None = None,
) -> str:
    """Write a checkpoint's averaged network as ONNX; return the file's SHA-256.

    `data` says what it was trained on, with licences; the file carries it. `blend` are another
    export of the same network and its share (0 to 1) of the weights. At most 3 MiB of weights.
    The file is checked (valid, outputs within 1e-4 of torch's on six inputs) before it takes its
    name; `ExportFailed` otherwise.
    """
    state = read_checkpoint(checkpoint)
    if blend:
        state["averaged"] = blended(state["averaged"], *blend)
    served = served_of(state)
    _check_size(served)
    temporary = path.with_suffix(".partial")
    torch.onnx.export(
        served,
        tuple(torch.rand(2, *shape) for shape in served.inputs.values()),
        temporary,
        input_names=list(served.inputs),
        output_names=list(served.outputs),
        opset_version=OPSET,
        dynamic_shapes=tuple({0: torch.export.Dim("n", min=1)} for _ in served.inputs),
        external_data=False,
        dynamo=True,
        verbose=False,
    )
    _add_metadata(temporary, description(state, version) | {"data": data})
    _check_parity(temporary, served)
    temporary.replace(path)
    return sha256(path.read_bytes()).hexdigest()


def description(state: dict[str, Any], version: str) -> dict[str, str]:
    """What an exported file says about itself, from its checkpoint's state."""
    return {
        "name": state["lesson"],
        "version": version,
        "config": json.dumps({"loop": state["config"], "lesson": state["settings"]}),
        "step": str(state["step"]),
        "corpus": state["corpus"],
        "commit": _commit(),
    }


def register(
    folder: Path, generator: str, version: str, files: dict[str, tuple[str, str]]
) -> None:
    """Enter networks of a generator, name to (file, SHA-256), into the folder's manifest.

    Its other networks stay as they are.
    """
    path = folder / MANIFEST
    manifest = json.loads(path.read_text()) if path.exists() else {"generators": {}}
    entry = manifest["generators"].setdefault(generator, {"files": {}})
    entry["version"] = version
    for network, (name, digest) in files.items():
        entry["files"][network] = {"path": name, "sha256": digest}
    path.write_text(json.dumps(manifest, indent=2) + "\n")


def _commit() -> str:
    """The last commit that changed the lab, marked if files differ from it; "" outside git."""
    here = str(Path(__file__).parent)

    def git(*arguments: str) -> str:
        command = ["git", "-C", here, *arguments, "--", here]  # noqa: S607 - git of the PATH
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return done.stdout.strip()

    try:
        changed = "-modified" if git("status", "--porcelain", "--untracked-files=no") else ""
        return f"{commit}{changed}" if (commit := git("log", "-1", "--format=%H")) else ""
    except OSError:  # no git here
        return ""


def _add_metadata(path: Path, describe: dict[str, str]) -> None:
    model = onnx.load(path)
    for key, value in describe.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    for node in model.graph.node:  # the exporter leaves source lines of this machine in there
        del node.metadata_props[:]
    del model.graph.metadata_props[:]
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _check_size(served: Served) -> None:
    if (size := 4 * count_parameters(served)) > LARGEST_FILE:
        raise ExportFailed(
            f"The network takes {size / 2**20:.1f} MiB; at most {LARGEST_FILE / 2**20:.0f} MiB are"
            " shipped. Train one with narrower widths."
        )


def _check_parity(path: Path, served: Served) -> None:
    if (error := parity(path, served)) > PARITY:
        raise ExportFailed(
            f"ONNX Runtime and torch differ by {error:.1e}; the limit is {PARITY:.0e}."
        )


@torch.no_grad()
def parity(path: Path, served: Served) -> float:
    """Largest difference between the file under ONNX Runtime and torch, over six inputs."""
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    errors = [0.0]
    for inputs in _examples(served):
        expected = served(*inputs)
        given = {name: value.numpy() for name, value in zip(served.inputs, inputs, strict=True)}
        found = session.run(list(served.outputs), given)
        errors += [
            float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, found, strict=True)
        ]
    return max(errors)


def _examples(served: Served) -> list[list[Tensor]]:
    """Black, grey, white, two kinds of noise and a ramp, for all inputs at once."""
    random = torch.Generator().manual_seed(0)
    shapes = list(served.inputs.values())
    examples = [[torch.full((1, *shape), level) for shape in shapes] for level in (0.0, 0.5, 1.0)]
    examples += [
        [torch.rand(count, *shape, generator=random) for shape in shapes] for count in (1, 2)
    ]
    ramps = [torch.linspace(0, 1, shape[-1]).expand(1, *shape).contiguous() for shape in shapes]
    return [*examples, ramps]
