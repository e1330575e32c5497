"""Colours that follow each other along a product: its axis, and passages even to the eye."""

import numpy as np
from numpy.typing import NDArray

from .colour import linear_to_oklab, oklab_to_linear
from .plans import Ink
from .sampling import places_of, reduced
from .scene import Scene

SIDE = 400
"""Long side in pixels, at least, of the product at which its extent is measured."""


def axis_of(scene: Scene, degrees: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the product begins in a direction (0: downwards, 90: to the left), and how long it is.

    Both (down, right) in pixels.
    """
    turn = np.radians(degrees)
    direction = np.array([np.cos(turn), -np.sin(turn)])
    rows, columns = scene.box
    inside = reduced(np.ascontiguousarray(scene.matte[scene.box]), SIDE)
    y, x = places_of((inside > 127).astype(np.uint8))
    step = (rows.stop - rows.start) / inside.shape[0]
    places = np.stack([y * step + rows.start, x * step + columns.start], axis=-1)
    if not len(places):
        places = np.array([[rows.start, columns.start], [rows.stop, columns.stop]])
    reach = places @ direction
    low, high = float(reach.min()), max(float(reach.max()), float(reach.min()) + 1)
    middle = places.mean(axis=0)
    start = middle + (low - middle @ direction) * direction
    along = (high - low) * direction
    return (float(start[0]), float(start[1])), (float(along[0]), float(along[1]))


def even_passage(one: Ink, other: Ink) -> NDArray[np.floating]:
    """Shares (256,) of the other ink with which lightness changes evenly, eased at both ends."""
    t = np.linspace(0, 1, 256)
    eased = t * t * (3 - 2 * t)
    if one.targets[0] is None or other.targets[0] is None:
        return eased
    ends = np.maximum(oklab_to_linear(np.stack([one.targets[0], other.targets[0]])), 0)
    mixed = linear_to_oklab((1 - t[:, None]) * ends[0] + t[:, None] * ends[1])[:, 0]
    change = mixed[-1] - mixed[0]
    if abs(change) < 0.05:
        return eased
    return np.interp(eased, np.maximum.accumulate((mixed - mixed[0]) / change), t)
