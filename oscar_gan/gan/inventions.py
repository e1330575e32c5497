"""Prints of our own whose codes are known exactly: by seed, without end."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from oscar_gan.inference.layout import KINDS, Layout, Maps, draw_layout, grid
from oscar_gan.inference.ways import WAYS, fitting

from . import dotted, flowered, geometric, woven

DRAWERS = (woven, dotted, flowered, geometric)
Draw = Callable[[Maps, Generator], NDArray[np.uint8]]
DRAW: dict[str, Draw] = {
    name: next(getattr(each, name) for each in DRAWERS if hasattr(each, name)) for name in WAYS
}
"""By way: what draws it."""

TILE = 128
"""Pixels of a tile at which the network learns."""
WINDOW = 64
"""Pixels of the piece of it that is looked at."""
ANGLES = (0.0, 45.0, 90.0)
"""Degrees that most prints keep to."""


class Invention(NamedTuple):
    """A piece of a print: where its motifs lie, which piece it is, and how it is drawn."""

    kind: str
    layout: Layout
    corner: tuple[int, int]
    """Row and column, in pixels of the tile, of the piece's first pixel."""
    way: str
    random: Generator
    """From which its proportions are drawn."""

    def states(self) -> NDArray[np.uint8]:
        """(64, 64, 4): the states at four points of each pixel."""
        rows, columns = (grid(2 * TILE, 2 * first, 2 * WINDOW) for first in self.corner)
        states = DRAW[self.way](Maps(self.layout, rows, columns), self.random)
        fourfold = states.reshape(WINDOW, 2, WINDOW, 2).transpose(0, 2, 1, 3)
        return fourfold.reshape(WINDOW, WINDOW, 4)


def invention(seed: int) -> Invention:
    """The print of a seed; its drawing waits until `states` is asked for."""
    random = np.random.default_rng([44, seed])
    kind = KINDS[seed % len(KINDS)]
    scale, angle = draw_codes(random)
    layout = draw_layout(random, kind, scale=scale, angle=angle)
    corner = tuple(int(first) for first in random.integers(TILE, size=2))
    ways = fitting(kind, layout)
    way = ways[random.integers(len(ways))]
    return Invention(kind, layout, corner, way, random)


def draw_codes(random: Generator) -> tuple[float, float]:
    """A scale and an angle in degrees."""
    angle = random.choice(ANGLES) if random.random() < 0.7 else random.uniform(0, 180)
    return float(random.random()), float(angle)
