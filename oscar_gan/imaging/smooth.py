"""Quieten a photo before a steep transform, which would show its noise and its rounding.

A self-guided filter (He, Sun and Tang, 2010) averages lightness where it varies less than noise
does and leaves edges and weave alone. It works in floating point, so a steep transform of the
result has no gaps between its levels.
"""

import numpy as np
from numpy.typing import NDArray

from .sampling import halved

STEEP = 1.5
"""Slope, in output per input level, from which a transform shows noise and rounding."""
RADIUS = 1
"""Half the window in pixels of the halved picture, in which averages are taken."""
MARGIN = 8
"""Pixels around that a result depends on; even, so that strips are halved alike."""
NOISE = 0.8
"""Standard deviation in 8-bit levels, per unit of slope above 1, that is averaged away."""


def quietening(pixels: NDArray[np.uint8], slope: float) -> NDArray[np.float32]:
    """Levels (h, w) to add to pixels (h, w, 3), so that lightness is averaged as `slope` needs.

    Averages vary slowly, so they are taken at half the size (He and Sun, "Fast guided filter",
    2015), of the squares' own means, which loses no noise.
    """
    import cv2

    light = cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY)
    height, width = light.shape
    even = cv2.copyMakeBorder(light, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    average, variance = (_mean(halved(each)) for each in (even, even * even))
    variance -= average * average
    np.maximum(variance, 0, out=variance)
    kept = variance / (variance + (NOISE * (slope - 1)) ** 2)
    average *= 1 - kept
    kept, average = (
        cv2.resize(_mean(each), even.shape[::-1])[:height, :width] for each in (kept, average)
    )
    kept -= 1
    kept *= light
    kept += average
    return kept


def _mean(image: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    side = 2 * RADIUS + 1
    return cv2.blur(image, (side, side), borderType=cv2.BORDER_REFLECT)
