"""What the analyser is taught by labels and by common sense."""

import torch
from torch import Tensor
from torch.nn.functional import (
    avg_pool2d,
    binary_cross_entropy_with_logits,
    max_pool2d,
    relu,
    smooth_l1_loss,
)

from .data import Batch
from .networks import Analysis
from .recolour import base_colours

COVERAGE = (0.04, 0.85)
"""Share of a photo that a product covers; outside it, something is wrong."""


THIN = 7
"""Pixels up to which a strap, a stem or a gap between two legs is thin."""
THIN_WEIGHT = 3.0
"""How much thin parts count: few pixels, but the ones that staff would have to draw."""


def supervised(seen: Analysis, batch: Batch) -> dict[str, Tensor]:
    """Losses against labels, by name: cross-entropy and overlap of both mattes, base colour."""
    material = batch.matte * (1 - batch.keep)
    inside = batch.keep_weight * (0.05 + batch.matte)  # prints are searched in the product
    colour = seen.features[:, :3]
    return {
        "matte": weighted_cross_entropy(
            seen.matte, batch.matte, batch.matte_weight * emphasis(batch.matte)
        ),
        "guess": 0.3
        * weighted_cross_entropy(
            seen.coarse, avg_pool2d(batch.matte, 4), avg_pool2d(batch.matte_weight, 4)
        ),
        "overlap": 0.5 * soft_jaccard(seen.matte, batch.matte, batch.matte_weight),
        "keep": 0.5 * weighted_cross_entropy(seen.keep, batch.keep, inside),
        "keep overlap": 0.1 * soft_jaccard(seen.keep, batch.keep, inside),
        "colour": 0.5 * smooth_l1_loss(colour, base_colours(batch.images, material), beta=0.1),
    }


def emphasis(labels: Tensor) -> Tensor:
    """Weights (N, 1, H, W): 1, rising to `THIN_WEIGHT` on parts and gaps up to `THIN` wide."""
    opened = -max_pool2d(-labels, THIN, 1, THIN // 2)
    opened = max_pool2d(opened, THIN, 1, THIN // 2)
    closed = max_pool2d(labels, THIN, 1, THIN // 2)
    closed = -max_pool2d(-closed, THIN, 1, THIN // 2)
    return 1 + (THIN_WEIGHT - 1) * (closed - opened)


def weighted_cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Binary cross-entropy averaged over what is believed."""
    losses = binary_cross_entropy_with_logits(logits, labels, reduction="none")
    return (losses * weights).sum() / weights.sum().clamp_min(1)


def soft_jaccard(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """One minus the overlap (intersection over union) of soft masks, mean over the batch."""
    soft = logits.sigmoid() * weights
    labels = labels * weights
    both = (soft * labels).sum((1, 2, 3))
    either = (soft + labels).sum((1, 2, 3)) - both
    return (1 - (both + 1) / (either + 1)).mean()


def plausible_coverage(matte: Tensor) -> Tensor:
    """Zero while the mean of soft mattes (N, 1, H, W) stays within `COVERAGE`, then linear."""
    covered = matte.mean((1, 2, 3))
    return (relu(COVERAGE[0] - covered) + relu(covered - COVERAGE[1])).mean()


def cloth_crops(images: Tensor, mattes: Tensor, side: int) -> Tensor:
    """From each image the square (N, 3, side, side) that lies deepest in its matte."""
    stride = 4
    filled = avg_pool2d(mattes, side, stride)[:, 0]
    columns = filled.shape[-1]
    crops = []
    for image, place in zip(images, filled.flatten(1).argmax(1).tolist(), strict=True):
        y, x = (stride * value for value in divmod(place, columns))
        crops.append(image[:, y : y + side, x : x + side])
    return torch.stack(crops)
