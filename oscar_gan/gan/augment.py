"""What the discriminator's images go through: flip, translate, cutout; never colour.

DiffAugment (Zhao et al. 2020) without its colour part: colour is the very edit being judged.
The same draw is used for a real and the fake paired with it.
"""

import torch
from torch import Tensor
from torch.nn.functional import pad

SHIFT = 0.125
CUTOUT = 0.375


def augment(*batches: Tensor, generator: torch.Generator, chance: float) -> list[Tensor]:
    """Transform batches (N, C, H, W) alike; differentiable.

    Each image is flipped, shifted by up to `SHIFT` of its side and loses a square of `CUTOUT` of
    its side, each with probability `chance` (a flip with half of it).
    """
    count, _, height, width = batches[0].shape
    draws = torch.rand(count, 7, generator=generator)
    results = []
    for batch in batches:
        images = [
            _one(image, draw.tolist(), chance, height, width)
            for image, draw in zip(batch, draws, strict=True)
        ]
        results.append(torch.stack(images))
    return results


def with_noise(images: Tensor, level: float) -> Tensor:
    """Add white noise of this standard deviation: real and made pictures come to overlap.

    Then no judge is ever certain (Sønderby et al. 2017, Arjovsky and Bottou 2017).
    """
    return images + level * torch.randn_like(images) if level else images


def _one(image: Tensor, draw: list[float], chance: float, height: int, width: int) -> Tensor:
    flip, move, down, across, cut, top, left = draw
    if flip < chance / 2:
        image = image.flip(-1)
    if move < chance:
        y, x = round((2 * down - 1) * SHIFT * height), round((2 * across - 1) * SHIFT * width)
        image = pad(image, (max(x, 0), max(-x, 0), max(y, 0), max(-y, 0)))
        image = image[:, max(-y, 0) :, max(-x, 0) :][:, :height, :width]
    if cut < chance:
        tall, wide = round(CUTOUT * height), round(CUTOUT * width)
        y, x = round(top * (height - tall)), round(left * (width - wide))
        mask = torch.ones_like(image)
        mask[:, y : y + tall, x : x + wide] = 0
        image = image * mask
    return image
