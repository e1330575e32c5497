"""Trained networks as serving sees them: what is exported, with its inputs and outputs named."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.photo import ANALYSIS_SIDE as SIDE

from .networks import Analyser

STRIDE = 32
"""What the analyser's sides are divisible by: five halvings."""
MIRRORED_UP_TO = 128
"""Side in pixels up to which two looks cost less than one at the full size."""


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

    A network sees the photo at the size it was trained at, and its answer is enlarged: to a
    network, the same product at another size is another product. Up to `MIRRORED_UP_TO` px there
    is time to look at the mirror image, too; then the mean of both logits counts.
    """

    inputs: ClassVar = {"photo": (3, SIDE, SIDE)}
    outputs: ClassVar = ("matte", "keep", "features")

    def __init__(self, analyser: Analyser, trained_side: int) -> None:
        super().__init__()
        if trained_side % STRIDE or not STRIDE <= trained_side <= SIDE:
            raise ExportFailed(
                f"The network was trained at {trained_side} px; serving needs a multiple of"
                f" {STRIDE} up to {SIDE}. Fine-tune it at 128, 192 or 256 px."
            )
        self.analyser = analyser
        self.side = trained_side

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        small = reduced(photo, self.side)
        seen = self.analyser(small)
        mattes, features = torch.cat([seen.matte, seen.keep], 1), seen.features
        if self.side <= MIRRORED_UP_TO:
            mirrored = self.analyser(small.flip(-1))
            mattes = (mattes + torch.cat([mirrored.matte, mirrored.keep], 1).flip(-1)) / 2
            features = (features + mirrored.features) / 2
        if self.side < SIDE:
            mattes = interpolate(mattes, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        matte, keep = mattes.sigmoid().split(1, dim=1)
        return matte, keep, features


def reduced(photos: Tensor, side: int) -> Tensor:
    """Photos (N, 3, S, S) at the smaller `side` that a network was trained at."""
    full = photos.shape[-1]
    if full % side == 0:
        return avg_pool2d(photos, full // side) if full > side else photos
    return interpolate(photos, size=(side, side), mode="bilinear", align_corners=False)
