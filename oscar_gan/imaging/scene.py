"""A photo with all that is known of the product in it: what a look is planned from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .bases import BaseColour
from .matte import bounding_box
from .motifs import staying
from .prepare import Prepared
from .shading import Shading

MANY = 250_000
"""Pixels that are looked at for small inks."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A photo under its matte, prepared."""

    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB"""
    matte: NDArray[np.uint8]
    """(H, W)"""
    ready: Prepared

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W)"""
        return self.matte.shape

    @cached_property
    def bases(self) -> tuple[BaseColour, ...]:
        """The product's colours that are materials of their own, the largest first."""
        return tuple(base for base in self.ready.colours if base.is_own)

    @cached_property
    def box(self) -> tuple[slice, slice]:
        """The product's rows and columns."""
        return bounding_box(self.matte)

    @cached_property
    def _staying(self) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
        return staying(self.pixels, self.matte, self.ready, self.bases)

    @property
    def kept(self) -> tuple[bool, ...]:
        """Which of the colours stay, since most of each is under the keep matte."""
        return self._staying[0]

    def everywhere(self, colour: NDArray[np.floating]) -> tuple[NDArray[np.floating] | None, ...]:
        """The colour (3,) for each of the product's own; None for what is kept, and for motifs."""
        return tuple(
            None if kept or motif else colour for kept, motif in zip(*self._staying, strict=True)
        )

    @cached_property
    def many(self) -> NDArray[np.intp]:
        """Flat positions (n,) of pixels that are wholly product, up to `MANY`, evenly spread."""
        solid = np.flatnonzero(self.ready.solid[self.box])
        some = solid[:: -(-max(len(solid), 1) // MANY)]
        rows, columns = self.box
        y, x = np.divmod(some, columns.stop - columns.start)
        return (y + rows.start) * self.shape[1] + x + columns.start

    @cached_property
    def shading(self) -> Shading:
        """Light and shade on the product."""
        return Shading(self.pixels, self.matte, self.ready)
