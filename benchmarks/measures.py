"""How far a recoloured picture is from its truth, pixel by pixel: colour, gradients, passed."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from oscar_gan.imaging.colour import LINEAR_OF_BYTE, RGB_TO_XYZ, WHITE, delta_e00

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

PASS_MEDIAN, PASS_P90, PASS_GRADIENTS = 1.4, 3.5, 0.78
"""A pair passes when it keeps all three."""
GRADIENT_RANGE = 5.0
"""L* per pixel, which cloth seldom exceeds: the range in SSIM's constants, so that differences
below 0.15 L* per pixel, far less than is seen, do not count. With the range of L* itself, 100, any
two pieces of cloth would be alike."""
WINDOW, SIGMA = (11, 11), 1.5


class Score(NamedTuple):
    """One picture against its truth, inside a mask."""

    median: float
    p90: float
    """CIEDE2000 per pixel."""
    gradients: float
    """Gradient-SSIM, 1 where folds and texture are the truth's."""

    @property
    def passed(self) -> bool:
        """Whether a person would take the one for the other."""
        return (
            self.median <= PASS_MEDIAN
            and self.p90 <= PASS_P90
            and self.gradients >= PASS_GRADIENTS
        )


def score(made: Pixels, truth: Pixels, inside: Mask) -> Score:
    """Compare pictures (h, w, 3) where `inside` (h, w); what lies outside does not matter."""
    wanted, found = lab_of(truth), lab_of(np.where(inside[..., None], made, truth))
    difference = delta_e00(found[inside], wanted[inside])
    alike = gradient_ssim(found[..., 0], wanted[..., 0], inside)
    return Score(*(float(p) for p in np.percentile(difference, [50, 90])), alike)


def lab_of(pixels: Pixels) -> NDArray[np.float64]:
    """8-bit sRGB (…, 3) to CIELAB (D65)."""
    xyz = LINEAR_OF_BYTE[pixels].astype(np.float64) @ RGB_TO_XYZ.T / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def gradient_ssim(one: NDArray[np.floating], other: NDArray[np.floating], inside: Mask) -> float:
    """SSIM (Wang and others, 2004) of lightness gradients, the mean over both directions.

    `one` and `other` are L* (h, w). Comparing gradients instead of lightness follows Chen, Yang
    and Xie (2006): a smooth error in brightness is the business of ΔE, folds and weave of this.
    """
    alike = [_ssim(_gradient(one, *axis), _gradient(other, *axis)) for axis in ((1, 0), (0, 1))]
    where = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float(np.mean(alike, axis=0)[where if where.any() else inside].mean())


def _gradient(lightness: NDArray[np.floating], x: int, y: int) -> NDArray[np.float64]:
    """Sobel's, in L* per pixel."""
    return cv2.Sobel(lightness, cv2.CV_64F, x, y, scale=1 / 8)


def _ssim(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    def mean(image: NDArray[np.float64]) -> NDArray[np.float64]:
        return cv2.GaussianBlur(image, WINDOW, SIGMA)

    c1, c2 = (0.01 * GRADIENT_RANGE) ** 2, (0.03 * GRADIENT_RANGE) ** 2
    mean_1, mean_2 = mean(one), mean(other)
    variances = mean(one * one) - mean_1**2 + mean(other * other) - mean_2**2
    covariance = mean(one * other) - mean_1 * mean_2
    above = (2 * mean_1 * mean_2 + c1) * (2 * covariance + c2)
    return above / ((mean_1**2 + mean_2**2 + c1) * (variances + c2))
