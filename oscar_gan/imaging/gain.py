"""The gain field: a smooth, bounded brightening or darkening multiplied onto the dyed pixels.

Light cloth fills its folds with bounced light, dark cloth shows mostly its sheen; no table of
colours can know where the folds are. A field of about 128² gains can. Red, green and blue have
their own: a red cloth's folds bounce red light.
"""

import numpy as np
from numpy.typing import NDArray

from .lut import ColourLut
from .sampling import sample

MAX_LOG_GAIN = 1.0
"""Bound on the natural logarithm: the light changes by a factor of e at most."""
GAMMA, OFFSET = 2.4, 0.055
"""Above its toe sRGB's curve (IEC 61966-2-1) is a power: (s + 0.055)^2.4 is proportional to light.
The same is done below it, to the ten darkest levels, where light is not quite multiplied: a gain
lifts or sinks black itself by at most seven levels. Encoded sRGB need not be decoded that way."""


class GainField:
    """A field of gains on linear light, over the whole photo; it spares what is not dyed."""

    def __init__(self, log_gain: NDArray[np.floating], dyed: ColourLut | None = None) -> None:
        """`log_gain` (h, w, 3), or (h, w) for grey, is the natural logarithm; it is bounded.

        `dyed` tells of the photo's colours how far they are dyed, 0 to 1, in all three channels;
        without it all are.
        """
        bounded = np.clip(log_gain, -MAX_LOG_GAIN, MAX_LOG_GAIN).astype(np.float32)
        if bounded.ndim == 2:
            bounded = np.repeat(bounded[..., None], 3, axis=2)
        self._factors = np.exp(bounded / GAMMA)  # on encoded sRGB, where they are applied
        self._dyed = dyed

    def at(
        self,
        y: NDArray[np.floating],
        x: NDArray[np.floating],
        colours: NDArray[np.uint8] | None = None,
    ) -> NDArray[np.float32]:
        """Gains on linear light (n, 3) at fractions (n,) of the photo's height and width.

        Where the photo has `colours` (n, 3); without them, where it is dyed.
        """
        factors = sample(self._factors, y, x)
        if colours is not None and self._dyed is not None:
            factors = 1 + (factors - 1) * self._dyed.exact(colours[None])[0]
        return factors**GAMMA

    def brighten(
        self, srgb: NDArray[np.float32], pixels: NDArray[np.uint8], part: tuple[slice, slice]
    ) -> NDArray[np.uint8]:
        """Multiply the light of a part (h, w, 3) of a photo's `pixels`, rounded to 8 bits.

        `srgb` in [0, 1], what became of that part, is used up. Every pass over the picture counts
        here: there are three, and three more where something is spared.
        """
        import cv2

        factors = self._over(part, pixels.shape[:2])
        if self._dyed is not None:
            factors -= 255
            factors *= self._dyed.exact(pixels[part])
            factors += 255
        srgb += OFFSET
        srgb *= factors
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
        return np.ascontiguousarray(whole[:, columns])


def multiply_light(srgb: NDArray[np.floating], gain: NDArray[np.floating]) -> NDArray[np.floating]:
    """Multiply the linear light of sRGB (..., 3) in [0, 1] by gains (..., 3), not decoding it."""
    return np.maximum((srgb + OFFSET) * gain ** (1 / GAMMA) - OFFSET, 0)
