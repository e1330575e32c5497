"""Tell print from light: a printed or woven colour ends sharply, a highlight or a shadow fades.

By colour alone a cream print on navy cloth could be its highlight, and a black one on red its
shadow. So the step in the photo along a colour's outline is compared with the whole difference
between the two colours that meet there.
"""

import numpy as np
from numpy.typing import NDArray

from .colour import oklab_to_srgb
from .matte import bounding_box
from .sampling import places_of

SHARP = 0.6
"""Part of the difference made within three pixels from which an outline is a print's."""
SHARP_SHADOW = 0.8
"""The same for a darker shade of its neighbour: shadows in gaps are sharp, too."""
FADING = 0.2
"""Part of the way from the main colour to a lighter one, that the main one has gone where it comes
near it, from which that is a highlight."""
NEAR = (5, 9)
"""Widths of the windows between which "near" lies, in pixels: past the outline's own blur."""
MIN_OUTLINE = 10
"""Pixels of an outline that are needed to tell."""


def sharpness(
    pixels: NDArray[np.uint8], kinds: NDArray[np.uint8], colours: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Say how sharply each of k colours (k, 3) OKLab ends in a picture (h, w, 3), 0 or more.

    `kinds` (h, w) tells which colour a pixel is; k and above: none of them.
    """
    import cv2

    around = np.ones((3, 3), np.uint8)
    known_by = _levels(colours)
    apart = np.abs(known_by[:, None] - known_by).max(axis=2)
    found = np.zeros(len(colours))
    for kind in range(len(colours)):
        box, own = _surrounded(kinds, kind, 1)
        others = cv2.inRange(kinds[box], 0, len(colours) - 1)
        outline = places_of(cv2.bitwise_and(cv2.dilate(own, around) - own, others))
        if len(outline[0]) >= MIN_OUTLINE:
            beside = kinds[box][outline]
            step = _steps(pixels[box], *outline)
            found[kind] = np.median(step / np.maximum(apart[kind, beside], 1))
    return found


def _surrounded(
    kinds: NDArray[np.uint8], kind: int, margin: int
) -> tuple[tuple[slice, slice], NDArray[np.uint8]]:
    """Rows and columns around all pixels of a kind, and there 1 for these, else 0."""
    import cv2

    whole = cv2.compare(kinds, kind, cv2.CMP_EQ)
    box = tuple(
        slice(max(side.start - margin, 0), side.stop + margin) for side in bounding_box(whole)
    )
    return box, whole[box] & 1


def _steps(
    pixels: NDArray[np.uint8], y: NDArray[np.intp], x: NDArray[np.intp]
) -> NDArray[np.uint8]:
    """How much a picture (h, w, 3) changes, in levels of any channel, around some places (n,)."""
    framed = np.pad(pixels, [(1, 1), (1, 1), (0, 0)], mode="edge")
    near = np.stack([framed[y + down, x + right] for down, right in np.ndindex(3, 3)])
    return np.ptp(near, axis=0).max(axis=1)


def fading(
    pixels: NDArray[np.uint8], kinds: NDArray[np.uint8], colours: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Say how far the first of k colours turns into each other one where it comes near it.

    Arguments as for `sharpness`. 0: not at all, as beside a print; 1: wholly.
    """
    import cv2

    known_by = _levels(colours)
    found = np.zeros(len(colours))
    inner, outer = (np.ones((width, width), np.uint8) for width in NEAR)
    for kind in range(1, len(colours)):
        box, own = _surrounded(kinds, kind, NEAR[1] // 2)
        main = cv2.compare(kinds[box], 0, cv2.CMP_EQ)
        ring = places_of(cv2.bitwise_and(cv2.dilate(own, outer) - cv2.dilate(own, inner), main))
        way = known_by[kind] - known_by[0]
        if len(ring[0]) >= MIN_OUTLINE:
            gone = (pixels[box][ring] - known_by[0]) @ way / max(way @ way, 1)
            found[kind] = np.percentile(gone, 75)
    return found


def _levels(colours: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.clip(oklab_to_srgb(colours), 0, 1) * 255
