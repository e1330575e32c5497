"""Colour separation: which of a product's base colours each colour of the photo belongs to.

Printers separate a picture into inks; this separates it into materials. A colour belongs to the
material on whose plane it lies. Where planes meet (in the dark, in the light, and for greys
everywhere) the material whose own range of lightness is nearer has it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .dye import Material, membership, off_plane
from .lut import SIDE
from .palette import LIGHTNESS_WEIGHT
from .sampling import keys_of, strips

Array = NDArray[np.floating]

BLEND = 0.025
"""Difference in distance (OKLab) over which a colour passes from one material to another."""
UNSURE = 255
"""Kind of a pixel that is mixed of two, or of none of the colours looked at."""


def separate(
    oklab: Array, materials: Sequence[Material], gates: Sequence[float] | None = None
) -> Array:
    """Share (k, n) that each of k materials has in colours (n, 3).

    The shares of a colour add up to 1 at most; the rest is none of them (a print, say). `gates`
    are factors on the materials' spreads. One material alone has what is its member.
    """
    gates = gates or [1.0] * len(materials)
    members = np.stack(
        [membership(oklab, each, gate) for each, gate in zip(materials, gates, strict=True)]
    )
    if len(materials) == 1:
        return members
    distance = np.stack([_distance(oklab, each) for each in materials])
    closeness = np.exp(-(((distance - distance.min(axis=0)) / BLEND) ** 2))
    return members * closeness / closeness.sum(axis=0)


def kinds_of(
    pixels: NDArray[np.uint8],
    materials: Sequence[Material],
    lattice: tuple[NDArray[np.intp], NDArray[np.floating]],
    least: float = 0.5,
) -> NDArray[np.uint8]:
    """Say of pixels (h, w, 3) which of k materials each is, k for none (print), or `UNSURE`.

    `lattice` are the table points that the pixels need, and their OKLab colours; `least` is the
    share from which a pixel is sure.
    """
    import cv2

    indices, oklab = lattice
    shares = separate(oklab, materials)
    shares = np.vstack([shares, 1 - shares.sum(axis=0)])
    points = np.stack(np.unravel_index(indices, (SIDE,) * 3), axis=-1).astype(np.uint8)
    table = np.full((SIDE - 1) * 0x10101 + 1, UNSURE, np.uint8)
    table[keys_of(points[None])[0]] = np.where(
        shares.max(axis=0) >= least, shares.argmax(axis=0), UNSURE
    )
    kinds = np.empty(pixels.shape[:2], np.uint8)
    for strip in strips(pixels.shape):
        nearest = cv2.convertScaleAbs(pixels[strip], alpha=(SIDE - 1) / 255)
        np.take(table, keys_of(nearest), out=kinds[strip], mode="clip")  # else out is copied
    return kinds


def _distance(oklab: Array, material: Material) -> Array:
    """Distance (n,) of colours from a material's plane and from its range of lightness."""
    low, high = material.lit
    beyond = oklab[:, 0] - np.clip(oklab[:, 0], low, high)
    return np.hypot(np.abs(off_plane(oklab, material.base)), LIGHTNESS_WEIGHT * beyond)
