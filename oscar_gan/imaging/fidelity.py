"""How much of a photo's folds is left under a print or style, whose own lines are not counted."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .colour import LINEAR_OF_BYTE, linear_to_srgb
from .fields import Field
from .sampling import reduced

SIDES = (280, 560, 140, 70)
"""Long sides in pixels, at least, of the product at which folds are compared: the first at which
enough of it is free of the print's own lines. Large motifs are at the first, the insides of small
ones at the second, what averages out at the others."""
ENOUGH = 0.15
"""Share of the product that must be free of them."""
MELANGE_SIDE = 70
"""The same where lines are everywhere."""
STEADY = 0.03
"""How much an ink's weight may vary around a place that is free of lines."""


def structure_under(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    inside: Callable[[int], NDArray[np.bool_]],
    field: Field,
    corner: tuple[int, int],
    levels: NDArray[np.floating],
) -> float:
    """Cosine of the gradients of two grey pictures (H, W) of a product, 0 to 1.

    Taken ink by ink, since a dark ink's folds are all fainter than a light one's, and averaged by
    how much fold the photo has there. `inside` says for a long side which places count; `corner`
    is where the pictures begin in the photo. Where lines are everywhere, what the inks would look
    like on a flat product, by the `levels` (K,) of light that each returns, is divided out.
    """
    for side in SIDES:
        counted = inside(side)
        weights = _reduced_weights(field, before.shape, counted.shape, corner)
        some = counted & _is_steady(weights)
        if some.sum() >= ENOUGH * max(int(counted.sum()), 1):
            was, now = (_gradients(reduced(grey, side))[:, some] for grey in (before, after))
            return _agreement(was, now, weights.argmax(axis=0)[some])
    counted = inside(MELANGE_SIDE)
    weights = _reduced_weights(field, before.shape, counted.shape, corner)
    flat = np.tensordot(levels, weights, axes=1)
    was, now = (reduced(LINEAR_OF_BYTE[grey], MELANGE_SIDE) for grey in (before, after))
    lights = linear_to_srgb(was), linear_to_srgb(now / np.maximum(flat, 0.01))
    gradients = (_gradients(light.astype(np.float32))[:, counted] for light in lights)
    return _agreement(*gradients, np.zeros(int(counted.sum()), int))


def _agreement(
    was: NDArray[np.floating], now: NDArray[np.floating], ink: NDArray[np.intp]
) -> float:
    """Cosine of gradients (2, n), ink by ink, by what each has of all."""
    kept = total = 0.0
    for each in np.unique(ink):
        one, other = was[:, ink == each], now[:, ink == each]
        energy, made = float(np.linalg.norm(one)), float(np.linalg.norm(other))
        total += energy**2
        if made:
            kept += energy * max(0.0, float(np.vdot(one, other))) / made
    return kept / total if total else 1.0


def steady_along_rows(
    field: Field, rows: NDArray[np.intp], columns: slice, limit: float = 0.002
) -> NDArray[np.bool_]:
    """Where (n, w − 2) no ink's weight bends along some rows (n,) of the photo."""
    x = np.arange(columns.start, columns.stop, dtype=np.float32)[None] + np.float32(0.5)
    weights = field.at(rows.astype(np.float32)[:, None] + np.float32(0.5), x)
    bend = np.abs(weights[..., :-2] - 2 * weights[..., 1:-1] + weights[..., 2:])
    return bend.max(axis=0) < limit


def _reduced_weights(
    field: Field, shape: tuple[int, int], small: tuple[int, int], corner: tuple[int, int]
) -> NDArray[np.float32]:
    """Weights (K, h, w) of a picture reduced from its shape (H, W) to a small one."""
    step = max(1, shape[0] // small[0])
    y = ((np.arange(small[0], dtype=np.float32) + 0.5) * step + corner[0])[:, None]
    x = ((np.arange(small[1], dtype=np.float32) + 0.5) * step + corner[1])[None]
    return field.at(y, x, float(step))


def _is_steady(weights: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where (h, w) no weight (K, h, w) changes."""
    import cv2

    around = np.ones((3, 3), np.uint8)
    ranges = [cv2.dilate(plane, around) - cv2.erode(plane, around) for plane in weights]
    return np.max(ranges, axis=0) <= STEADY


def _gradients(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    across, down = cv2.Scharr(grey, cv2.CV_32F, 1, 0), cv2.Scharr(grey, cv2.CV_32F, 0, 1)
    return np.stack([across, down])
