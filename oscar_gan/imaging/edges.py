"""The seam between product and background: what each mixed pixel is mixed of.

A pixel on the edge is a mixture of product and background. Recolouring the mixture leaves a fringe
of the old colour; so the product's own colour is estimated from its inside nearby, and only the
difference that dyeing makes to it is added, times the pixel's share of product. A pixel that is no
mixture of the two sides (a print or a contour that reaches the edge) is dyed as it is instead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .colour import LINEAR_OF_BYTE
from .sampling import (
    SMALL_SIDE,
    Overview,
    fractions_of,
    gathered,
    overview_of,
    places_of,
    reduced,
    sample,
    thrice,
)

REACHES = {2: 1.0, 8: 1e-2, 24: 1e-4}
"""Half windows, in pixels of a small picture, that the colours on both sides are gathered from,
and what they count: wide ones where nothing is near."""
DISTINCT = (0.08, 0.25)
"""Distance of the two sides in sRGB from which, and at which fully, colour tells the mixture."""
MIXTURE = (0.06, 0.16)
"""Distance in sRGB from the line between the two sides up to which a pixel is their mixture, and
from which it is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Pixels of the photo that are partly product, or partly kept."""

    positions: NDArray[np.intp]
    """(n,) flat: row × width + column"""
    rest: NDArray[np.float32]
    """(n, 3) linear light of each without its dyed part."""
    mixed_share: NDArray[np.float32]
    """(n,) how much of each is dyed product, 0 to 1."""
    mixed_colour: NDArray[np.uint8]
    """(n, 3) sRGB: the product's own colour there, before dyeing."""
    plain: NDArray[np.intp]
    """Which of them (indices, (m,)) are themselves dyed."""
    plain_share: NDArray[np.float32]
    """(m,) how much of each of those, 0 to 1."""
    plain_colour: NDArray[np.uint8]
    """(m, 3) sRGB before dyeing: the pixel's own."""
    faint: float = 0.0
    """Share of the outline along which the background has nearly the product's colour."""


def find_edges(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    overview: Overview | None = None,
) -> Edges:
    """Unmix the pixels (H, W, 3) where matte or keep matte (H, W) is neither 0 nor 255.

    `overview` is that of pixels and matte, if it is at hand.
    """
    import cv2

    overview = overview_of(pixels, matte) if overview is None else overview
    soft_keep = cv2.bitwise_and(cv2.inRange(keep, 1, 254), cv2.inRange(matte, 1, 255))
    y, x = places_of(cv2.bitwise_or(cv2.inRange(matte, 1, 254), soft_keep))
    positions = y * matte.shape[1] + x
    seen = np.take(pixels.reshape(-1, 3), positions, axis=0)
    free = 1 - keep.reshape(-1)[positions] / np.float32(255)
    product, mixed, plain, distinct = _shares(seen, matte, positions, overview)
    mixed, plain = mixed * free, plain * free
    rest = thrice(1 - plain) * np.take(LINEAR_OF_BYTE, seen)
    rest -= thrice(mixed) * np.take(LINEAR_OF_BYTE, product)
    some = np.flatnonzero(plain)
    return Edges(
        positions, rest, mixed, product, some, plain[some], seen[some],
        float(1 - distinct.mean()) if len(distinct) else 0.0,
    )  # fmt: skip


def _shares(
    seen: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    positions: NDArray[np.intp],
    overview: Overview,
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The product's own colour (n, 3) at some positions (n,), how much of it, how much plain.

    And last how far colour tells the two sides apart, 0 to 1. `seen` (n, 3) are the pixels there.
    """
    share = matte.reshape(-1)[positions].astype(np.float32) / 255
    small = reduced(overview.pixels, SMALL_SIDE).astype(np.float32) / 255
    inside = reduced(overview.matte, SMALL_SIDE)
    y, x = fractions_of(positions, matte.shape)
    sides = [
        _to_bytes(sample(_mean_around(small, known), y, x))
        for known in (inside >= 252, inside <= 3)
    ]
    product, background = (side / np.float32(255) for side in sides)
    mixture = unmix(seen / np.float32(255), product, background)[0] * (share < 1)
    # Light mixes linearly, whatever sRGB's curve makes of the mixture.
    along = unmix(*(np.take(LINEAR_OF_BYTE, side) for side in (seen, *sides)))[1]
    distinct = trust(product, background)
    mixed = mixture * (share + distinct * (along - share))
    return sides[0], mixed, (1 - mixture) * share, distinct


def _to_bytes(srgb: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)


def _mean_around(image: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Replace an image (h, w, 3) by the mean, around each pixel, of what is known of it."""
    import cv2

    if not known.any():
        known = np.ones_like(known)
    *colours, amount = cv2.split(gathered(image, known, REACHES))
    everywhere = cv2.mean(image, known.view(np.uint8))[:3]
    amount += 1e-9  # where nothing is near, the mean of all
    return cv2.merge([
        (colour + 1e-9 * mean) / amount
        for colour, mean in zip(colours, everywhere, strict=True)
    ])  # fmt: skip


def unmix(
    seen: NDArray[np.float32], product: NDArray[np.float32], background: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Say of colours (n, 3) how far they are a mixture, and how much of it is product."""
    across = product - background
    length = np.einsum("ij,ij->i", across, across)
    beside = seen - background
    along = np.einsum("ij,ij->i", beside, across) / np.maximum(length, 1e-6)
    along = np.clip(along, 0, 1)
    beside -= thrice(along) * across
    aside = np.sqrt(np.einsum("ij,ij->i", beside, beside))
    near, far = MIXTURE
    return np.clip((far - aside) / (far - near), 0, 1), along


def trust(product: NDArray[np.float32], background: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far colour tells the shares better than the matte does."""
    low, high = DISTINCT
    return np.clip((np.linalg.norm(product - background, axis=1) - low) / (high - low), 0, 1)
