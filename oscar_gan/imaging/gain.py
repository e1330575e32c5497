"""The gain field: a smooth, bounded brightening or darkening multiplied onto the dyed pixels.

Light cloth fills its folds with bounced light, dark cloth shows mostly its sheen; no table of
colours can know where the folds are. A field of about 128² gains can. Red, green and blue have
their own: a red cloth's folds bounce red light.
"""

import numpy as np
from numpy.typing import NDArray

from .lut import ColourLut
from .sampling import sample, thrice

MAX_LOG_GAIN = 1.0
"""Bound on the natural logarithm: the light changes by a factor of e at most."""
TALL = 12
"""Rows of a photo to a cell from which two share their factors."""
GAMMA, OFFSET = 2.4, 0.055
"""Above its toe sRGB's curve (IEC 61966-2-1) is a power: (s + 0.055)^2.4 is proportional to light.
The same is done below it, to the ten darkest levels, where light is not quite multiplied: a gain
lifts or sinks black itself by at most seven levels. Encoded sRGB need not be decoded that way."""


class GainField:
    """A field of gains on linear light, over the whole photo."""

    def __init__(self, log_gain: NDArray[np.floating], dyed: ColourLut | None = None) -> None:
        """`log_gain` (h, w, 3), or (h, w) for grey, is the natural logarithm; it is bounded.

        `dyed` tells of the photo's colours how far they are dyed, 0 to 1, in all three channels:
        what is not is to be spared. Without it all are.
        """
        self.dyed = dyed
        bounded = np.clip(log_gain, -MAX_LOG_GAIN, MAX_LOG_GAIN).astype(np.float32)
        if bounded.ndim == 2:
            bounded = np.repeat(bounded[..., None], 3, axis=2)
        self._factors = np.exp(bounded / GAMMA)  # on encoded sRGB, where they are applied
        self._stretched: NDArray[np.float32] | None = None

    @property
    def least(self) -> float:
        """The smallest of all factors."""
        return float(self._factors.min())

    def at(
        self,
        y: NDArray[np.floating],
        x: NDArray[np.floating],
        share: NDArray[np.floating] | None = None,
    ) -> NDArray[np.float32]:
        """Gains on linear light (n, 3) at fractions (n,) of the photo's height and width.

        `share` (n,) tells how far each place is dyed, 0 to 1; without it all are.
        """
        import cv2

        factors = sample(self._factors, y, x)
        if share is not None:
            factors -= 1
            factors *= thrice(share)
            factors += 1
        return cv2.pow(factors, GAMMA)

    def multiply(
        self, made: NDArray[np.float32], part: tuple[slice, slice], shape: tuple[int, int]
    ) -> None:
        """Multiply `encoded` sRGB (h, w, 3), some rows and columns of a photo (H, W), in place."""
        rows, columns = part
        cells, wide = len(self._factors), self._wide(shape[1])
        # Where a cell is many rows high, two rows differ by a fraction of a level.
        at_once = 2 if shape[0] >= TALL * cells and len(made) % 2 == 0 else 1
        places = (np.arange(rows.start, rows.stop, at_once) + at_once / 2) / shape[0] * cells - 0.5
        places = np.clip(places, 0, cells - 1)
        first, last = int(places[0]), int(places[-1]) + 2
        shares = np.maximum(1 - np.abs(places[:, None] - np.arange(first, last)), 0)
        some = wide[first:last, columns]
        factors = shares[:, : len(some)].astype(np.float32) @ some.reshape(len(some), -1)
        alike = made.reshape(len(places), at_once, -1)
        alike *= factors[:, None]

    def _wide(self, width: int) -> NDArray[np.float32]:
        """The factors stretched to a photo's width, kept for its further parts."""
        import cv2

        if self._stretched is None or self._stretched.shape[1] != width:
            size = width, len(self._factors)
            self._stretched = cv2.resize(self._factors, size, interpolation=cv2.INTER_LINEAR)
        return self._stretched


def encoded(srgb: NDArray[np.floating]) -> NDArray[np.floating]:
    """SRGB in [0, 1] as what the factors of a gain field multiply."""
    return (srgb + OFFSET) * 255


def to_bytes(encoded: NDArray[np.float32], least: float = 0.0) -> NDArray[np.uint8]:
    """Turn that, of which nothing is below `least`, back into 8-bit sRGB (h, w, 3), rounded."""
    import cv2

    if least > 255 * OFFSET:  # then nothing becomes negative, and this takes half the time
        return cv2.convertScaleAbs(encoded, beta=-255 * OFFSET)
    return cv2.subtract(encoded, (255 * OFFSET,) * 4, dtype=cv2.CV_8U)


def multiply_light(srgb: NDArray[np.floating], gain: NDArray[np.floating]) -> NDArray[np.floating]:
    """Multiply the linear light of sRGB (..., 3) in [0, 1] by gains (..., 3), not decoding it."""
    return np.maximum((srgb + OFFSET) * gain ** (1 / GAMMA) - OFFSET, 0)
