"""Several products in one picture: separate parts of a matte that are not of one colour.

A pair of shoes or a set of cups is one product in several parts, and is recoloured as one. Parts
of different colours are most likely different products.
"""

import numpy as np
from numpy.typing import NDArray

from .colour import bytes_to_oklab
from .palette import LIGHTNESS_WEIGHT
from .sampling import SMALL_SIDE, reduced

SIMILAR = 0.3
"""Area, to the largest part's, from which a part is a product and not an accessory."""
SAME = 0.09
"""Distance (OKLab, lightness counting less) up to which two parts have one colour."""


def count_products(pixels: NDArray[np.uint8], matte: NDArray[np.uint8]) -> int:
    """Count the parts of a matte (H, W), of similar size, that differ in colour; at least 1."""
    import cv2

    solid = (reduced(matte, SMALL_SIDE) > 127).astype(np.uint8)
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(solid)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if count <= 2:
        return 1
    oklab = bytes_to_oklab(reduced(pixels, SMALL_SIDE)) * (LIGHTNESS_WEIGHT, 1, 1)
    kinds: list[NDArray[np.floating]] = []
    for part in 1 + np.flatnonzero(areas >= SIMILAR * areas.max()):
        colour = np.median(oklab[parts == part], axis=0)
        if all(np.linalg.norm(colour - other) > SAME for other in kinds):
            kinds.append(colour)
    return len(kinds)
