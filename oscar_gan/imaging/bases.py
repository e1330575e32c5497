"""The base colours of a product, each with all that dyeing it needs, and the prints on it."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from .colour import bytes_to_oklab
from .dye import Material, fit_material, membership
from .matte import bounding_box
from .outlines import FADING, SHARP, SHARP_SHADOW, fading, sharpness
from .palette import Palette, find_palette
from .sampling import OVERVIEW_SIDE, fractions_of, reduced
from .separation import UNSURE, kinds_of
from .swatch import Swatch, estimate_swatch

MAX_COLOURS = 4
MIN_WEIGHT = 0.04
"""Share of the product from which a colour may be given a target of its own; the others are
prints, if anything."""
SIDE = 1000
"""Long side in pixels, at least, of the picture in which outlines are looked at."""

Lattice = tuple[NDArray[np.intp], NDArray[np.floating]]


@dataclass(frozen=True, slots=True, eq=False)
class BaseColour:
    """One of the product's colours."""

    weight: float
    """Share of the product, 0 to 1."""
    swatch: Swatch
    samples: NDArray[np.floating]
    """(k, 3): the swatch's frozen pixels in OKLab."""
    material: Material
    is_own: bool
    """Whether it is a material of its own, and not the main colour in other light."""


def find_bases(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    positions: NDArray[np.intp],
    counted: NDArray[np.bool_],
    lattice: Lattice,
    overview: NDArray[np.uint8] | None = None,
) -> tuple[tuple[BaseColour, ...], tuple[Material, ...]]:
    """Read a product's colours from a photo (H, W, 3) at some flat positions (n,) of it.

    `matte` (H, W) is the product; `counted` (n,) are the positions that may be dyed; `lattice`
    are the table points that the product needs, and their OKLab colours; `overview` (h, w, 3) is
    the photo's, if it is at hand. Returns up to four colours, the largest first, and the prints
    that cover less.
    """
    rgb = pixels.reshape(-1, 3)
    oklab = bytes_to_oklab(rgb[positions])
    overview = reduced(pixels, OVERVIEW_SIDE) if overview is None else overview
    roughness = _roughness(overview, *fractions_of(positions, matte.shape))
    palette = find_palette(oklab, roughness, counted)
    members = [palette.labels == kind for kind in range(len(palette.weights))]
    if len(members) > 1:  # beside another colour, pixels may be mixtures of the two
        members = [_calm_half(part, roughness) for part in members]
    swatches = [estimate_swatch(oklab[part], positions[part]) for part in members]
    materials = [
        fit_material(swatch.oklab, oklab[part])
        for swatch, part in zip(swatches, members, strict=True)
    ]
    large = (palette.weights >= MIN_WEIGHT) & (np.arange(len(members)) < MAX_COLOURS)
    large[0] = True
    own = _are_own(pixels, matte, palette, materials, lattice, large)
    weights = palette.weights / palette.weights[large].sum()
    colours = [
        BaseColour(
            float(weights[kind]), swatches[kind],
            bytes_to_oklab(rgb[swatches[kind].positions]), materials[kind], bool(own[kind]),
        )
        for kind in np.flatnonzero(large)
    ]  # fmt: skip
    return tuple(colours), tuple(materials[kind] for kind in np.flatnonzero(own & ~large))


def _calm_half(part: NDArray[np.bool_], roughness: NDArray[np.floating]) -> NDArray[np.bool_]:
    """The half of some pixels (n,) around which the photo changes least."""
    return part & (roughness <= np.median(roughness[part]))


def _are_own(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    palette: Palette,
    materials: list[Material],
    lattice: Lattice,
    large: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell which colours (k,) are materials of their own: the main one, and what ends sharply."""
    if len(materials) == 1:
        return np.ones(1, bool)
    box = bounding_box(matte)
    small = reduced(pixels[box], SIDE)
    kinds = kinds_of(small, materials, lattice)
    kinds[reduced(matte[box], SIDE) < 255] = UNSURE
    main = materials[0]
    shade = membership(palette.colours, main, 1.0) > 0.5
    shade &= palette.colours[:, 0] < main.base[0]
    sharp = sharpness(small, kinds, palette.colours)
    own = sharp >= np.where(shade, SHARP_SHADOW, SHARP)
    own &= large | ~shade  # a small dark spot is a deep fold
    lighter = palette.colours[:, 0] > main.base[0]
    own &= ~lighter | (fading(small, kinds, palette.colours) < FADING)
    own[0] = True
    return own


def _roughness(
    small: NDArray[np.uint8], y: NDArray[np.floating], x: NDArray[np.floating]
) -> NDArray[np.floating]:
    """How much an overview (h, w, 3) changes around fractions (n,) of its height and width.

    In levels of any channel: that tells mixtures of two colours.
    """
    import cv2

    around = np.ones((3, 3), np.uint8)
    change = reduce(cv2.max, cv2.split(cv2.morphologyEx(small, cv2.MORPH_GRADIENT, around)))
    return change[(y * len(small)).astype(int), (x * small.shape[1]).astype(int)]
