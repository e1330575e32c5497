"""Find the target that has to be asked of the dye model so that the swatch comes out as wanted."""

import numpy as np
from numpy.typing import NDArray

from .colour import (
    delta_e00,
    linear_to_oklab,
    oklab_to_lab,
    oklab_to_srgb,
    srgb_to_linear,
    srgb_to_oklab,
)
from .dye import Grade, Material, dye
from .gain import multiply_light
from .swatch import Swatch

STEPS = 5
CLOSE_ENOUGH = 0.15
"""ΔE00 at which to stop."""
LIGHTEST, DARKEST = 0.985, 0.125
"""Lightness (OKLab) that a swatch can have and still show folds; about ΔE00 1 off the ends."""


def reachable(target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Move a target (3,) OKLab off pure white and pure black, so that shading survives."""
    aim = np.array(target, float)
    aim[0] = np.clip(aim[0], DARKEST, LIGHTEST)
    return aim


def transform(
    oklab: NDArray[np.floating], material: Material, target: NDArray[np.floating], grade: Grade
) -> NDArray[np.floating]:
    """Dye colours (n, 3) OKLab and return them as sRGB (n, 3) in [0, 1]."""
    dyed = dye(oklab, material, target, grade)
    if grade.residual is not None:
        dyed = dyed + _residual_at(oklab, grade.residual)
    return np.clip(oklab_to_srgb(dyed), 0, 1)


def calibrate(
    swatch: Swatch,
    samples: NDArray[np.floating],
    material: Material,
    aim: NDArray[np.floating],
    grade: Grade,
    gain: NDArray[np.floating] | None = None,
) -> NDArray[np.float64]:
    """Return the target (3,) that makes the swatch `aim` (3,), both OKLab.

    `samples` (k, 3) are the swatch's frozen pixels of the source in OKLab, `gain` (k,) the gain
    field there. A fixed-point iteration; the best of its steps counts.
    """
    wanted = oklab_to_lab(aim)
    target, best, smallest = np.array(aim, float), np.array(aim, float), np.inf
    for _ in range(STEPS):
        srgb = transform(samples, material, target, grade)
        if gain is not None:
            srgb = np.clip(multiply_light(srgb, gain), 0, 1)
        rounded = np.rint(srgb * 255) / 255
        made = swatch.of_samples(linear_to_oklab(srgb_to_linear(rounded)))
        error = float(delta_e00(wanted, oklab_to_lab(made)))
        if error < smallest:
            best, smallest = target, error
        if error < CLOSE_ENOUGH:
            break
        target = target + (aim - made)
    return best


def slope_at(
    material: Material, target: NDArray[np.floating], grade: Grade, step: float = 4 / 255
) -> float:
    """How many 8-bit levels of result one level of the photo makes, around the swatch."""
    base = oklab_to_srgb(material.base)
    around = np.clip(np.stack([base - step, base + step]), 0, 1)
    made = transform(srgb_to_oklab(around), material, target, grade)
    return float(np.abs(made[1] - made[0]).max() / np.abs(around[1] - around[0]).max())


def _residual_at(
    oklab: NDArray[np.floating], residual: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Interpolate a residual table (m, m, m, 3) over the sRGB cube, trilinearly."""
    side = len(residual)
    place = np.clip(oklab_to_srgb(oklab), 0, 1) * (side - 1)
    low = np.minimum(place.astype(int), side - 2)
    part = place - low
    total = np.zeros_like(oklab)
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(corner, part, 1 - part), axis=-1)
        index = low + corner
        total += weight[:, None] * residual[index[:, 0], index[:, 1], index[:, 2]]
    return total
