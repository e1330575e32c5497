"""How much of a photo's folds is left under a print or style, whose own lines are not counted."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .fields import Field
from .sampling import reduced

SIDES = (400, 200, 100, 50)
"""Long sides in pixels, at least, of the product at which folds are compared: the finest at which
enough of it is free of the print's own lines."""
ENOUGH = 0.15
"""Share of the product that must be free of them."""
STEADY = 0.1
"""How much an ink's weight may vary around a place that is free of lines."""


class Steady(NamedTuple):
    """Where the print does not change, and which ink there is most of."""

    places: NDArray[np.bool_]
    ink: NDArray[np.intp]


def structure_under(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    inside: Callable[[int], NDArray[np.bool_]],
    field: Field,
    corner: tuple[int, int],
) -> float:
    """Cosine of the gradients of two grey pictures (H, W) of a product, 0 to 1.

    Taken ink by ink, since a dark ink's folds are all fainter than a light one's, and averaged by
    how much fold the photo has there. `inside` says for a long side which places count; `corner`
    is where the pictures begin in the photo.
    """
    for side in SIDES:
        counted = inside(side)
        steady = _steady(field, before.shape, counted.shape, corner)
        some = counted & steady.places
        if some.sum() >= ENOUGH * max(int(counted.sum()), 1):
            break
    else:
        some = counted
    was, now = (_gradients(reduced(grey, side))[:, some] for grey in (before, after))
    ink = steady.ink[some]
    kept = total = 0.0
    for each in np.unique(ink):
        one, other = was[:, ink == each], now[:, ink == each]
        energy, made = float(np.linalg.norm(one)), float(np.linalg.norm(other))
        total += energy**2
        if made:
            kept += energy**2 * max(0.0, float(np.vdot(one, other)) / max(energy * made, 1e-9))
    return kept / total if total else 1.0


def steady_along_rows(
    field: Field, rows: NDArray[np.intp], columns: slice, limit: float = 0.01
) -> NDArray[np.bool_]:
    """Where (n, w − 2) no ink's weight bends along some rows (n,) of the photo."""
    x = np.arange(columns.start, columns.stop, dtype=np.float32)[None] + np.float32(0.5)
    weights = field.at(rows.astype(np.float32)[:, None] + np.float32(0.5), x)
    bend = np.abs(weights[:, :-2] - 2 * weights[:, 1:-1] + weights[:, 2:])
    return bend.max(axis=-1) < limit


def _steady(
    field: Field, shape: tuple[int, int], small: tuple[int, int], corner: tuple[int, int]
) -> Steady:
    import cv2

    step = max(1, shape[0] // small[0])
    y = ((np.arange(small[0], dtype=np.float32) + 0.5) * step + corner[0])[:, None]
    x = ((np.arange(small[1], dtype=np.float32) + 0.5) * step + corner[1])[None]
    weights = field.at(y, x, float(step))
    around = np.ones((5, 5), np.uint8)
    range_ = np.zeros(small, np.float32)
    for ink in range(weights.shape[-1]):
        plane = np.ascontiguousarray(weights[..., ink])
        range_ = np.maximum(range_, cv2.dilate(plane, around) - cv2.erode(plane, around))
    return Steady(range_ <= STEADY, weights.argmax(axis=-1))


def _gradients(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    across, down = cv2.Scharr(grey, cv2.CV_32F, 1, 0), cv2.Scharr(grey, cv2.CV_32F, 0, 1)
    return np.stack([across, down])
