"""Trained networks as serving sees them: what is exported, with its inputs and outputs named."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.photo import ANALYSIS_SIDE as SIDE

from .networks import Analyser


class ExportFailed(OscarGanError):
    """The exported file is not what was trained, or not what may be shipped."""

    code = "export-failed"


class Served(Protocol):
    """A module that `export` can write: positional inputs, a tuple of outputs."""

    inputs: ClassVar[Mapping[str, tuple[int, ...]]]
    """By name: shape of one example; values in [0, 1] are asked of it. N comes first."""
    outputs: ClassVar[tuple[str, ...]]


class ServedAnalyser(nn.Module):
    """The analyser at 256 px in and out, with probabilities instead of logits.

    A network trained at 128 px sees the photo reduced to that, and its answer is enlarged: to a
    network, the same product at twice the size is another product. It looks at the photo and at
    its mirror image, and the mean of both logits counts: errors seldom agree.
    """

    inputs: ClassVar = {"photo": (3, SIDE, SIDE)}
    outputs: ClassVar = ("matte", "keep", "features")

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
