"""How a print follows folds: the tile is displaced by the slope of the light.

Cloth that falls into a fold turns away from us and shows less of itself. So across a dark valley
the print is compressed, over a light ridge it is stretched a little: displacing what is read by
the gradient of the smoothed light does that. It is bounded, so that a print never folds over.
"""

import numpy as np
from numpy.typing import NDArray

from .sampling import sample
from .shading import Shading

SMOOTH = 0.04
"""Width over which light is averaged first, as a share of the product's: folds, not weave."""
LARGEST = 0.04
"""Largest displacement, as a share of the product's width."""
STRETCH = 0.75
"""Largest change of the print's scale that it may cause."""
TYPICAL = 98
"""Percentile of the change that is brought to that limit at most; what is beyond is cut."""
GAIN = 0.03
"""Displacement, as squared shares of the product's width, to a slope of light of 1."""


class Drape:
    """Displacements over a photo."""

    def __init__(self, shading: Shading) -> None:
        light = shading.smoothed(SMOOTH)
        width = light.shape[1]
        down, across = np.gradient(light)
        field = np.stack([down, across], axis=-1) * GAIN * width**2  # in these pixels
        bends = [np.abs(np.gradient(field[..., i], axis=i)) for i in (0, 1)]
        bend = float(np.percentile(np.maximum(*bends), TYPICAL)) or 1e-9
        field *= min(1.0, STRETCH / bend)
        limit = LARGEST * width
        size = np.hypot(field[..., 0], field[..., 1])[..., None]
        field *= np.tanh(size / limit) / np.maximum(size / limit, 1e-6)
        self._field = np.ascontiguousarray(field * shading.step, np.float32)
        self._box = shading.box

    def at(self, y: NDArray[np.floating], x: NDArray[np.floating]) -> NDArray[np.float32]:
        """Displacement (..., 2) down and right, in pixels, at rows and columns of the photo."""
        rows, columns = self._box
        down = (y - rows.start) / max(rows.stop - rows.start, 1)
        across = (x - columns.start) / max(columns.stop - columns.start, 1)
        down, across = np.broadcast_arrays(down, across)
        found = sample(self._field, down.reshape(-1), across.reshape(-1))
        return found.reshape(*down.shape, 2)
