"""The gain field: a smooth, bounded brightening or darkening multiplied onto the dyed pixels.

Light cloth fills its folds with bounced light, dark cloth shows mostly its sheen; no table of
colours can know where the folds are. A field of about 128² gains can. Red, green and blue have
their own: a red cloth's folds bounce red light.
"""

import numpy as np
from numpy.typing import NDArray

from .sampling import sample

MAX_LOG_GAIN = 1.0
"""Bound on the natural logarithm: the light changes by a factor of e at most."""
GAMMA, OFFSET = 2.4, 0.055
"""Above its toe sRGB's curve (IEC 61966-2-1) is a power: (s + 0.055)^2.4 is proportional to light.
The same is done below it, to the ten darkest levels, where light is not quite multiplied: a gain
lifts or sinks black itself by at most seven levels. Encoded sRGB need not be decoded that way."""


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
    ) -> NDArray[np.uint8]:
        """Multiply the light of a part (h, w, 3) of a picture of `shape`, rounded to 8 bits.

        `srgb` in [0, 1] is used up. Every pass over the picture counts here: there are three.
        """
        import cv2

        srgb += OFFSET
        srgb *= self._over(part, shape)
        return cv2.subtract(srgb, (255 * OFFSET,) * 4, dtype=cv2.CV_8U)

    def _over(self, part: tuple[slice, slice], shape: tuple[int, int]) -> NDArray[np.float32]:
        """255 × factors (h, w, 3) of some rows and columns: bilinear, the rows first."""
        import cv2

        rows, columns = part
        places = (np.arange(rows.start, rows.stop) + 0.5) / shape[0] * len(self._factors) - 0.5
        low = np.clip(np.floor(places).astype(int), 0, len(self._factors) - 2)
        share = np.clip(places - low, 0, 1).astype(np.float32)[:, None, None]
        some = 255 * (self._factors[low] * (1 - share) + self._factors[low + 1] * share)
        whole = cv2.resize(some, (shape[1], len(some)), interpolation=cv2.INTER_LINEAR)
        return whole[:, columns]


def multiply_light(srgb: NDArray[np.floating], gain: NDArray[np.floating]) -> NDArray[np.floating]:
    """Multiply the linear light of sRGB (..., 3) in [0, 1] by gains (..., 3), not decoding it."""
    return np.maximum((srgb + OFFSET) * gain ** (1 / GAMMA) - OFFSET, 0)
