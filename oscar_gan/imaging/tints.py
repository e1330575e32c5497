"""The distinct colours of a product, found once: a variant dyes each of them, not every pixel.

A photo of four million pixels has ten to a hundred thousand colours on its product. A table of
colours is read for these; the pixels are then looked up by number, as in a GIF.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .colour import srgb_to_oklab
from .lut import BLUE_CELL, GREEN_CELL, RED_CELL, SIDE, ColourLut, Lattice, lattice_points
from .matte import bounding_box
from .sampling import keys_of, strips, thrice

ROW = 4096
"""Numbers to a row of a table that is looked up as a picture."""
PAGE_BITS, COLOURS = 6, 256**3
PAGE = 1 << PAGE_BITS
"""Neighbours in blue that are numbered together: pages without any colour take no memory."""
UNKNOWN = 0
"""Number of every colour that the product does not have."""
STEPS = np.array([SIDE**2, SIDE, 1], np.int32)
"""From a point of the table to its neighbour in red, green and blue."""


class _Numbered(NamedTuple):
    """The colours of a product, each with a number."""

    pages: NDArray[np.int32]
    """By page of colours, its place among those that are used."""
    numbers: NDArray[np.int32]
    """By place of a colour in these, its number."""
    keys: NDArray[np.int32]
    """By number, the colour: see `keys_of`."""
    own: int
    """Largest number of what is dyed; above are those of the further colours."""
    map: NDArray[np.int16]
    """(h, w, 2): column and row of a shelved table for every pixel around the product."""


class Tints:
    """The distinct colours of what is dyed in a photo, numbered from 1."""

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        solid: NDArray[np.uint8],
        further: Iterable[NDArray[np.uint8]] = (),
    ) -> None:
        """Take a photo (H, W, 3) where `solid` (H, W) is not 0, and `further` colours (n, 3).

        Nothing is computed before it is first asked for.
        """
        self._pixels, self._solid, self._further = pixels, solid, tuple(further)
        self._box = bounding_box(solid)

    @cached_property
    def points(self) -> Lattice:
        """Indices (m,) of the table points around the colours, and these in OKLab (m, 3)."""
        used = np.zeros(SIDE**3, bool)
        used[self._places[0]] = True
        indices = np.flatnonzero(used)
        return indices, srgb_to_oklab(lattice_points()[indices])

    def read(self, lut: ColourLut) -> NDArray[np.float32]:
        """What a table makes of each colour, (n, 3) sRGB in [0, 1] by number."""
        values, (corners, weights) = lut.points(self.points[0]), self._corners
        result = np.zeros((len(self._numbered.keys), 3), np.float32)
        for corner, weight in zip(corners, weights, strict=True):
            result += np.take(values, corner, axis=0) * thrice(weight)
        return result

    def steps(self, lut: ColourLut) -> NDArray[np.float32]:
        """What one level more of red, green and blue adds to that: (n, 3) sRGB by number."""
        values, (corners, _) = lut.points(self.points[0]), self._corners
        across = np.take(values, corners[3], axis=0) - np.take(values, corners[0], axis=0)
        return across * np.float32((SIDE - 1) / 255)

    def numbers(self, colours: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Number of each colour (n, 3), or `UNKNOWN`."""
        for given, numbers in zip(self._further, self._further_numbers, strict=True):
            if given is colours:
                return numbers
        return self._look_up(colours)

    def over(self, part: tuple[slice, slice], table: NDArray) -> NDArray:
        """Look up a table, `shelved`, over some rows and columns of the photo: (h, w, c)."""
        import cv2

        return cv2.remap(table, self._map(part), None, cv2.INTER_NEAREST)

    def numbers_in(
        self, part: tuple[slice, slice], y: NDArray[np.intp], x: NDArray[np.intp]
    ) -> NDArray[np.integer]:
        """Numbers (n,) of the pixels at rows and columns (n,) of a part of the photo."""
        places = self._map(part)[y, x].astype(np.int32)
        return places[:, 1] * ROW + places[:, 0]

    def _map(self, part: tuple[slice, slice]) -> NDArray[np.int16]:
        """Columns and rows (h, w, 2) of a shelved table for some rows and columns of the photo."""
        rows, columns = (
            slice(some.start - box.start, some.stop - box.start)
            for some, box in zip(part, self._box, strict=True)
        )
        return self._numbered.map[rows, columns]

    @property
    def own(self) -> int:
        """Largest number of what is dyed; above are those of the further colours."""
        return self._numbered.own

    def _look_up(self, colours: NDArray[np.uint8]) -> NDArray[np.int32]:
        known = self._numbered
        return np.take(known.numbers, _place(keys_of(colours[None])[0], known.pages))

    @cached_property
    def _further_numbers(self) -> tuple[NDArray[np.int32], ...]:
        return tuple(self._look_up(colours) for colours in self._further)

    @cached_property
    def _numbered(self) -> _Numbered:
        import cv2

        pixels, solid = self._pixels[self._box], self._solid[self._box]
        used = np.zeros(COLOURS // PAGE, bool)
        if solid.size:  # with a mask it takes half as long again
            sizes, ranges = [256, 256, 256 // PAGE], [0, 256] * 3
            used |= cv2.calcHist([pixels], [0, 1, 2], None, sizes, ranges).reshape(-1) > 0
        keys = [keys_of(colours[None])[0] for colours in self._further]
        for each in keys:
            used[each >> PAGE_BITS] = True
        found = np.flatnonzero(used)
        pages = np.full(len(used), len(found), np.int32)  # all others share a page without any
        pages[found] = np.arange(len(found), dtype=np.int32)
        own, other = (np.zeros((len(found) + 1) * PAGE, bool) for _ in range(2))
        places = np.empty(solid.shape, np.int32)
        for strip in strips(pixels.shape):
            places[strip] = _place(keys_of(pixels[strip]), pages)
            # A flat index of the machine's own width is twice as fast.
            own[places[strip][solid[strip] > 0].astype(np.intp)] = True
        for each in keys:
            other[_place(each, pages)] = True
        present = np.concatenate([np.flatnonzero(own), np.flatnonzero(other & ~own)])
        numbers = np.full(len(own), UNKNOWN, np.int32)
        numbers[present] = np.arange(1, len(present) + 1, dtype=np.int32)
        key_of = np.zeros(len(present) + 1, np.int32)
        key_of[1:] = found[present // PAGE] * PAGE + present % PAGE
        return _Numbered(
            pages, numbers, key_of, int(own.sum()), _shelf_map(places, solid, numbers)
        )

    @cached_property
    def _places(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Four table points (4, n) around each colour, and their weights: tetrahedral."""
        keys = self._numbered.keys
        levels = np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=-1)
        cells = BLUE_CELL[levels]
        # A channel's way into its cell, in 255ths, and after it which channel it is.
        ways = np.sort(((SIDE - 1) * levels - 255 * cells) * 4 + np.arange(3), axis=1)[:, ::-1]
        parts = (ways // 4).astype(np.float32) / 255
        ends = np.ones((len(ways), 1), np.float32), np.zeros((len(ways), 1), np.float32)
        weights = -np.diff(np.hstack([ends[0], parts, ends[1]]), axis=1)
        first = RED_CELL[levels[:, 0]] + GREEN_CELL[levels[:, 1]] + cells[:, 2]
        steps = np.cumsum(STEPS[ways % 4], axis=1, dtype=np.int32)
        points = np.column_stack([first, first[:, None] + steps])
        return np.ascontiguousarray(points.T), np.ascontiguousarray(weights.T)

    @cached_property
    def _corners(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The same with places among `points` instead of indices."""
        corners, weights = self._places
        ranks = np.zeros(SIDE**3, np.intp)
        ranks[self.points[0]] = np.arange(len(self.points[0]))
        return ranks[corners], weights


def shelved(table: NDArray) -> NDArray:
    """Lay a table (n, c) out in rows as `Tints.over` wants it."""
    rows = -(-len(table) // ROW)
    result = np.zeros((rows * ROW, table.shape[1]), table.dtype)
    result[: len(table)] = table
    return result.reshape(rows, ROW, -1)


def _place(keys: NDArray[np.int32], pages: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where colours stand in the pages that are used."""
    places = np.take(pages, keys >> PAGE_BITS)
    places <<= PAGE_BITS
    places += keys & (PAGE - 1)
    return places


def _shelf_map(
    places: NDArray[np.int32], solid: NDArray[np.uint8], numbers: NDArray[np.int32]
) -> NDArray[np.int16]:
    """Turn places (h, w), which are used up, into the columns and rows (h, w, 2) of a shelf."""
    packed = (numbers // ROW << 16 | numbers % ROW).astype("<i4")
    for strip in strips(places.shape):
        places[strip] = np.take(packed, places[strip])
        places[strip] *= solid[strip] > 0  # far entries of a table take longer to look up
    return places.view("<i2").reshape(*places.shape, 2)
