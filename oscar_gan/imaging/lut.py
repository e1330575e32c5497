"""3D look-up tables: fill one where a photo has colours, apply it to millions of pixels.

OpenColorIO interpolates (tetrahedral, SIMD). A table has 65 points a side, 274,625 in all, but a
photo's product uses a few per cent of them, so only those are computed.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import PyOpenColorIO as ocio
from numpy.typing import NDArray

from .colour import srgb_to_oklab

SIDE = 65
"""Lattice points per channel: every fourth 8-bit level, so that dark tones keep their steps."""
CELL_OF_BYTE = (np.arange(256) * (SIDE - 1) // 255).clip(max=SIDE - 2)
CORNERS = np.array([(r * SIDE + g) * SIDE + b for r in (0, 1) for g in (0, 1) for b in (0, 1)])
STRIP = 128
"""Rows worked on at a time: stays in the processor's cache, keeps memory flat."""

Map = Callable[[NDArray[np.floating]], NDArray[np.floating]]
"""Takes OKLab (n, 3) to sRGB (n, 3)."""


@cache
def _lattice() -> NDArray[np.float32]:
    """sRGB of every lattice point (n, 3); red varies slowest."""
    levels = np.linspace(0, 1, SIDE, dtype=np.float32)
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)


class UsedColours:
    """The lattice points that surround the colours of a photo's product."""

    def __init__(self) -> None:
        self._cells = np.zeros(SIDE**3, bool)

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """Take in pixels (..., 3)."""
        flat = pixels.reshape(-1, 3)
        cell = CELL_OF_BYTE * SIDE**2
        index = cell[flat[:, 0]] + (CELL_OF_BYTE * SIDE)[flat[:, 1]] + CELL_OF_BYTE[flat[:, 2]]
        self._cells[index] = True

    def lattice(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Indices (n,) of the points needed, and their colours (n, 3) in OKLab."""
        points = np.zeros(SIDE**3, bool)
        cells = np.flatnonzero(self._cells)
        for corner in CORNERS:
            points[cells + corner] = True
        indices = np.flatnonzero(points)
        return indices, srgb_to_oklab(_lattice()[indices])


class ColourLut:
    """A colour transform of 8-bit pixels."""

    def __init__(self, indices: NDArray[np.intp], values: NDArray[np.floating]) -> None:
        """Set lattice points (n,) to sRGB values (n, 3); the others change nothing."""
        table = _lattice().copy()
        table[indices] = np.clip(values, 0, 1)
        transform = ocio.Lut3DTransform(gridSize=SIDE)
        transform.setInterpolation(ocio.INTERP_TETRAHEDRAL)
        transform.setData(table.ravel())
        self._processor = ocio.Config.CreateRaw().getProcessor(transform)

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Transform (h, w, 3) sRGB, rounded to 8 bits."""
        return self._apply(pixels, np.uint8, ocio.BIT_DEPTH_UINT8)

    def exact(self, pixels: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Transform (h, w, 3) sRGB, 8-bit or float in [0, 1], to float in [0, 1]."""
        return self._apply(pixels, np.float32, ocio.BIT_DEPTH_F32)

    def _apply(self, pixels: NDArray, dtype: type, depth: ocio.BitDepth) -> NDArray:
        pixels = np.ascontiguousarray(pixels)
        given = ocio.BIT_DEPTH_UINT8 if pixels.dtype == np.uint8 else ocio.BIT_DEPTH_F32
        result = np.empty(pixels.shape, dtype)
        processor = self._processor.getOptimizedCPUProcessor(
            given, depth, ocio.OPTIMIZATION_DEFAULT
        )
        processor.apply(_describe(pixels, given), _describe(result, depth))
        return result


def _describe(pixels: NDArray, depth: ocio.BitDepth) -> ocio.PackedImageDesc:
    height, width, channels = pixels.shape
    return ocio.PackedImageDesc(
        pixels, width, height, channels, depth,
        pixels.itemsize, channels * pixels.itemsize, width * channels * pixels.itemsize,
    )  # fmt: skip
