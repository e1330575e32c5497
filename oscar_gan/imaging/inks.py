"""Find the inks of a print's picture, and say of each pixel what it is mixed of."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..errors import UnusableTile
from .colour import LINEAR_OF_BYTE, bytes_to_oklab, linear_to_oklab, oklab_to_linear, to_hex

INKS = (2, 6)
"""Fewest and most inks of a print."""
SAME_INK = 0.07
"""Distance (OKLab) up to which two clusters are one ink."""
LEAST = 0.004
"""Share of the picture below which a colour is no ink but a speck."""
CALM = 60
"""Percentage of the pixels, the least rough, that inks are looked for in: borders are mixtures."""
AT_REST = 0.3
"""Share of an ink's pixels that are calm: a mixture of two others has fewer."""
MAX_FITTED = 20_000
ROUNDS = 12
TOGETHER = 4
"""Most inks in one pixel: more than three channels could not tell apart."""
PLAINNESS = 4e-5
"""Squared error in linear light that one ink more in a mixture has to save."""
MAX_ERROR = 0.06
"""Mean distance (OKLab) of the mixture from the picture from which inks cannot show it."""


def find_inks(pixels: NDArray[np.uint8], most: int = INKS[1]) -> list[str]:
    """Find up to `most` inks '#RRGGBB', the largest first, in a picture (H, W, 3).

    Raises UnusableTile when it has one colour only.
    """
    import cv2

    rough = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=2)
    calm = (rough <= np.percentile(rough, CALM)).reshape(-1)
    # Small motifs are all border: a third of what is looked at may be anything.
    every, quiet = np.arange(calm.size), np.flatnonzero(calm)
    some = np.concatenate([
        quiet[:: -(-len(quiet) // MAX_FITTED)], every[:: -(-3 * len(every) // MAX_FITTED)]
    ])  # fmt: skip
    rgb, calm = pixels.reshape(-1, 3)[some], calm[some]
    oklab = bytes_to_oklab(rgb)
    centres = _joined(oklab, _centres(oklab, _farthest(oklab, most + 4)))
    centres = _without_mixtures(oklab, calm, centres)
    sizes = np.bincount(_nearest(oklab, centres), minlength=len(centres))
    order = [k for k in np.argsort(-sizes, kind="stable") if sizes[k] >= LEAST * len(oklab)][:most]
    if len(order) < INKS[0]:
        raise UnusableTile(
            "The picture of the print has one colour only; a print needs two inks at least."
        )
    nearest = _nearest(oklab, centres[order])
    return [to_hex(np.median(rgb[nearest == k], axis=0) / 255) for k in range(len(order))]


def unmixed(pixels: NDArray[np.uint8], inks: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Weights (H, W, K), adding up to 255, with which K inks (3,) make a picture (H, W, 3).

    A pixel is mixed of as few inks as explain it, four at most. Raises UnusableTile when they
    leave too much unexplained.
    """
    packed = (pixels.astype(np.uint32) * np.array([1 << 16, 1 << 8, 1], np.uint32)).sum(axis=2)
    colours, place = np.unique(packed, return_inverse=True)
    seen = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.uint8)
    light, inked = LINEAR_OF_BYTE[seen], LINEAR_OF_BYTE[np.stack(inks)]
    best = np.zeros((len(seen), len(inks)), np.float32)
    smallest = np.full(len(seen), np.inf)
    for count in range(1, min(TOGETHER, len(inks)) + 1):
        for some in combinations(range(len(inks)), count):
            shares = _shares(light, inked[list(some)])
            error = ((shares @ inked[list(some)] - light) ** 2).sum(axis=1) + PLAINNESS * count
            better = (shares.min(axis=1) >= -1e-6) & (error < smallest)
            smallest[better] = error[better]
            best[better] = 0
            best[np.ix_(better, some)] = shares[better]
    _check_explained(
        seen, best @ inked, np.bincount(place.reshape(-1), minlength=len(seen)), len(inks)
    )
    return whole_weights(best)[place.reshape(pixels.shape[:2])]


def whole_weights(shares: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Round shares (..., K) that add up to 1 to bytes that add up to 255, the largest giving."""
    scaled = np.clip(shares, 0, 1) * 255
    whole = np.rint(scaled).astype(np.int16)
    largest = whole.argmax(axis=-1)[..., None]
    missing = 255 - whole.sum(axis=-1, keepdims=True)
    np.put_along_axis(whole, largest, np.take_along_axis(whole, largest, -1) + missing, -1)
    return whole.astype(np.uint8)


def _shares(light: NDArray[np.floating], inks: NDArray[np.floating]) -> NDArray[np.floating]:
    """Shares (n, k), adding up to 1, of k inks that come nearest to light (n, 3)."""
    if len(inks) == 1:
        return np.ones((len(light), 1), np.float32)
    across = (inks[1:] - inks[0]).astype(float)
    part = (light - inks[0]) @ np.linalg.pinv(across)
    return np.hstack([1 - part.sum(axis=1, keepdims=True), part])


def _check_explained(
    seen: NDArray[np.uint8], made: NDArray[np.floating], counts: NDArray[np.intp], inks: int
) -> None:
    away = np.linalg.norm(linear_to_oklab(np.maximum(made, 0)) - bytes_to_oklab(seen), axis=1)
    error = float(np.average(away, weights=counts))
    if error > MAX_ERROR:
        raise UnusableTile(
            f"The picture has more colours than {inks} inks can show (mean distance"
            f" {error:.2f} in OKLab, limit {MAX_ERROR:g}). Use a print with fewer colours."
        )


def _farthest(points: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    """Start from the median, then take the point farthest from all so far, without specks."""
    centres = [np.median(points, axis=0)]
    distance = np.full(len(points), np.inf)
    rank = int((1 - LEAST) * (len(points) - 1))
    for _ in range(count - 1):
        distance = np.minimum(distance, ((points - centres[-1]) ** 2).sum(axis=1))
        centres.append(points[np.argsort(distance, kind="stable")[rank]])
    return np.stack(centres)


def _centres(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.floating]:
    """Lloyd's iteration with medians, which mixtures at borders do not pull aside."""
    for _ in range(ROUNDS):
        labels = _nearest(points, centres)
        centres = np.stack([np.median(points[labels == k], axis=0) for k in np.unique(labels)])
    return centres


def _joined(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.floating]:
    """Let the smaller of the two nearest clusters go, as long as they are one ink."""
    while len(centres) > 1:
        sizes = np.bincount(_nearest(points, centres), minlength=len(centres))
        gaps = np.linalg.norm(centres[:, None] - centres[None], axis=2)
        gaps[np.diag_indices(len(centres))] = np.inf
        one, other = np.unravel_index(gaps.argmin(), gaps.shape)
        if gaps[one, other] >= SAME_INK:
            break
        centres = np.delete(centres, one if sizes[one] < sizes[other] else other, axis=0)
    return centres


def _without_mixtures(
    points: NDArray[np.floating], calm: NDArray[np.bool_], centres: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Leave out clusters between two others that are found on borders only: no inks of their own.

    `calm` (n,) are the points around which the picture does not change.
    """
    kept = list(range(len(centres)))
    labels = _nearest(points, centres)
    light = np.maximum(oklab_to_linear(centres), 0)
    for k in np.argsort(np.bincount(labels, minlength=len(centres)), kind="stable"):
        others = [other for other in kept if other != k]
        if len(others) < INKS[0] or calm[labels == k].mean() > AT_REST:
            continue
        mixed = np.array([
            light[one] + _along(light[k], light[one], light[two]) * (light[two] - light[one])
            for one, two in combinations(others, 2)
        ])  # fmt: skip
        if np.linalg.norm(linear_to_oklab(mixed) - centres[k], axis=1).min() < SAME_INK:
            kept.remove(k)
    return centres[kept]


def _along(
    colour: NDArray[np.floating], one: NDArray[np.floating], other: NDArray[np.floating]
) -> float:
    """How far a colour (3,) is on the way from one to another, 0 to 1."""
    across = other - one
    return float(np.clip((colour - one) @ across / max(float(across @ across), 1e-9), 0, 1))


def _nearest(points: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.intp]:
    return ((centres**2).sum(axis=1) - 2 * points @ centres.T).argmin(axis=1)
