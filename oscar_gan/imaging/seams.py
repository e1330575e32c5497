"""Seams inside a product: where print meets cloth, each pixel is a mixture of the two.

A table of colours dyes cloth and leaves print, but what lies between it can only half dye, and a
line of the old colour stays around every letter. So the colours of both sides are gathered from
nearby, the pixel is unmixed in linear light, and mixed again from what became of the two. A pixel
that is no mixture of them is left to the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .colour import LINEAR_OF_BYTE
from .dye import Material
from .edges import trust, unmix
from .matte import bounding_box
from .sampling import halvings, places_of, reduced
from .separation import UNSURE, kinds_of

SIDE = 1000
"""Long side in pixels, at least, of the picture in which both sides are looked for."""
REACH = 2
"""Pixels of it that a seam is wide, to either side, and within which colours are gathered."""
PURE = 0.85
"""Share of a material from which a colour is its own; or of none, and it is print."""
UNMIXED = 0.01
"""Share of one side up to which a pixel is wholly the other's."""
ENOUGH = 6
"""Pixels of no known material that must be within reach to be a print: fewer are mixtures."""


@dataclass(frozen=True, slots=True, eq=False)
class Seams:
    """Pixels inside the product that are mixtures of two sides."""

    positions: NDArray[np.intp]
    """(n,) flat: row × width + column"""
    sides: NDArray[np.uint8]
    """(n, 2, 3) sRGB of both sides nearby, before dyeing."""
    share: NDArray[np.float32]
    """(n,) of the first, 0 to 1."""
    weight: NDArray[np.float32]
    """(n,) how far each is a mixture of its sides, 0 to 1."""
    rest: NDArray[np.float32]
    """(n, 3) linear light that the mixture does not explain: noise and weave."""


NO_SEAMS = Seams(
    np.empty(0, np.intp), np.empty((0, 2, 3), np.uint8), *[np.empty(0, np.float32)] * 2,
    np.empty((0, 3), np.float32),
)  # fmt: skip


def find_seams(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    materials: Sequence[Material],
    lattice: tuple[NDArray[np.intp], NDArray[np.floating]],
) -> Seams:
    """Unmix the pixels (H, W, 3), wholly inside the matte (H, W), between unlike neighbours.

    Where the keep matte (H, W) is 255, only true mixtures are touched, not the print itself.
    `lattice` are the table points, and their OKLab colours, that the product needs.
    """
    box = bounding_box(matte)
    inside, seen = matte[box], pixels[box]
    step = 2 ** halvings(inside.shape, SIDE)
    small, solid = reduced(seen, SIDE), reduced(inside, SIDE) == 255
    kinds = kinds_of(small, materials, lattice, least=PURE)
    kinds[~solid] = UNSURE
    found, colours = _two_sides(small, kinds, len(materials) + 1)
    if not found.any():
        return NO_SEAMS
    y, x = _enlarged(found, step, inside)
    numbers = np.zeros(found.shape, np.intp)
    numbers[found] = np.arange(len(colours))
    sides = colours[numbers[y // step, x // step]]
    positions = (y + box[0].start) * matte.shape[1] + x + box[1].start
    return _unmixed(positions, seen[y, x], sides, keep[box][y, x] == 255)


def _unmixed(
    positions: NDArray[np.intp],
    seen: NDArray[np.uint8],
    sides: NDArray[np.uint8],
    kept: NDArray[np.bool_],
) -> Seams:
    srgb = sides / np.float32(255)
    weight = (
        trust(srgb[:, 0], srgb[:, 1]) * unmix(seen / np.float32(255), srgb[:, 0], srgb[:, 1])[0]
    )
    light = LINEAR_OF_BYTE[sides]
    share = unmix(LINEAR_OF_BYTE[seen], light[:, 0], light[:, 1])[1]
    mixture = share[:, None] * light[:, 0] + (1 - share[:, None]) * light[:, 1]
    some = (weight > 0) & ~(kept & (np.minimum(share, 1 - share) < UNMIXED))
    return Seams(
        positions[some], sides[some], share[some], weight[some],
        (LINEAR_OF_BYTE[seen] - mixture)[some],
    )  # fmt: skip


def _two_sides(
    small: NDArray[np.uint8], kinds: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Where (h, w) two kinds are near, and the colours (n, 2, 3) of the two that are most so.

    The last of the `count` kinds is no known material: a print, or a mixture of two.
    """
    near = np.stack([_count_near(kinds == kind) for kind in range(count)])
    near[-1] *= near[-1] >= ENOUGH
    found = sum((plane > 0).view(np.uint8) for plane in near) >= 2
    y, x = places_of(found.view(np.uint8))
    two = np.argsort(-near[:, y, x].astype(int), axis=0, kind="stable")[:2].astype(np.uint8)
    return found, means_near(small, kinds, y, x, two)


def means_near(
    small: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    y: NDArray[np.intp],
    x: NDArray[np.intp],
    two: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Mean colours (n, 2, 3) of two kinds (2, n) within reach of places (n,)."""
    import cv2

    border = (REACH,) * 4
    framed = cv2.copyMakeBorder(kinds, *border, cv2.BORDER_CONSTANT, value=UNSURE)
    padded = cv2.copyMakeBorder(
        cv2.cvtColor(small, cv2.COLOR_RGB2RGBA), *border, cv2.BORDER_CONSTANT
    ).view("<u4")
    first, width = y * framed.shape[1] + x, framed.shape[1]
    # Two channels are added up at once: neither sum leaves its 16 bits.
    sums = np.zeros((2, *two.shape), np.uint32)
    for down, right in np.ndindex(2 * REACH + 1, 2 * REACH + 1):
        at = first + (down * width + right)
        own, colour = np.take(framed, at) == two, np.take(padded, at)
        sums[0] += own * (colour & 0xFF00FF)
        sums[1] += own * (colour >> 8 & 0xFF00FF)
    red, blue = sums[0] & 0xFFFF, sums[0] >> 16
    green, count = sums[1] & 0xFFFF, (sums[1] >> 16) // 255
    means = np.stack([red, green, blue], axis=-1) / count[..., None]
    return np.rint(means).astype(np.uint8).transpose(1, 0, 2)


def _count_near(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """How many pixels within reach of each are in a mask (h, w)."""
    import cv2

    side = 2 * REACH + 1
    return cv2.boxFilter(
        mask.view(np.uint8), -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT
    )


def _enlarged(
    found: NDArray[np.bool_], step: int, inside: NDArray[np.uint8]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns (n,), at full size, of what is found at a `step`-th of it and solid."""
    import cv2

    large = np.kron(found.astype(np.uint8), np.ones((step, step), np.uint8))
    height, width = (min(a, b) for a, b in zip(large.shape, inside.shape, strict=True))
    mask = np.zeros_like(inside)
    mask[:height, :width] = large[:height, :width]
    return places_of(cv2.bitwise_and(mask, cv2.compare(inside, 255, cv2.CMP_EQ)))
