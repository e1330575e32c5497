"""Settle what a network is unsure of: cut by colour where its matte is neither yes nor no.

A network knows what a product is, but not exactly where it ends; colour models know the edge, but
not the product. So GrabCut (Rother, Kolmogorov, Blake 2004) decides the doubtful pixels only,
with colours learned from the sure ones.
"""

import numpy as np
from numpy.typing import NDArray

from .grabcut import RANDOM_SEED
from .matte import bounding_box

SURE = (0.02, 0.98)
"""Values of a matte up to which a pixel is surely background, and from which surely product."""
MARGIN = 32
"""Pixels around the product that the cut looks at: colours farther off tell little of its edge."""
MIN_SURE = 50
"""Sure pixels of each kind that the colour models need."""
KEPT = (0.3, 0.6)
"""Values of a keep matte up to which a pixel is dyed, and from which it wholly stays. Networks
find few pixels to keep, so they are shy: of rendered prints and hardware this finds two fifths,
rightly in seven of ten pixels; a threshold of 0.75 would find a seventh."""


def refine_matte(rgb: NDArray[np.uint8], matte: NDArray[np.float32]) -> NDArray[np.float32]:
    """Decide the doubtful pixels of a network's matte (h, w) in [0, 1] of a picture (h, w, 3)."""
    import cv2

    background, product = SURE
    guess = np.where(matte > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    guess = np.where(matte >= product, cv2.GC_FGD, guess)
    labels = np.where(matte <= background, cv2.GC_BGD, guess).astype(np.uint8)
    if _fewest(labels, (cv2.GC_FGD, cv2.GC_BGD)) < MIN_SURE:
        return matte
    near = bounding_box(cv2.compare(labels, cv2.GC_BGD, cv2.CMP_NE), MARGIN)
    lab = cv2.cvtColor(np.ascontiguousarray(rgb[near]), cv2.COLOR_RGB2LAB)
    told = np.ascontiguousarray(labels[near])
    cv2.grabCut(lab, told, None, *_mixtures(lab, told), 1, cv2.GC_EVAL)
    cut = np.zeros(matte.shape, np.float32)
    cut[near] = told & 1  # product is odd, surely or probably
    return cv2.GaussianBlur(cut, (3, 3), 0)


def _mixtures(
    lab: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Learn the colours of background and product from every second pixel, across and down."""
    import cv2

    few = np.ascontiguousarray(lab[::2, ::2]), np.ascontiguousarray(labels[::2, ::2])
    if _fewest(few[1] & 1, (0, 1)) < MIN_SURE // 4:
        few = lab, labels
    mixtures = np.zeros((1, 65)), np.zeros((1, 65))  # 5 Gaussians of 13 numbers each
    cv2.setRNGSeed(RANDOM_SEED)
    cv2.grabCut(*few, None, *mixtures, 0, cv2.GC_INIT_WITH_MASK)
    return mixtures


def _fewest(labels: NDArray[np.uint8], kinds: tuple[int, int]) -> int:
    """How many pixels the smaller of two kinds has."""
    return min(int((labels == kind).sum()) for kind in kinds)


def decide_keep(keep: NDArray[np.float32]) -> NDArray[np.float32]:
    """Harden a network's keep matte (h, w): half-kept cloth would look blotched."""
    low, high = KEPT
    return np.clip((keep - low) / (high - low), 0, 1).astype(np.float32)
