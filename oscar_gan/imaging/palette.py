"""The colours of a product, and how much of it each covers."""

from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_COLOURS = 8
MIN_WEIGHT = 0.005
"""A colour that covers less of the product is left out."""
MIN_PIXELS = 24
LIGHTNESS_WEIGHT = 0.45
"""How much lightness counts against hue and chroma: shading varies it within one material."""
SAME_COLOUR = 0.055
"""Distance (OKLab) below which two clusters are one colour in different light."""
SHADING = 0.3
"""Difference in lightness that light and shade alone explain, at least."""
DIMMED = 0.5
"""The same as a share of the lighter one's: an eighth of the light is left."""
SHADOW = 0.2
"""Size, to the lighter cluster's, up to which a darker one may be the depth of its folds."""
HIGHLIGHT = 0.5
"""Size, to the darker cluster's, up to which a lighter one may be its highlights."""
SEEDS = 10
"""Clusters to start from, before those of one colour are joined."""
ROUNDS = 10
CALM = 50
"""Percentage of the pixels, the least rough, that the clusters are fitted to."""
MAX_FITTED = 6_000
"""About how many pixels the clusters are fitted to; all are then assigned."""


class Palette(NamedTuple):
    """Base colours, the largest first."""

    colours: NDArray[np.float64]
    """(k, 3) OKLab"""
    weights: NDArray[np.float64]
    """(k,), sums to 1"""
    labels: NDArray[np.intp]
    """(n,): which colour each pixel belongs to; -1 for none of them."""


def find_palette(
    oklab: NDArray[np.floating],
    roughness: NDArray[np.floating] | None = None,
    counted: NDArray[np.bool_] | None = None,
) -> Palette:
    """Cluster a product's pixels (n, 3); deterministic: no random start.

    `roughness` (n,) tells how much the photo changes around each. Where it changes most, pixels
    are mixtures, which would pass for a shade between two colours: the rest settles the clusters.
    `counted` (n,) are the pixels that a colour's size is read from: all, unless some are kept.
    """
    points = _weighted(oklab)
    calm = np.arange(len(points))
    if roughness is not None:
        calm = np.flatnonzero(roughness <= np.percentile(roughness, CALM))
    seeds = _farthest_first(points[:: -(-len(points) // MAX_FITTED)])
    thinned = calm[:: -(-len(calm) // MAX_FITTED)]
    centres = _centres(points[thinned], seeds)
    joined = _merged(oklab[thinned], _nearest(points[thinned], centres), len(centres))
    labels = joined[_nearest(points, centres)]
    size = np.bincount(labels)
    least = max(MIN_WEIGHT * len(points), min(MIN_PIXELS, len(points)))
    weights = np.bincount(labels if counted is None else labels[counted], minlength=len(size))
    order = np.argsort(-weights, kind="stable")
    order = [k for rank, k in enumerate(order) if not rank or size[k] >= least][:MAX_COLOURS]
    colours = np.stack([np.median(oklab[labels == k], axis=0) for k in order])
    rank = np.full(len(weights), -1)
    rank[order] = np.arange(len(order))
    return Palette(colours.astype(float), weights[order] / weights[order].sum(), rank[labels])


def _weighted(oklab: NDArray[np.floating]) -> NDArray[np.float64]:
    return oklab * np.array([LIGHTNESS_WEIGHT, 1.0, 1.0])


def _centres(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.floating]:
    """Move cluster centres (k, 3) to their points' means by Lloyd's iteration."""
    for _ in range(ROUNDS):
        labels = _nearest(points, centres)
        sums = [np.bincount(labels, each, len(centres)) for each in (None, *points.T)]
        centres = np.stack([each[sums[0] > 0] / sums[0][sums[0] > 0] for each in sums[1:]], axis=1)
    return centres


def _nearest(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.intp]:
    return ((centres**2).sum(axis=1) - 2 * points @ centres.T).argmin(axis=1)


def _farthest_first(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """Start from the median, then take the point farthest from all centres, robustly.

    The farthest in a hundred are skipped: specks and edge pixels are no colours.
    """
    centres = [np.median(points, axis=0)]
    distance = np.full(len(points), np.inf)
    rank = int(0.99 * (len(points) - 1))
    for _ in range(SEEDS - 1):
        distance = np.minimum(distance, ((points - centres[-1]) ** 2).sum(axis=1))
        far = np.partition(distance, rank)[rank]
        alike = np.flatnonzero(distance == far)
        centres.append(points[alike[rank - np.count_nonzero(distance < far)]])
    return np.stack(centres)


def _merged(oklab: NDArray[np.floating], labels: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Join the closest of `count` clusters for as long as they are one colour in other light.

    Returns the new label (count,) of each. A joint cluster is known by its lighter half, since in
    the dark all colours look alike, unless that is a mere highlight of the other; and it keeps its
    darkest lightness, so that black does not pass for white by way of all greys.
    """
    size = np.bincount(labels, minlength=count)
    names = list(np.flatnonzero(size))
    known_by = {name: np.median(oklab[labels == name], axis=0).tolist() for name in names}
    darkest = {name: colour[0] for name, colour in known_by.items()}
    joined = np.arange(count)
    while len(names) > 1:
        pairs = [
            sorted((names[i], names[j]), key=lambda name: known_by[name][0])
            for j in range(len(names))
            for i in range(j)
        ]
        gaps = [
            _difference(known_by[dark], known_by[light], darkest[dark]) for dark, light in pairs
        ]
        closest = int(np.argmin(gaps))
        if gaps[closest] >= SAME_COLOUR:
            break
        dark, light = pairs[closest]
        joined[joined == dark] = light
        names.remove(dark)
        if size[dark] > SHADOW * size[light]:
            darkest[light] = min(darkest[light], darkest[dark])
        if size[light] <= HIGHLIGHT * size[dark]:
            known_by[light] = known_by[dark]
        size[light] += size[dark]
    return joined


def _difference(dark: list[float], light: list[float], darkest: float) -> float:
    """Distance between two colours once the lighter is dimmed to the other's lightness."""
    dimmed = dark[0] / max(light[0], 1e-3)
    unexplained = max(0.0, light[0] - darkest - max(SHADING, DIMMED * light[0]))
    return hypot(dark[1] - light[1] * dimmed, dark[2] - light[2] * dimmed) + unexplained
