"""Skin inside a product's matte: a person wears the product, and must not be dyed with it.

The colours of human skin, light or dark, lie near one line: blood and melanin give it one hue,
and only its lightness and, a little, its chroma vary (Angelopoulou, "Understanding the color of
human skin", 2001). Leather, wood and beige cloth lie there, too; so this is a prior: it is not
asked where a person drew the matte, nor for a product that is itself of such a colour, and only
patches count, since a person's skin shows in patches.
"""

import numpy as np
from numpy.typing import NDArray

from .colour import bytes_to_oklab
from .dye import Material, membership
from .sampling import SMALL_SIDE, reduced

HUE = (30.0, 68.0)
"""Degrees in OKLab's plane of a and b."""
CHROMA = (0.035, 0.135)
LIGHTNESS = (0.3, 0.93)
PATCH = 5
"""Pixels of the small picture that a patch measures across, at least."""


def is_skin_coloured(oklab: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which colours (..., 3) OKLab skin can have."""
    lightness, a, b = np.moveaxis(oklab, -1, 0)
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
    inside = (hue > HUE[0]) & (hue < HUE[1])
    inside &= (chroma > CHROMA[0]) & (chroma < CHROMA[1])
    return inside & (lightness > LIGHTNESS[0]) & (lightness < LIGHTNESS[1])


def find_skin(
    pixels: NDArray[np.uint8], matte: NDArray[np.uint8], material: Material
) -> NDArray[np.uint8] | None:
    """Mark skin in a photo (H, W, 3) under a matte (H, W): (h, w) of 0 and 255, or None.

    That is smaller: see `reduced`. None, too, when the product's main `material` is of such a
    colour itself.
    """
    import cv2

    if is_skin_coloured(material.base):
        return None
    oklab = bytes_to_oklab(reduced(pixels, SMALL_SIDE))
    skin = is_skin_coloured(oklab) & (reduced(matte, SMALL_SIDE) > 127)
    skin &= membership(oklab.reshape(-1, 3), material, 1.0).reshape(skin.shape) < 0.5
    patch = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (PATCH, PATCH))
    skin = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_OPEN, patch)
    return 255 * skin if skin.any() else None
