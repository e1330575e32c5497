"""Weight fields: how much of each ink every pixel of a photo gets."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Field(ABC):
    """Weights of some inks over a photo; a pixel's add up to 1."""

    inks: int

    @abstractmethod
    def at(
        self, y: NDArray[np.floating], x: NDArray[np.floating], footprint: float = 1.0
    ) -> NDArray[np.float32]:
        """Weights (K, ...) at rows and columns, arrays that broadcast; pixel centres are at .5.

        `footprint` is the side in pixels of the square that each is averaged over.
        """

    def over(self, part: tuple[slice, slice]) -> NDArray[np.float32]:
        """Weights (K, h, w) of some rows and columns."""
        rows, columns = part
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] + np.float32(0.5)
        x = np.arange(columns.start, columns.stop, dtype=np.float32)[None] + np.float32(0.5)
        return self.at(y, x)

    def at_positions(self, positions: NDArray[np.intp], width: int) -> NDArray[np.float32]:
        """Weights (K, n) at flat positions (n,) of a photo so wide."""
        if not len(positions):
            return np.empty((self.inks, 0), np.float32)
        y, x = np.divmod(positions, width)
        return self.at(y.astype(np.float32) + 0.5, x.astype(np.float32) + 0.5)


class Even(Field):
    """One ink everywhere."""

    inks = 1

    def at(
        self, y: NDArray[np.floating], x: NDArray[np.floating], footprint: float = 1.0
    ) -> NDArray[np.float32]:
        """See Field.at."""
        return np.ones((1, *np.broadcast_shapes(y.shape, x.shape)), np.float32)


class Along(Field):
    """Inks one after the other along a direction, with sharp borders or flowing over."""

    def __init__(
        self,
        stops: Sequence[float],
        widths: Sequence[float],
        start: tuple[float, float],
        along: tuple[float, float],
        curves: Sequence[NDArray[np.floating]] | None = None,
    ) -> None:
        """Ink k gives way to the next at `stops[k]`, over `widths[k]`.

        Both are shares of the vector `along` (down, right) in pixels from `start` (y, x).
        `curves` (k, 256) are the shares of the next ink over each passage; straight without.
        """
        self.inks = len(stops) + 1
        self._stops, self._widths = stops, widths
        self._start, self._along = start, along
        straight = np.linspace(0, 1, 256)
        self._curves = [straight] * len(stops) if curves is None else curves

    def at(
        self, y: NDArray[np.floating], x: NDArray[np.floating], footprint: float = 1.0
    ) -> NDArray[np.float32]:
        """See Field.at."""
        down, right = self._along
        length = down**2 + right**2
        place = ((y - self._start[0]) * down + (x - self._start[1]) * right) / length
        pixel = footprint / length**0.5
        passed = [np.ones(place.shape, np.float32)]
        for stop, width, curve in zip(self._stops, self._widths, self._curves, strict=True):
            width = max(width, 1.5 * pixel)
            t = np.clip((place - stop) / width + 0.5, 0, 1)
            passed.append(np.interp(t, np.linspace(0, 1, len(curve)), curve).astype(np.float32))
        passed.append(np.zeros(place.shape, np.float32))
        left = [before - after for before, after in zip(passed, passed[1:], strict=False)]
        return np.stack(left)
