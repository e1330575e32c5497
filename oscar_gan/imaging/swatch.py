"""The swatch: the one colour that people would name for a material seen in light and shade.

People match hue to the material's body and lightness to its brightest parts without the
highlights (Giesel and Gegenfurtner, 2010). So hue and chroma come from the p40–p80 band of
lightness, lightness from p75–p85, both without highlights and deep shadows. The pixels are chosen
once, on the source, and measured again on every result: never by nearness to a target.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import UnusableMatte
from .colour import bytes_to_oklab, oklab_to_srgb, to_hex
from .matte import bounding_box

SWATCH_VERSION = 1
"""Raise when the estimator changes: ΔE of different versions must not be compared."""
CHROMA_BAND = (40, 80)
LIGHTNESS_BAND = (75, 85)
"""Percentiles of lightness that hue and chroma, and lightness, are read from."""
MAX_SAMPLES = 20_000
"""About how many pixels of the product are looked at."""
MAX_BAND = 4_000
"""Most pixels kept per band."""
MIN_SAMPLES = 24
SOLID = 250
"""Matte value from which a pixel counts as wholly product."""


@dataclass(frozen=True, slots=True, eq=False)
class Swatch:
    """A material's colour, and the frozen pixels it is read from."""

    oklab: NDArray[np.float64]
    """(3,)"""
    chroma_pixels: NDArray[np.intp]
    lightness_pixels: NDArray[np.intp]
    """Flat positions in the photo (row × width + column)."""

    @property
    def hex(self) -> str:
        """The colour as '#RRGGBB'."""
        return to_hex(oklab_to_srgb(self.oklab))

    @property
    def positions(self) -> NDArray[np.intp]:
        """Both bands' positions, the chroma band first."""
        return np.concatenate([self.chroma_pixels, self.lightness_pixels])

    def measure(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Read the colour (3,) OKLab of the frozen pixels in a picture (H, W, 3)."""
        return self.of_samples(bytes_to_oklab(pixels.reshape(-1, 3)[self.positions]))

    def of_samples(self, oklab: NDArray[np.floating]) -> NDArray[np.float64]:
        """The same, when the frozen pixels (n, 3) are already at hand in order of `positions`."""
        return _estimate(oklab[: len(self.chroma_pixels)], oklab[len(self.chroma_pixels) :])


def sample_positions(matte: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Positions on a regular grid inside the eroded matte (H, W), about `MAX_SAMPLES` at most.

    A grid point counts when its neighbours are solid too, so edges stay out.
    """
    rows, columns = bounding_box(matte)
    area = (rows.stop - rows.start) * (columns.stop - columns.start)
    stride = max(1, int(np.sqrt(area / MAX_SAMPLES)))
    y = np.arange(rows.start, rows.stop, stride)
    x = np.arange(columns.start, columns.stop, stride)
    solid = matte[y][:, x] >= SOLID
    inner = solid.copy()
    inner[1:] &= solid[:-1]
    inner[:-1] &= solid[1:]
    inner[:, 1:] &= solid[:, :-1]
    inner[:, :-1] &= solid[:, 1:]
    # A thin strap has no inside; its solid pixels, or else its strongest ones, must do.
    for chosen in (inner, solid, matte[y][:, x] >= max(1, int(matte.max()))):
        if chosen.sum() >= MIN_SAMPLES:
            grid_y, grid_x = np.nonzero(chosen)
            return y[grid_y] * matte.shape[1] + x[grid_x]
    raise UnusableMatte(
        f"The matte marks {int((matte > 127).sum())} pixels as product; at least"
        f" {MIN_SAMPLES} are needed. Mark a larger area."
    )


def estimate_swatch(oklab: NDArray[np.floating], positions: NDArray[np.intp]) -> Swatch:
    """Read the swatch of a material from its pixels (n, 3) and their positions (n,)."""
    usable = _without_extremes(oklab)
    oklab, positions = oklab[usable], positions[usable]
    chroma = _band(oklab[:, 0], CHROMA_BAND)
    lightness = _band(oklab[:, 0], LIGHTNESS_BAND)
    return Swatch(
        _estimate(oklab[chroma], oklab[lightness]), positions[chroma], positions[lightness]
    )


def _estimate(
    chroma_band: NDArray[np.floating], lightness_band: NDArray[np.floating]
) -> NDArray[np.float64]:
    bands = lightness_band[:, 0], chroma_band[:, 1], chroma_band[:, 2]
    return np.array([np.median(np.ascontiguousarray(band)) for band in bands], np.float64)


def _without_extremes(oklab: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which pixels are neither highlight (bright, and washed out or clipped) nor deep shadow."""
    lightness = oklab[:, 0]
    chroma = np.hypot(oklab[:, 1], oklab[:, 2])
    middle = np.median(lightness)
    bright = lightness > np.percentile(lightness, 80)
    washed_out = bright & (chroma < 0.5 * np.median(chroma)) & (np.median(chroma) > 0.03)
    usable = (lightness > 0.5 * middle) & (lightness < 0.995) & ~washed_out
    # Overexposed white cloth is all highlight: then there is nothing better to read.
    return usable if usable.mean() > 0.3 else np.ones(len(oklab), bool)


def _band(lightness: NDArray[np.floating], percentiles: tuple[int, int]) -> NDArray[np.intp]:
    """Indices of a band of percentiles, thinned evenly to `MAX_BAND`."""
    low, high = np.percentile(lightness, percentiles)
    members = np.flatnonzero((lightness >= low) & (lightness <= high))
    return members[:: -(-len(members) // MAX_BAND)]
