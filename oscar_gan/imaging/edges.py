"""The seam between product and background: what each mixed pixel is mixed of.

A pixel on the edge is a mixture of product and background. Recolouring the mixture leaves a fringe
of the old colour; so the product's own colour is estimated from its inside nearby, and only the
difference that dyeing makes to it is added, times the pixel's share of product.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sampling import fractions_of, sample

SIDE = 512
"""Long side in pixels at which the colours on both sides are gathered."""
REACHES = (3, 9, 31)
"""Half windows they are gathered from; a wider one only where the narrower finds nothing."""
DISTINCT = (0.08, 0.25)
"""Distance of the two sides in sRGB from which, and at which fully, colour tells the mixture."""
MAX_CORRECTION = 0.4
"""How far colour may move a share away from the matte's."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Pixels of the photo that are partly product."""

    positions: NDArray[np.intp]
    """(n,) flat: row × width + column"""
    share: NDArray[np.float32]
    """(n,) how much of each is product, 0 to 1"""
    colour: NDArray[np.uint8]
    """(n, 3) sRGB: the product's own colour there"""


def find_edges(pixels: NDArray[np.uint8], matte: NDArray[np.uint8]) -> Edges:
    """Unmix the pixels (H, W, 3) where the matte (H, W) is neither 0 nor 255."""
    import cv2

    height, width = matte.shape
    positions = np.flatnonzero((matte > 0) & (matte < 255))
    share = matte.reshape(-1)[positions].astype(np.float32) / 255
    if not len(positions):
        return Edges(positions, share, np.empty((0, 3), np.uint8))
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    inside = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)
    y, x = fractions_of(positions, (height, width))
    product = sample(_gathered(small, inside >= 252), y, x)
    background = sample(_gathered(small, inside <= 3), y, x)
    mixed = pixels.reshape(-1, 3)[positions].astype(np.float32) / 255
    share = _share_by_colour(share, mixed, product, background)
    return Edges(positions, share, np.rint(np.clip(product, 0, 1) * 255).astype(np.uint8))


def _gathered(image: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Fill what is not known in an image (h, w, 3) with the mean of what is known nearby."""
    import cv2

    fallback = image[known].mean(axis=0) if known.any() else image.mean(axis=(0, 1))
    filled = np.broadcast_to(fallback, image.shape)
    weight = known.astype(np.float32)
    for reach in reversed(REACHES):
        window = (2 * reach + 1, 2 * reach + 1)
        amount = cv2.blur(weight, window)[..., None]
        near = cv2.blur(image * weight[..., None], window) / np.maximum(amount, 1e-6)
        filled = np.where(amount > 0.02, near, filled)
    return np.ascontiguousarray(filled, np.float32)


def _share_by_colour(
    share: NDArray[np.float32],
    mixed: NDArray[np.float32],
    product: NDArray[np.float32],
    background: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Correct shares (n,) by where each mixed colour lies between its two sides' (n, 3)."""
    across = product - background
    distance = np.linalg.norm(across, axis=1)
    along = ((mixed - background) * across).sum(axis=1) / np.maximum(distance**2, 1e-6)
    along = np.clip(along, share - MAX_CORRECTION, share + MAX_CORRECTION)
    low, high = DISTINCT
    trust = np.clip((distance - low) / (high - low), 0, 1)
    return np.clip(share + trust * (along - share), 0, 1).astype(np.float32)
