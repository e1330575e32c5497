"""The gain field: a smooth, bounded brightening or darkening multiplied onto the dyed pixels.

Light cloth fills its folds with bounced light, dark cloth shows mostly its sheen; no table of
colours can know where the folds are. A field of about 128² gains can. Red, green and blue have
their own: a red cloth's folds bounce red light.
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


class GainField:
    """A field of gains on linear light, over the whole photo."""

    def __init__(self, log_gain: NDArray[np.floating]) -> None:
        """`log_gain` (h, w, 3), or (h, w) for grey, is the natural logarithm; it is bounded."""
        bounded = np.clip(log_gain, -MAX_LOG_GAIN, MAX_LOG_GAIN).astype(np.float32)
        if bounded.ndim == 2:
            bounded = np.repeat(bounded[..., None], 3, axis=2)
        self._factors = np.exp(bounded / GAMMA)  # on encoded sRGB, where they are applied

    def at(self, y: NDArray[np.floating], x: NDArray[np.floating]) -> NDArray[np.float32]:
        """Gains on linear light (n, 3) at fractions (n,) of the photo's height and width."""
        return sample(self._factors, y, x) ** GAMMA

    def brighten(
        self, srgb: NDArray[np.float32], part: tuple[slice, slice], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """Multiply the light of a part (h, w, 3) of a picture of `shape`, sRGB in [0, 1]."""
        return _brightened(srgb, self._over(part, shape))

    def _over(self, part: tuple[slice, slice], shape: tuple[int, int]) -> NDArray[np.float32]:
        """Factors (h, w, 3) of some rows and columns: bilinear, the rows first."""
        import cv2

        rows, columns = part
        places = (np.arange(rows.start, rows.stop) + 0.5) / shape[0] * len(self._factors) - 0.5
        low = np.clip(np.floor(places).astype(int), 0, len(self._factors) - 2)
        share = np.clip(places - low, 0, 1).astype(np.float32)[:, None, None]
        some = self._factors[low] * (1 - share) + self._factors[low + 1] * share
        whole = cv2.resize(some, (shape[1], len(some)), interpolation=cv2.INTER_LINEAR)
        return whole[:, columns]


def multiply_light(srgb: NDArray[np.floating], gain: NDArray[np.floating]) -> NDArray[np.floating]:
    """Multiply the linear light of sRGB (..., 3) in [0, 1] by gains (..., 3), not decoding it.

    Above the toe (s + 0.055)^2.4 is proportional to light, below it s itself is. A colour that
    the gain carries across the toe is off by at most a third of an 8-bit level.
    """
    return _brightened(srgb, gain ** (1 / GAMMA))


def _brightened(srgb: NDArray[np.floating], factor: NDArray[np.floating]) -> NDArray[np.floating]:
    bright = (srgb + OFFSET) * factor - OFFSET
    dark = srgb <= TOE
    if dark.any():
        some = bright[dark]
        bright[dark] = np.minimum(srgb[dark] * factor[dark] ** GAMMA, np.maximum(some, TOE))
    return bright
