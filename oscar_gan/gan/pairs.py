"""Recoloured pairs with exact truth: a rendered scene in one colour, and the same in another.

A pair is a pure function of scenes, seed and step, like every other training picture. Both
pictures go through one camera (exposure, cast, contrast). The swatch is read from the photo
and its frozen pixels are read again in the truth, exactly as serving measures its results: a pair
asks for what staff would ask for. Photos get no grain: a grader cannot take it away, and would
learn to flatten the cloth instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from oscar_gan.imaging.colour import (
    linear_to_srgb,
    oklab_to_linear,
    srgb_to_linear,
    srgb_to_oklab,
)
from oscar_gan.imaging.dye import fit_material
from oscar_gan.imaging.swatch import Swatch, estimate_swatch, sample_positions

from .compositing import random_dye
from .scenes import RENDERS, render_weights

BAND = 160
"""Frozen pixels kept of each band of a swatch."""
ALBEDO = (0.008, 0.9)
"""Linear albedo between which four renders tell a scene exactly."""
SMALLEST = 0.02
"""Share of a picture that its material covers at least."""


class Subjects(NamedTuple):
    """N photos of S×S pixels, what is to be recoloured in them, and into what."""

    photos: Tensor
    """(N, 3, S, S) sRGB in [0, 1]"""
    material: Tensor
    """(N, 1, S, S)"""
    base: Tensor
    aim: Tensor
    """(N, 3) OKLab: the swatch before, and the swatch asked for."""
    spread: Tensor
    """(N,): `imaging.dye.Material.spread`"""
    frozen: Tensor
    """(N, 2 × BAND): flat positions of the swatch's chroma band, then of its lightness band."""

    @classmethod
    def stacked(cls, subjects: Sequence["Subjects"]) -> "Subjects":
        """One batch of single subjects."""
        return cls(*(torch.stack(column) for column in zip(*subjects, strict=True)))


@dataclass(frozen=True, slots=True)
class Scenes:
    """Rendered scenes, decoded once."""

    light: NDArray[np.float16]
    """(S, 4, 3, h, w): linear light at the four albedos."""
    material: NDArray[np.uint8]
    """(S, h, w)"""

    @classmethod
    def decoded(cls, scenes: NDArray[np.uint8]) -> "Scenes":
        """Decode a corpus' scenes (S, h, w, 14); those with hardly any material drop out."""
        material = scenes[..., -2] - np.minimum(scenes[..., -1], scenes[..., -2])
        enough = np.flatnonzero((material > 127).mean(axis=(1, 2)) > SMALLEST)
        side = scenes.shape[1]
        light = np.empty((len(enough), 4, 3, side, side), np.float16)
        for place, index in enumerate(enough):
            linear = srgb_to_linear(scenes[index, ..., : 3 * len(RENDERS)] / 255)
            light[place] = linear.reshape(side, side, 4, 3).transpose(2, 3, 0, 1)
        return cls(light, material[enough])

    def pair(
        self,
        index: int,
        before: NDArray[np.floating],
        after: NDArray[np.floating],
        random: Generator | None = None,
    ) -> tuple[Subjects, Tensor]:
        """Scene `index` with its material in linear albedo `before` (3,), its truth in `after`.

        That is (3, S, S) sRGB. `random` draws camera and flip.
        """
        pictures = [light_of(self.light[index], albedo) for albedo in (before, after)]
        material = self.material[index]
        if random is not None and random.random() < 0.5:
            pictures = [picture[:, ::-1] for picture in pictures]
            material = np.ascontiguousarray(material[:, ::-1])
        photo, truth = _photographed(pictures, random)
        levels = np.rint(255 * photo).astype(np.uint8)
        swatch, spread = measured(levels, material)
        aim = swatch.measure(np.rint(255 * truth).astype(np.uint8))
        return subject(levels, material, swatch, spread, aim), _planes(truth)

    def random_pair(self, random: Generator) -> tuple[Subjects, Tensor]:
        """Any scene in any two colours."""
        index = random.integers(len(self.light))
        return self.pair(index, random_albedo(random), random_albedo(random), random)


def measured(levels: NDArray[np.uint8], material: NDArray[np.uint8]) -> tuple[Swatch, float]:
    """Swatch and spread of a material (S, S) in a photo (S, S, 3), as serving finds them."""
    positions = sample_positions(material)
    oklab = srgb_to_oklab(levels.reshape(-1, 3)[positions] / 255)
    swatch = estimate_swatch(oklab, positions)
    return swatch, fit_material(swatch.oklab, oklab).spread


def subject(
    levels: NDArray[np.uint8],
    material: NDArray[np.uint8],
    swatch: Swatch,
    spread: float,
    aim: NDArray[np.floating],
) -> Subjects:
    """One photo's entry in a batch."""
    frozen = np.concatenate([_thinned(swatch.chroma_pixels), _thinned(swatch.lightness_pixels)])
    return Subjects(
        _planes(levels / np.float32(255)),
        torch.from_numpy(material[None] / np.float32(255)),
        torch.tensor(swatch.oklab, dtype=torch.float32),
        torch.tensor(aim, dtype=torch.float32),
        torch.tensor(spread, dtype=torch.float32),
        torch.from_numpy(frozen),
    )


def light_of(light: NDArray[np.floating], albedo: NDArray[np.floating]) -> NDArray[np.float32]:
    """Linear light (h, w, 3) of a scene (4, 3, h, w) with its material in `albedo` (3,)."""
    weights = render_weights(albedo).astype(np.float32)
    return np.einsum("kc,kchw->hwc", weights, light.astype(np.float32))


def random_albedo(random: Generator) -> NDArray[np.floating]:
    """A linear albedo (3,) that four renders can tell."""
    return oklab_to_linear(random_dye(random)[None])[0].clip(*ALBEDO)


def _photographed(
    pictures: list[NDArray[np.floating]], random: Generator | None
) -> list[NDArray[np.float32]]:
    """One camera for both pictures: linear light to sRGB (h, w, 3) in [0, 1]."""
    if random is None:
        return [linear_to_srgb(picture.clip(0, 1)).astype(np.float32) for picture in pictures]
    gains = np.exp(random.normal(0, 0.03, 3) + random.normal(0, 0.15)).astype(np.float32)
    contrast = np.float32(np.exp(random.normal(0, 0.1)))
    made = [linear_to_srgb((picture * gains).clip(0, 1)) ** contrast for picture in pictures]
    return [picture.astype(np.float32) for picture in made]


def _thinned(positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """`BAND` of the positions, evenly; some of them twice where there are fewer."""
    return positions[np.linspace(0, len(positions) - 1, BAND).round().astype(int)]


def _planes(picture: NDArray[np.floating]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32))
