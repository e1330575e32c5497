"""Find the target that has to be asked of the dye model so that the swatch comes out as wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .colour import bytes_to_oklab, delta_e00, oklab_to_lab, oklab_to_srgb, srgb_to_oklab
from .dye import Grade, Material, dyed
from .gain import multiply_light
from .separation import separate
from .swatch import Swatch

STEPS = 5
CLOSE_ENOUGH = 0.15
"""ΔE00 at which to stop."""
LIGHTEST, DARKEST = 0.985, 0.125
"""Lightness (OKLab) that a swatch can have and still show folds; about ΔE00 1 off the ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Dye:
    """A material and what it becomes."""

    material: Material
    target: NDArray[np.floating] | None = None
    """(3,) OKLab; None: it stays as it is."""
    grade: Grade | None = None
    """How it changes; always there beside a target."""


def reachable(target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Move a target (3,) OKLab off pure white and pure black, so that shading survives."""
    aim = np.array(target, float)
    aim[0] = np.clip(aim[0], DARKEST, LIGHTEST)
    return aim


def transform(
    oklab: NDArray[np.floating],
    dyes: Sequence[Dye],
    shares: NDArray[np.floating] | None = None,
) -> NDArray[np.floating]:
    """Dye colours (n, 3) OKLab, each by its own material, to sRGB (n, 3) in [0, 1].

    `shares` are those of `shares_of`, if they are at hand.
    """
    result = oklab
    shares = shares_of(oklab, dyes) if shares is None else shares
    for each, share in zip(dyes, shares, strict=True):
        if each.target is not None:
            made = dyed(oklab, each.material, each.target, each.grade)
            result = result + share[:, None] * (made - oklab)
            if each.grade.residual is not None:
                result = result + share[:, None] * _residual_at(oklab, each.grade.residual)
    return np.clip(oklab_to_srgb(result), 0, 1)


def shares_of(oklab: NDArray[np.floating], dyes: Sequence[Dye]) -> NDArray[np.floating]:
    """Share (k, n) that each of k dyes' materials has in colours (n, 3) OKLab."""
    gates = [each.grade.gate if each.grade else 1.0 for each in dyes]
    return separate(oklab, [each.material for each in dyes], gates)


def calibrate(
    swatch: Swatch,
    samples: NDArray[np.floating],
    dyes: Sequence[Dye],
    place: int = 0,
    gain: NDArray[np.floating] | None = None,
) -> Dye:
    """Change the target of the dye at `place` so that its swatch becomes what is asked for.

    `samples` (k, 3) are the swatch's frozen pixels of the source in OKLab, `gain` (k, 3) the gain
    field there. A fixed-point iteration; the best of its steps counts.
    """
    dyes = list(dyes)
    best = dyes[place]
    aim, target, smallest = best.target, best.target, np.inf
    wanted, shares = oklab_to_lab(aim), shares_of(samples, dyes)
    for _ in range(STEPS):
        dyes[place] = replace(best, target=target)
        srgb = transform(samples, dyes, shares)
        if gain is not None:
            srgb = np.clip(multiply_light(srgb, gain), 0, 1)
        made = swatch.of_samples(bytes_to_oklab(np.rint(srgb * 255).astype(np.uint8)))
        error = float(delta_e00(wanted, oklab_to_lab(made)))
        if error < smallest:
            best, smallest = dyes[place], error
        if error < CLOSE_ENOUGH:
            break
        target = target + (aim - made)
    return best


def slope_at(dyes: Sequence[Dye], step: float = 4 / 255) -> float:
    """How many 8-bit levels of result one level of the photo makes, at most of any swatch."""
    return max(_slope(each, dyes, step) for each in dyes if each.target is not None)


def _slope(each: Dye, dyes: Sequence[Dye], step: float) -> float:
    base = oklab_to_srgb(each.material.base)
    around = np.clip(np.stack([base - step, base + step]), 0, 1)
    made = transform(srgb_to_oklab(around), dyes)
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
