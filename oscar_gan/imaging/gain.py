"""The gain field: a smooth, bounded brightening or darkening multiplied onto the dyed pixels.

Light cloth fills its folds with bounced light, dark cloth shows mostly its sheen; no table of
colours can know where the folds are. A field of about 128² gains can.
"""

import numpy as np
from numpy.typing import NDArray

from .sampling import sample

MAX_LOG_GAIN = 0.7
"""Bound on the natural logarithm: at most half or twice the light."""
GAMMA = 2.4
OFFSET = 0.055
TOE = 0.04045
"""sRGB's transfer curve (IEC 61966-2-1), a power above the toe and a straight line below."""


def gain_at(
    log_gain: NDArray[np.floating], y: NDArray[np.floating], x: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Gain on linear light (n,) at fractions (n,) of the photo's height and width."""
    field = np.clip(log_gain, -MAX_LOG_GAIN, MAX_LOG_GAIN).astype(np.float32)
    return np.exp(sample(field[..., None], y, x)[:, 0])


def multiply_light(srgb: NDArray[np.floating], gain: NDArray[np.floating]) -> NDArray[np.floating]:
    """Multiply the linear light of sRGB (n, 3) in [0, 1] by gains (n,), without decoding it.

    Above the toe (s + 0.055)^2.4 is proportional to light, below it s itself is. A colour that
    the gain carries across the toe is off by at most a third of an 8-bit level.
    """
    gain = gain[:, None]
    bright = (srgb + OFFSET) * gain ** (1 / GAMMA) - OFFSET
    return np.where(srgb > TOE, bright, np.minimum(srgb * gain, np.maximum(bright, TOE)))
