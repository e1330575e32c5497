"""Tell print from light: a printed or woven colour ends sharply, a highlight or a shadow fades.

By colour alone a cream print on navy cloth could be its highlight, and a black one on red its
shadow. So the step in the photo along a colour's outline is compared with the whole difference
between the two colours that meet there.
"""

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from .colour import oklab_to_srgb

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
    step = reduce(cv2.max, cv2.split(cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, around)))
    known_by = _levels(colours)
    apart = np.abs(known_by[:, None] - known_by).max(axis=2)
    found = np.zeros(len(colours))
    for kind in range(len(colours)):
        own = (kinds == kind).astype(np.uint8)
        outline = (cv2.dilate(own, around) > own) & (kinds < len(colours))
        if outline.sum() >= MIN_OUTLINE:
            found[kind] = np.median(step[outline] / np.maximum(apart[kind, kinds[outline]], 1))
    return found


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
        own = (kinds == kind).astype(np.uint8)
        ring = (cv2.dilate(own, outer) > cv2.dilate(own, inner)) & (kinds == 0)
        way = known_by[kind] - known_by[0]
        if ring.sum() >= MIN_OUTLINE:
            gone = (pixels[ring] - known_by[0]) @ way / max(way @ way, 1)
            found[kind] = np.percentile(gone, 75)
    return found


def _levels(colours: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.clip(oklab_to_srgb(colours), 0, 1) * 255
