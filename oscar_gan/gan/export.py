"""Export: averaged weights to one ONNX file that says what it is, checked against torch."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.photo import ANALYSIS_SIDE as SIDE
from oscar_gan.inference.analyser import MANIFEST

from .checkpoints import averaged_analyser, read_checkpoint
from .networks import Analyser, count_parameters

OPSET = 18
LARGEST_FILE = 3 * 1024 * 1024
PARITY = 1e-4
OUTPUTS = ("matte", "keep", "features")
DATA = (
    "clothing-dataset (CC0 1.0); Saleor and Solidus demo product cut-outs (BSD-3-Clause);"
    " procedural products, prints and grounds; rendered scenes of this project"
)


class ExportFailed(OscarGanError):
    """The exported file is not what was trained, or not what may be shipped."""

    code = "export-failed"


class Served(nn.Module):
    """The analyser as serving sees it: 256 px in and out, probabilities instead of logits.

    A network trained at 128 px sees the photo reduced to that, and its answer is enlarged: to a
    network, the same product at twice the size is another product. It looks at the photo and at
    its mirror image, and the mean of both logits counts: errors seldom agree.
    """

    def __init__(self, analyser: Analyser, trained_side: int) -> None:
        super().__init__()
        self.analyser = analyser
        self.reduction = SIDE // trained_side
        if self.reduction * trained_side != SIDE:
            raise ExportFailed(
                f"The network was trained at {trained_side} px; serving needs a side that divides"
                f" {SIDE}. Fine-tune it at 64, 128 or 256 px."
            )

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        factor = self.reduction
        small = avg_pool2d(photo, factor) if factor > 1 else photo
        plain, mirrored = self.analyser(small), self.analyser(small.flip(-1))
        mattes = torch.cat([plain.matte, plain.keep], 1)
        mattes = (mattes + torch.cat([mirrored.matte, mirrored.keep], 1).flip(-1)) / 2
        if factor > 1:
            mattes = interpolate(
                mattes, scale_factor=float(factor), mode="bilinear", align_corners=False
            )
        matte, keep = mattes.sigmoid().split(1, dim=1)
        return matte, keep, (plain.features + mirrored.features) / 2


def served_analyser(state: dict[str, Any]) -> Served:
    """A checkpoint's averaged analyser as it would be exported."""
    return Served(averaged_analyser(state), state["config"]["side"]).eval()


def export_checkpoint(checkpoint: Path, path: Path, *, name: str, version: str) -> str:
    """Write a checkpoint's averaged analyser as ONNX; return the file's SHA-256.

    At most 3 MiB of weights. The file is checked (valid, outputs within 1e-4 of torch's on six
    inputs) before it takes its name; `ExportFailed` otherwise.
    """
    state = read_checkpoint(checkpoint)
    served = served_analyser(state)
    _check_size(served)
    temporary = path.with_suffix(".partial")
    torch.onnx.export(
        served,
        (torch.rand(2, 3, SIDE, SIDE),),
        temporary,
        input_names=["photo"],
        output_names=list(OUTPUTS),
        opset_version=OPSET,
        dynamic_shapes={"photo": {0: torch.export.Dim("n", min=1)}},
        external_data=False,
        dynamo=True,
        verbose=False,
    )
    describe = {
        "name": name,
        "version": version,
        "config": json.dumps(state["config"]),
        "data": DATA,
        "corpus": state["corpus"],
        "step": str(state["step"]),
    }
    _add_metadata(temporary, describe)
    _check_parity(temporary, served)
    temporary.replace(path)
    return sha256(path.read_bytes()).hexdigest()


def register(
    folder: Path, generator: str, version: str, files: dict[str, tuple[str, str]]
) -> None:
    """Enter a generator's networks, name to (file, SHA-256), into the folder's manifest."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text()) if path.exists() else {"generators": {}}
    manifest["generators"][generator] = {
        "version": version,
        "files": {
            network: {"path": name, "sha256": digest} for network, (name, digest) in files.items()
        },
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n")


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
    random = torch.Generator().manual_seed(0)
    inputs = [torch.full((1, 3, SIDE, SIDE), level) for level in (0.0, 0.5, 1.0)]
    inputs += [torch.rand(count, 3, SIDE, SIDE, generator=random) for count in (1, 2)]
    inputs.append(torch.linspace(0, 1, SIDE).expand(1, 3, SIDE, SIDE).contiguous())
    errors = [0.0]
    for photo in inputs:
        expected = served(photo)
        found = session.run(list(OUTPUTS), {"photo": photo.numpy()})
        errors += [
            float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, found, strict=True)
        ]
    return max(errors)
