"""A photo with all that is known of the product in it: what a look is planned from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .bases import BaseColour
from .matte import bounding_box
from .prepare import Prepared
from .shading import Shading


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
    def shading(self) -> Shading:
        """Light and shade on the product."""
        return Shading(self.pixels, self.matte, self.ready)
