"""Ways to recolour a product, ours and its peers, all asked in the same way.

The peers know no mattes: they are lent ours. `Reinhard*` is moreover *given* the mean and spread
of the true result, which no shop could tell it; every other method knows one colour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from oscar_gan.engine import (
    Analysis,
    Generator,
    Photo,
    Segmentation,
    open_generator,
    open_weights,
)
from oscar_gan.errors import UnusableMatte
from oscar_gan.imaging.colour import parse_hex

Pixels = NDArray[np.uint8]
Array = NDArray[np.floating]

GREY_SATURATION = 0.08
"""HSV saturation below which a colour has no hue to speak of, and none that could be scaled."""


class Made(NamedTuple):
    """A result; `refusal` is the engine's code for why it would not be used, if any."""

    pixels: Pixels
    refusal: str | None = None


class Statistics(NamedTuple):
    """Mean and spread (3,) of CIELAB inside a product."""

    mean: Array
    spread: Array


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A recolouring method by name, and the generator that finds the product for it."""

    name: str
    finder: Generator
    recolour: Callable[[Photo, Analysis, str, Statistics], Made]


class Finds:
    """What each generator finds in one photo, looked for once, under a given matte or its own."""

    def __init__(self, photo: Photo, matte: Pixels | None = None) -> None:
        self._photo, self._matte = photo, matte
        self._found: dict[Generator, Analysis | None] = {}

    def of(self, method: Method) -> Analysis | None:
        """The analysis a method works on; None where no product was found."""
        finder = method.finder
        if self._matte is not None and finder.name == "classic":
            finder = CLOSED_FORM  # GrabCut's answer would go unheard
        if finder not in self._found:
            try:
                self._found[finder] = finder.analyse(self._photo, matte=self._matte)
            except UnusableMatte:
                self._found[finder] = None
        return self._found[finder]


def _nothing(view: NDArray[np.float32], drawn: bool) -> Segmentation:
    return Segmentation(np.zeros(view.shape[:2], np.float32), None, 0.0)


CLOSED_FORM = Generator("closed form", "1", "", _nothing)
"""`classic` where the matte is given."""


def methods(weights: list[Path]) -> list[Method]:
    """Every method; one `recolour` for each folder of weights, else that of the shipped ones."""
    ours = [open_weights(folder, device="cpu") for folder in weights] or [open_generator()]
    classic = open_generator("classic")
    names = [f"recolour {folder.name}" for folder in weights] if len(ours) > 1 else ["recolour"]
    return [
        *(
            Method(name, each, partial(_by_engine, each))
            for name, each in zip(names, ours, strict=True)
        ),
        Method("classic", classic, partial(_by_engine, classic)),
        Method("HSV replace", ours[0], _by_hsv),
        Method("Lab shift", ours[0], _by_shift),
        Method("Reinhard*", ours[0], _by_statistics),
    ]


def photo_of(pixels: Pixels) -> Photo:
    """Treat pixels (h, w, 3) as a photo read from a lossless file."""
    return Photo(pixels=pixels, alpha=None, format="PNG", lossless=True, jpeg=None, digest="")


def statistics_of(pixels: Pixels, inside: NDArray[np.bool_]) -> Statistics:
    """Mean and spread of a picture (h, w, 3) inside a mask (h, w)."""
    found = lab(pixels)[inside]
    return Statistics(found.mean(0), found.std(0))


def lab(pixels: Pixels) -> NDArray[np.float32]:
    """8-bit sRGB (h, w, 3) to CIELAB in single precision."""
    return cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _by_engine(
    generator: Generator, photo: Photo, analysis: Analysis, target: str, given: Statistics
) -> Made:
    made = generator.recolour(photo, analysis, target)
    refusal = made.assessment.refusal
    return Made(made.pixels, refusal.code if refusal else None)


def _by_hsv(photo: Photo, analysis: Analysis, target: str, given: Statistics) -> Made:
    """Replace the hue; scale saturation and value by what the swatch needs."""
    picture = cv2.cvtColor(photo.pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    (_, own_s, own_v), (hue, s, v) = (
        cv2.cvtColor(parse_hex(colour).astype(np.float32)[None, None], cv2.COLOR_RGB2HSV)[0, 0]
        for colour in (analysis.swatch, target)
    )
    picture[..., 0] = hue
    picture[..., 1] = (picture[..., 1] * s / own_s).clip(0, 1) if own_s > GREY_SATURATION else s
    picture[..., 2] = (picture[..., 2] * v / max(own_v, 1e-3)).clip(0, 1)
    return Made(_blended(photo, analysis, cv2.cvtColor(picture, cv2.COLOR_HSV2RGB)))


def _by_shift(photo: Photo, analysis: Analysis, target: str, given: Statistics) -> Made:
    """Add the same difference in CIELAB to every pixel."""
    own, wanted = (
        cv2.cvtColor(parse_hex(colour).astype(np.float32)[None, None], cv2.COLOR_RGB2LAB)[0, 0]
        for colour in (analysis.swatch, target)
    )
    return Made(_blended(photo, analysis, _to_rgb(lab(photo.pixels) + wanted - own)))


def _by_statistics(photo: Photo, analysis: Analysis, target: str, given: Statistics) -> Made:
    """Match mean and spread per CIELAB channel (Reinhard and others, 2001)."""
    inside = analysis.matte > 127
    picture = lab(photo.pixels)
    own = picture[inside]
    scaled = (picture - own.mean(0)) / (own.std(0) + 1e-6) * given.spread + given.mean
    return Made(_blended(photo, analysis, _to_rgb(scaled)))


def _to_rgb(picture: Array) -> NDArray[np.float32]:
    return cv2.cvtColor(picture.astype(np.float32), cv2.COLOR_LAB2RGB).clip(0, 1)


def _blended(photo: Photo, analysis: Analysis, recoloured: Array) -> Pixels:
    """Lay a recoloured picture (h, w, 3) in [0, 1] over the photo by the matte."""
    share = analysis.matte[..., None] / np.float32(255)
    mixed = 255 * share * recoloured + (1 - share) * photo.pixels
    return np.rint(mixed).clip(0, 255).astype(np.uint8)
