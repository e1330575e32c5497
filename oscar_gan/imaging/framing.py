"""Framing: does the product of one photo stand where the outline of another says?"""

import numpy as np
from numpy.typing import NDArray

from .sampling import fitted

SIDE = 512
"""Long side in pixels of what is compared."""
APART = 0.03
"""How far, as a fraction of the long side, the outline is moved to see what lies beside it."""
MISSED = 0.85
"""Part of the contrast on its own photo's outline below which the framing may be another one.

Moved by 0.2 % of the width, nine outlines of the demo shop kept .95 to .99; by 1 %, .54 to .88.
"""


def contrast_on(outline: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> float:
    """How much sharper a photo (H, W, 3) is along the outline of a matte (H, W) than beside it.

    1 when the outline lies anywhere; several times that when it lies on the product's edges.
    """
    import cv2

    around = np.ones((3, 3), np.uint8)
    picture = cv2.GaussianBlur(fitted(pixels, SIDE), (3, 3), 0)
    contrast = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, around).max(axis=2)
    # One sharp logo must not outweigh a whole faint outline.
    contrast = np.minimum(contrast, np.percentile(contrast, 97)).astype(np.float32)
    small = (fitted(outline, SIDE) > 127).astype(np.uint8)
    line = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, around).astype(bool)
    step = max(2, round(APART * max(line.shape)))
    beside = [
        _mean(contrast, np.roll(line, (down * step, right * step), (0, 1)))
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
        if down or right
    ]
    return _mean(contrast, line) / max(float(np.mean(beside)), 0.5)


def _mean(contrast: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    return float(contrast[where].mean()) if where.any() else 0.0
