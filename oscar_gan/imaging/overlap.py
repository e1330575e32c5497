"""How good a matte is: overlap with the truth and how far its edge lies from the true edge."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

REFERENCE_SIDE = 1000
"""Boundary errors are given in pixels of a picture of this long side."""


class MatteScore(NamedTuple):
    """One matte against its truth."""

    iou: float
    boundary: float
    """Mean distance between the edges, both ways, in pixels at 1000 px; `inf` without an edge."""


def score_matte(matte: NDArray[np.floating], truth: NDArray[np.floating]) -> MatteScore:
    """Compare mattes (h, w) in [0, 1], cut at one half."""
    ours, true = matte > 0.5, truth > 0.5
    union = (ours | true).sum()
    iou = float((ours & true).sum() / union) if union else 1.0
    return MatteScore(iou, _boundary_distance(ours, true) * REFERENCE_SIDE / max(matte.shape))


def _boundary_distance(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    import cv2

    edges = [_edge(mask) for mask in (one, other)]
    if not all(edge.any() for edge in edges):
        return 0.0 if np.array_equal(one, other) else float("inf")
    means = []
    for edge, facing in (edges, edges[::-1]):
        distance = cv2.distanceTransform((~facing).astype(np.uint8), cv2.DIST_L2, 5)
        means.append(distance[edge].mean())
    return float(np.mean(means))


def _edge(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels of the mask with a neighbour outside; the picture's own border is no edge."""
    import cv2

    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
    return mask & (inner == 0)
