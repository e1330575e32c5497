"""Which of a product's colours are a motif on it, and which are part of the cloth.

Stripes, sleeves and all-over prints run to the product's outline; a picture or a logo on the chest
does not. A print takes the place of the former and goes around the latter.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .bases import BaseColour
from .matte import bounding_box
from .prepare import Prepared
from .sampling import reduced
from .separation import kinds_of

SIDE = 400
"""Long side in pixels, at least, of the product in which outlines are looked at."""
RING = 0.05
"""Width of the outline, as a share of the product's."""
RUNS_OUT = 0.25
"""Share of the outline, to that of the product, below which a colour is a motif."""
KEPT = 0.5
"""Share of a colour's own pixels that is to stay, from which all of it stays."""


def staying(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    ready: Prepared,
    bases: Sequence[BaseColour],
) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Of each base colour: whether it is mostly kept, and whether it is a motif.

    `pixels` (H, W, 3) and `matte` (H, W) are the photo's. The main colour is neither.
    """
    if len(bases) == 1:
        return (False,), (False,)
    solid = ready.solid.reshape(-1)
    kept = [float((solid[base.swatch.positions] == 0).mean()) > KEPT for base in bases]
    inner, outer = _shares(pixels, matte, ready, bases)
    motif = outer < RUNS_OUT * inner
    kept[0], motif[0] = False, False
    return tuple(kept), tuple(bool(each) for each in motif)


def _shares(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    ready: Prepared,
    bases: Sequence[BaseColour],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Share (k,) that each base colour has of the product, and of its outline."""
    import cv2

    box = bounding_box(matte)
    inside = (reduced(np.ascontiguousarray(matte[box]), SIDE) >= 250).astype(np.uint8)
    materials = [*(base.material for base in bases), *ready.prints]
    kinds = kinds_of(reduced(pixels[box], SIDE), materials, ready.lattice)
    framed = cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    distance = cv2.distanceTransform(framed, cv2.DIST_C, 3)[1:-1, 1:-1]
    ring = (distance > 0) & (distance <= max(2.0, RING * inside.shape[1]))
    return tuple(
        np.bincount(kinds[where], minlength=256)[: len(bases)] / max(int(where.sum()), 1)
        for where in (inside > 0, ring)
    )
