"""Quieten a photo before a steep transform, which would show its noise and its rounding.

A self-guided filter (He, Sun and Tang, 2010) averages lightness where it varies less than noise
does and leaves edges and weave alone. It works in floating point, so a steep transform of the
result has no gaps between its levels.
"""

import numpy as np
from numpy.typing import NDArray

STEEP = 1.5
"""Slope, in output per input level, from which a transform shows noise and rounding."""
RADIUS = 3
"""Half the window in pixels; with its own average, twice that."""
WINDOW = np.full(2 * RADIUS + 1, 1 / (2 * RADIUS + 1), np.float32)
MARGIN = 2 * RADIUS
NOISE = 0.8
"""Standard deviation in 8-bit levels, per unit of slope above 1, that is averaged away."""


def quietening(pixels: NDArray[np.uint8], slope: float) -> NDArray[np.float32]:
    """Levels (h, w) to add to pixels (h, w, 3), so that lightness is averaged as `slope` needs."""
    import cv2

    def mean(image: NDArray[np.float32]) -> NDArray[np.float32]:
        # Of so few pixels faster than cv2.blur, which adds up in double precision.
        return cv2.sepFilter2D(image, -1, WINDOW, WINDOW, borderType=cv2.BORDER_REFLECT)

    light = cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY)
    average = mean(light)
    variance = mean(light * light)
    variance -= average * average
    np.maximum(variance, 0, out=variance)
    kept = variance / (variance + (NOISE * (slope - 1)) ** 2)
    average *= 1 - kept
    change = mean(kept)
    change -= 1
    change *= light
    change += mean(average)
    return change
