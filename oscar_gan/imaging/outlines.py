"""Tell print from light: a printed or woven colour ends sharply, a highlight or a shadow fades.

By colour alone a cream print on navy cloth could be its highlight, and a black one on red its
shadow. So the step in the photo along a colour's outline is compared with the whole difference
between the two colours that meet there.
"""

import numpy as np
from numpy.typing import NDArray

from .colour import oklab_to_srgb

SHARP = 0.6
"""Part of the difference made within three pixels from which an outline is a print's."""
SHARP_SHADOW = 0.8
"""The same for a darker shade of its neighbour: shadows in gaps are sharp, too."""
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
    step = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, around).max(axis=2)
    known_by = np.clip(oklab_to_srgb(colours), 0, 1) * 255
    apart = np.abs(known_by[:, None] - known_by).max(axis=2)
    found = np.zeros(len(colours))
    for kind in range(len(colours)):
        own = (kinds == kind).astype(np.uint8)
        outline = (cv2.dilate(own, around) > own) & (kinds < len(colours))
        if outline.sum() >= MIN_OUTLINE:
            found[kind] = np.median(step[outline] / np.maximum(apart[kind, kinds[outline]], 1))
    return found
