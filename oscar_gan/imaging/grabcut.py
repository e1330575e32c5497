"""GrabCut mattes: the `classic` generator's segmentation and the lab's pseudo-labels.

GrabCut (Rother, Kolmogorov, Blake 2004) fits two colour mixtures, product and background, and
cuts the picture between them. It needs no training, but it must be told where to begin: here a
centred ellipse is probably product, the corners and a thin border are background.
"""

import numpy as np
from numpy.typing import NDArray

WORKING_SIDE = 192
"""Long side in pixels at which the cut is made; larger costs time and gains little."""
SEED_AXES = (0.80, 0.86)
"""Width and height of the seed ellipse, as fractions of the picture."""
CORNER = 0.12
"""Legs of the background triangles in the corners, as a fraction of each side."""
BORDER = 0.015
"""Width of the background frame, as a fraction of the long side."""
RANDOM_SEED = 2004
"""OpenCV draws the first mixtures at random; a fixed seed makes the cut repeatable."""


def grabcut_matte(rgb: NDArray[np.uint8], *, iterations: int = 5) -> NDArray[np.float32]:
    """Return the product's matte, (h, w) in [0, 1], of an sRGB picture (h, w, 3).

    The cut is binary at `WORKING_SIDE`; its edge is softened by about one working pixel. A
    picture without contrast gives an empty or a full matte: see `grabcut_confidence`.
    """
    import cv2  # heavy: web processes that never cut must not pay for it

    height, width = rgb.shape[:2]
    scale = min(1.0, WORKING_SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = cv2.resize(np.ascontiguousarray(rgb), size, interpolation=cv2.INTER_AREA)
    # Distances in Lab follow the eye; in RGB, shading outweighs hue.
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    labels = _seed(*lab.shape[:2])
    cv2.setRNGSeed(RANDOM_SEED)
    mixtures = np.zeros((1, 65)), np.zeros((1, 65))  # 5 Gaussians of 13 numbers each
    if np.ptp(lab.reshape(-1, 3), axis=0).any():  # OpenCV asserts on a single-coloured picture
        cv2.grabCut(lab, labels, None, *mixtures, iterations, cv2.GC_INIT_WITH_MASK)
    product = _without_specks((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))
    soft = cv2.GaussianBlur(product.astype(np.float32), (3, 3), 0)
    resized = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(resized, 0, 1)


def grabcut_confidence(rgb: NDArray[np.uint8], matte: NDArray[np.float32]) -> float:
    """Say in [0, 1] how far a matte (h, w) of a picture (h, w, 3) can be believed.

    The product of three scores, each 1 when unsuspicious: the area is that of a product, the
    matte hardly touches the border, and colour changes across its edge.
    """
    product = matte > 0.5
    area = float(product.mean())
    size = np.interp(area, [0.02, 0.08, 0.65, 0.9], [0, 1, 1, 0])
    frame = np.concatenate([product[0], product[-1], product[:, 0], product[:, -1]])
    inside = np.interp(frame.mean(), [0.03, 0.30], [1, 0])
    contrast = np.interp(_edge_contrast(rgb, product), [2, 12], [0, 1])
    return float(size * inside * contrast)


def _seed(height: int, width: int) -> NDArray[np.uint8]:
    """Initial labels (h, w): probable product in the ellipse, background at the rim."""
    import cv2

    y, x = np.mgrid[0:height, 0:width]
    across = np.abs((x + 0.5) / width - 0.5) * 2
    down = np.abs((y + 0.5) / height - 0.5) * 2
    labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    labels[(across / SEED_AXES[0]) ** 2 + (down / SEED_AXES[1]) ** 2 <= 1] = cv2.GC_PR_FGD
    labels[(1 - across) + (1 - down) < 2 * CORNER] = cv2.GC_BGD
    rim = max(1, round(BORDER * max(height, width)))
    for edge in (np.s_[:rim], np.s_[-rim:], np.s_[:, :rim], np.s_[:, -rim:]):
        labels[edge] = cv2.GC_BGD
    return labels


def _without_specks(product: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drop islands smaller than a tenth of the largest, and fill pin-holes."""
    import cv2

    def large_parts(mask: NDArray[np.bool_], smallest: float) -> NDArray[np.bool_]:
        _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
        areas = statistics[:, cv2.CC_STAT_AREA].copy()
        areas[0] = 0  # part 0 is what the mask leaves out
        return (areas >= max(1.0, smallest * areas.max()))[parts] if mask.any() else mask

    kept = large_parts(product, 0.1)
    return ~large_parts(~kept, 0.003)


def _edge_contrast(rgb: NDArray[np.uint8], product: NDArray[np.bool_]) -> float:
    """Mean ΔE76 between neighbours three pixels inside and outside the matte's edge."""
    import cv2

    if product.all() or not product.any():
        return 0.0
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    reach = np.ones((7, 7), np.uint8)
    mask = product.astype(np.uint8)
    weights = {
        "inside": mask - cv2.erode(mask, reach),
        "outside": cv2.dilate(mask, reach) - mask,
    }
    local = {}
    for side, weight in weights.items():
        amount = cv2.blur(weight.astype(np.float32), (9, 9))
        colour = cv2.blur(lab * weight[..., None], (9, 9))
        local[side] = colour / np.maximum(amount, 1e-3)[..., None], amount
    near = (local["inside"][1] > 0.05) & (local["outside"][1] > 0.05)
    difference = np.linalg.norm(local["inside"][0] - local["outside"][0], axis=-1)
    return float(difference[near].mean()) if near.any() else 0.0
