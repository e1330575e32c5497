"""Colours between two that are dyed: where stripes meet, there are pixels that are of neither.

Where only one of the two changes, such pixels are rightly left alone, or left to the seams. Where
both do, as under a print, each is dyed as the mixture that it is, or lines of the old colours
would show through the print.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .calibrate import Dye, shares_of
from .colour import linear_to_oklab, oklab_to_linear, oklab_to_srgb, srgb_to_linear, srgb_to_oklab
from .dye import dyed

Array = NDArray[np.floating]

LIGHTS = np.array([0.5, 0.65, 0.8, 0.9, 1.0, 1.1])
"""Shares of their full light in which mixtures are looked for: folds dim both colours."""
NEAR, FAR = 0.035, 0.09
"""Distance (OKLab) from a mixture up to which a colour is one, and from which it is not."""


def bridge(oklab: Array, made: Array, dyes: Sequence[Dye]) -> Array:
    """Complete what became (n, 3) sRGB of colours (n, 3) OKLab by those between two dyed ones."""
    changed = [dye for dye in dyes if dye.target is not None]
    missing = 1 - shares_of(oklab, dyes).sum(axis=0)
    some = np.flatnonzero(missing > 1e-3)
    if len(changed) < 2 or not len(some):
        return made
    colours = oklab[some]
    nearness, bridged = np.zeros(len(some)), np.zeros_like(colours)
    for one, other in combinations(changed, 2):
        share, away = _between(colours, one, other)
        near = np.clip((FAR - away) / (FAR - NEAR), 0, 1)
        mixed = _mixed(colours, share, one, other)
        better = near > nearness
        nearness[better], bridged[better] = near[better], mixed[better]
    weight = (missing[some] * nearness)[:, None]
    result = made.copy()
    before = srgb_to_oklab(made[some])
    result[some] = np.clip(oklab_to_srgb(before + weight * (bridged - colours)), 0, 1)
    return result


def _mixed(colours: Array, share: Array, one: Dye, other: Dye) -> Array:
    """Light as both dyes would have it, in the hue of what the two become."""
    ends = (dyed(colours, each.material, each.target, each.grade) for each in (one, other))
    lights = [end[:, 0] for end in ends]
    light = share * lights[0] + (1 - share) * lights[1]
    target = share[:, None] * one.target + (1 - share[:, None]) * other.target
    lit = np.clip(light / np.maximum(target[:, 0], 1e-3), 0, 1)
    return np.column_stack([light, target[:, 1:] * lit[:, None]])


def _between(colours: Array, one: Dye, other: Dye) -> tuple[Array, Array]:
    """Share (n,) of the first of two materials in colours (n, 3), and how far they are off."""
    ends = np.maximum(oklab_to_linear(np.stack([one.material.base, other.material.base])), 0)
    light = srgb_to_linear(np.clip(oklab_to_srgb(colours), 0, 1))
    share, away = np.zeros(len(colours)), np.full(len(colours), np.inf)
    for lit in LIGHTS:
        across = lit * (ends[0] - ends[1])
        part = (light - lit * ends[1]) @ across / max(float(across @ across), 1e-9)
        part = np.clip(part, 0, 1)
        nearest = lit * ends[1] + part[:, None] * across
        distance = np.linalg.norm(linear_to_oklab(nearest) - colours, axis=1)
        better = distance < away
        share[better], away[better] = part[better], distance[better]
    # Light mixes evenly, but a dye's own colour is carried over evenly in OKLab.
    mixed = linear_to_oklab(ends[1] + share[:, None] * (ends[0] - ends[1]))
    across = one.material.base - other.material.base
    share = (mixed - other.material.base) @ across / max(float(across @ across), 1e-9)
    return np.clip(share, 0, 1), away
