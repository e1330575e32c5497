"""Fréchet Wavelet Distance: how far two sets of pictures are apart, with no network at all.

Veeramacheneni, Wolter, Kuehne and Gall, "Fréchet Wavelet Distance: A Domain-Agnostic Metric for
Image Generation" (2025). A full Haar wavelet-packet transform splits every picture into 4^levels
bands of frequency; each band's coefficients are compared by the Fréchet distance, and the mean
over the bands is the result. So fine texture counts as much as the coarse picture does, which a
network trained on photographs would not promise.
"""

import numpy as np
from numpy.typing import NDArray

from .distances import frechet_distance

LEVELS = 4
"""256 bands; of 64-pixel pictures each holds 4 × 4 places in three colours."""


def wavelet_distance(
    one: NDArray[np.floating], other: NDArray[np.floating], *, levels: int = LEVELS
) -> float:
    """Compare sets of pictures (n, h, w, c) in [0, 1].

    Only sets of one size and pictures of one size may be compared. Raises ValueError where the
    sides are no multiples of 2^levels.
    """
    bands = [packets(pictures, levels) for pictures in (one, other)]
    return float(np.mean([frechet_distance(*pair) for pair in zip(*bands, strict=True)]))


def packets(pictures: NDArray[np.floating], levels: int) -> NDArray[np.float64]:
    """Haar wavelet packets of pictures (n, h, w, c): (4^levels, n, coefficients)."""
    if any(side % 2**levels for side in pictures.shape[1:3]):
        raise ValueError(
            f"Pictures of {pictures.shape[1]} × {pictures.shape[2]} pixels cannot be halved"
            f" {levels} times; resize them to a multiple of {2**levels}."
        )
    bands = [pictures.astype(np.float64)]
    for _ in range(levels):
        bands = [half for band in bands for half in _split(band)]
    return np.stack([band.reshape(len(pictures), -1) for band in bands])


def _split(band: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """One step of Haar's transform, orthonormal: mean, and details across, down and diagonal."""
    a, b = band[:, ::2, ::2], band[:, ::2, 1::2]
    c, d = band[:, 1::2, ::2], band[:, 1::2, 1::2]
    return [(a + b + c + d) / 2, (a - b + c - d) / 2, (a + b - c - d) / 2, (a - b - c + d) / 2]
