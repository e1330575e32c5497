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
MARGIN = 2 * RADIUS
NOISE = 0.8
"""Standard deviation in 8-bit levels, per unit of slope above 1, that is averaged away."""


def smoothed(pixels: NDArray[np.uint8], slope: float) -> NDArray[np.float32]:
    """Return pixels (h, w, 3) as float in [0, 1], lightness averaged as far as `slope` needs."""
    import cv2

    def mean(image: NDArray[np.float32]) -> NDArray[np.float32]:
        side = 2 * RADIUS + 1
        return cv2.blur(image, (side, side), borderType=cv2.BORDER_REFLECT)

    values = pixels.astype(np.float32)
    light = cv2.cvtColor(values, cv2.COLOR_RGB2GRAY)
    average = mean(light)
    variance = np.maximum(mean(light * light) - average * average, 0)
    kept = variance / (variance + (NOISE * (slope - 1)) ** 2)
    change = mean(kept) * light + mean((1 - kept) * average) - light
    values += change[..., None]
    values *= 1 / 255
    return np.clip(values, 0, 1, out=values)
