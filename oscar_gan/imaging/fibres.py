"""The fibres of a melange yarn as a seamless tile: short strokes of a second shade."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from .inks import whole_weights

SIDE = 320
THICK = 2.0
"""Width of a fibre in pixels of the tile."""
LENGTH = (14, 46)
WANDER = 0.22
"""Radians by which fibres stray from their direction (standard deviation)."""
FRACTION = 16
"""Steps to a pixel in which fibres are placed."""
PASSAGE = 1.8
"""Difference in level over which the one ink passes into the other."""


def fibre_weights(amount: float, seed: int) -> NDArray[np.uint8]:
    """Weights (H, W, 2) in which the second ink covers about `amount`, 0 to 1."""
    import cv2

    random = np.random.default_rng(seed)
    count = round(3.2 * SIDE**2 / (THICK * sum(LENGTH) / 2))
    ground = np.zeros((SIDE, SIDE), np.float32)
    for x, y, turn, length, level in zip(
        *random.uniform(0, SIDE, (2, count)),
        WANDER * random.standard_normal(count),
        random.uniform(*LENGTH, count),
        random.standard_normal(count),
        strict=True,
    ):
        half = length / 2 * np.array([np.cos(turn), np.sin(turn)])
        for middle in product(_shown(x), _shown(y)):  # what leaves on one side comes in again
            ends = (np.rint(FRACTION * (middle + sign * half)).astype(int) for sign in (-1, 1))
            start, end = (tuple(map(int, point)) for point in ends)
            cv2.line(ground, start, end, float(level), round(THICK), cv2.LINE_8, 4)
    wide = cv2.copyMakeBorder(ground, 4, 4, 4, 4, cv2.BORDER_WRAP)
    ground = cv2.GaussianBlur(wide, (0, 0), 0.8)[4:-4, 4:-4]
    limit = np.percentile(ground, 100 * (1 - amount))
    second = np.clip((ground - limit) / PASSAGE + 0.5, 0, 1)
    return whole_weights(np.stack([1 - second, second], axis=-1))


def _shown(place: float) -> list[float]:
    """Where a fibre's middle is seen: once, and again beyond the opposite border."""
    reach = LENGTH[1] / 2 + THICK
    return [place + shift for shift in (-SIDE, 0, SIDE) if -reach < place + shift < SIDE + reach]
