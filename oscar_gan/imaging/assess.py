"""Measure a recoloured photo against what was asked, and against the photo it was made from."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .colour import delta_e00, oklab_to_lab, oklab_to_srgb, parse_hex, srgb_to_lab, to_hex
from .findings import Finding
from .swatch import Swatch

STRUCTURE_SIDE = 1024
"""Long side in pixels at which gradients are compared."""
NOISE_ROWS = 8
"""Every so many rows are looked at for noise."""
FLAT = 60
"""Percentile of the photo's own roughness below which a place counts as flat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What was asked, what was made, and what it cost."""

    target: str
    made: str
    """Colours as '#RRGGBB'; `made` is the swatch read from the result."""
    delta_e: float
    """CIEDE2000 between the two."""
    structure: float
    """Cosine of the lightness gradients before and after, inside the product; 1 is unchanged."""
    background_max: int
    """Largest change in 8-bit levels where the matte is 0."""
    protected_max: int
    """Largest change in 8-bit levels inside the keep matte."""
    noise_gain: float
    """Fine roughness of flat places, after to before."""
    warnings: tuple[Finding, ...] = ()
    refusal: Finding | None = None

    def judged(self, warnings: tuple[Finding, ...], refusal: Finding | None) -> "Assessment":
        """Return a copy with the quality gate's verdict."""
        return replace(self, warnings=warnings, refusal=refusal)


def assess(
    pixels: NDArray[np.uint8],
    result: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    swatch: Swatch,
    target: str,
) -> Assessment:
    """Compare a result (H, W, 3) with its photo, under its matte and keep matte (H, W)."""
    import cv2

    made = swatch.measure(result)
    change = cv2.absdiff(pixels, result).max(axis=2)
    before, after = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (pixels, result))
    wanted = parse_hex(target)
    return Assessment(
        target=to_hex(wanted),
        made=to_hex(oklab_to_srgb(made)),
        delta_e=float(delta_e00(srgb_to_lab(wanted), oklab_to_lab(made))),
        structure=_structure(before, after, matte),
        background_max=int(np.max(change, where=matte == 0, initial=0)),
        protected_max=int(np.max(change, where=(keep == 255) & (matte > 0), initial=0)),
        noise_gain=_noise_gain(before, after, matte),
    )


def _structure(
    before: NDArray[np.uint8], after: NDArray[np.uint8], matte: NDArray[np.uint8]
) -> float:
    import cv2

    height, width = before.shape
    scale = min(1.0, STRUCTURE_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    images = [cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (before, after)]
    inside = cv2.erode(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.ones((3, 3)))
    inside = inside == 255
    one, other = (_gradients(image)[:, inside].ravel() for image in images)
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 1.0


def _gradients(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    return np.stack([cv2.Scharr(image, cv2.CV_32F, 1, 0), cv2.Scharr(image, cv2.CV_32F, 0, 1)])


def _noise_gain(
    before: NDArray[np.uint8], after: NDArray[np.uint8], matte: NDArray[np.uint8]
) -> float:
    """Ratio of second differences along rows, where the photo itself is smooth."""
    solid = matte[::NOISE_ROWS, 1:-1] == 255
    one, other = (_second_differences(image[::NOISE_ROWS])[solid] for image in (before, after))
    if not len(one):
        return 1.0
    flat = one <= np.percentile(one, FLAT)
    return float((other[flat].mean() + 0.5) / (one[flat].mean() + 0.5))


def _second_differences(rows: NDArray[np.uint8]) -> NDArray[np.int16]:
    rows = rows.astype(np.int16)
    return np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])
