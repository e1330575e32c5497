"""3D look-up tables: fill one where a photo has colours, read it there.

A table has 65 points a side, 274,625 in all, but a photo's product uses a few per cent of them, so
only those are computed. `tints` reads it for the product's own colours, by number; OpenColorIO
interpolates (tetrahedral, SIMD) for any others.
"""

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np
import PyOpenColorIO as ocio
from numpy.typing import NDArray

from .colour import srgb_to_oklab

SIDE = 65
"""Lattice points per channel: every fourth 8-bit level, so that dark tones keep their steps."""
BLUE_CELL = (np.arange(256) * (SIDE - 1) // 255).clip(max=SIDE - 2).astype(np.int32)
GREEN_CELL, RED_CELL = BLUE_CELL * SIDE, BLUE_CELL * SIDE**2
"""Cell that an 8-bit level falls into, as a share of the flat index of its lowest corner."""
CORNERS = np.array([(r * SIDE + g) * SIDE + b for r in (0, 1) for g in (0, 1) for b in (0, 1)])
BYTE, FLOAT = ocio.BIT_DEPTH_UINT8, ocio.BIT_DEPTH_F32

Map = Callable[[NDArray[np.floating]], NDArray[np.floating]]
"""Takes OKLab (n, 3) to sRGB (n, 3)."""
Lattice = tuple[NDArray[np.intp], NDArray[np.floating]]
"""Points of a colour table: indices (n,) and OKLab colours (n, 3)."""


@cache
def lattice_points() -> NDArray[np.float32]:
    """sRGB of every lattice point (n, 3); red varies slowest."""
    levels = np.linspace(0, 1, SIDE, dtype=np.float32)
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)


class UsedColours:
    """The lattice points that surround the colours of a photo's product."""

    def __init__(self) -> None:
        self._cells = np.zeros((SIDE, SIDE, SIDE), bool)
        self._lattice: Lattice | None = None

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """Take in pixels (h, w, 3)."""
        import cv2

        if pixels.size:
            # The last level, 255, belongs to the last cell: its upper end is just above.
            sizes, ranges = [SIDE - 1] * 3, [0, 255.001] * 3
            found = cv2.calcHist([pixels], [0, 1, 2], None, sizes, ranges)
            self._cells[:-1, :-1, :-1] |= found > 0
            self._lattice = None

    def lattice(self) -> Lattice:
        """Indices (n,) of the points needed, and their colours (n, 3) in OKLab."""
        if self._lattice is None:
            points = np.zeros(SIDE**3, bool)
            cells = np.flatnonzero(self._cells)
            for corner in CORNERS:
                points[cells + corner] = True
            indices = np.flatnonzero(points)
            self._lattice = indices, srgb_to_oklab(lattice_points()[indices])
        return self._lattice


class ColourLut:
    """A colour transform of 8-bit pixels."""

    def __init__(
        self, indices: NDArray[np.intp], values: NDArray[np.floating], slope: float = 1.0
    ) -> None:
        """Set lattice points (n,) to sRGB values (n, 3); the others change nothing.

        `slope` tells how many output levels an input level makes where it matters.
        """
        self.slope = slope
        self._indices = indices
        self._values = np.clip(values, 0, 1).astype(np.float32)
        self._processors: dict[tuple, ocio.CPUProcessor] = {}

    def points(self, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """SRGB in [0, 1] that some lattice points (m,) have: (m, 3)."""
        return self._values if indices is self._indices else self._table[indices]

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Transform (h, w, 3) sRGB, rounded to 8 bits."""
        return self._apply(pixels, BYTE)

    def exact(self, pixels: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Transform (h, w, 3) sRGB, 8-bit or float in [0, 1], to float in [0, 1]."""
        return self._apply(pixels, FLOAT)

    def _apply(self, pixels: NDArray, made: ocio.BitDepth) -> NDArray:
        pixels = np.ascontiguousarray(pixels)
        given = BYTE if pixels.dtype == np.uint8 else FLOAT
        result = np.empty(pixels.shape, np.uint8 if made == BYTE else np.float32)
        processor = self._processor(given, made)
        processor.apply(_describe(pixels, given), _describe(result, made))
        return result

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        """SRGB in [0, 1] of all lattice points (n, 3)."""
        table = lattice_points().copy()
        table[self._indices] = self._values
        return table

    @cached_property
    def _transform(self) -> ocio.Processor:
        transform = ocio.Lut3DTransform(gridSize=SIDE)
        transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
        transform.setData(self._table.ravel())
        return ocio.Config.CreateRaw().getProcessor(transform)

    def _processor(self, given: ocio.BitDepth, made: ocio.BitDepth) -> ocio.CPUProcessor:
        """Each takes milliseconds to build, and a variant seldom needs any."""
        if (given, made) not in self._processors:
            self._processors[given, made] = self._transform.getOptimizedCPUProcessor(
                given, made, ocio.OPTIMIZATION_DEFAULT
            )
        return self._processors[given, made]


def _describe(pixels: NDArray, depth: ocio.BitDepth) -> ocio.PackedImageDesc:
    height, width, channels = pixels.shape
    return ocio.PackedImageDesc(
        pixels, width, height, channels, depth,
        pixels.itemsize, channels * pixels.itemsize, width * channels * pixels.itemsize,
    )  # fmt: skip
