"""A print is a mixture of dyes that differs from place to place.

Each ink is a dye; a pixel becomes the mixture, in linear light, of what each dye makes of that
very pixel. So folds and weave stay, and what no dye touches no print does.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .colour import LINEAR_OF_BYTE
from .compose import Coating, bytes_of_light
from .fields import Field

PURE = 0.999
"""Weight from which a pixel is of one ink alone."""


class Untouched:
    """The dye that changes nothing."""

    def over(self, pixels: NDArray[np.uint8], part: tuple[slice, slice]) -> NDArray[np.uint8]:
        """See Coating.over."""
        return pixels[part]

    def at(
        self, colours: NDArray[np.uint8], positions: NDArray[np.intp], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """See Coating.at."""
        return LINEAR_OF_BYTE[colours]


class Mixture:
    """Several coatings, mixed by a field of weights."""

    def __init__(self, coatings: Sequence[Coating], field: Field) -> None:
        self._coatings, self._field = coatings, field

    def over(self, pixels: NDArray[np.uint8], part: tuple[slice, slice]) -> NDArray[np.uint8]:
        """See Coating.over."""
        import cv2

        if len(self._coatings) == 1:
            return self._coatings[0].over(pixels, part)
        weights = self._field.over(part)
        light = np.zeros((*weights.shape[1:], 3), np.float32)
        for ink, coating in enumerate(self._coatings):
            weight = weights[ink]
            if weight.max() <= 1 - PURE:
                continue
            dyed = coating.over(pixels, part)
            if weight.min() >= PURE:
                return dyed
            made = cv2.LUT(np.ascontiguousarray(dyed), LINEAR_OF_BYTE)
            made *= weight[..., None]
            light += made
        return bytes_of_light(light)

    def at(
        self, colours: NDArray[np.uint8], positions: NDArray[np.intp], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """See Coating.at."""
        weights = self._field.at_positions(positions, shape[1])
        light = np.zeros(colours.shape, np.float32)
        for ink, coating in enumerate(self._coatings):
            light += weights[ink, :, None] * coating.at(colours, positions, shape)
        return light
