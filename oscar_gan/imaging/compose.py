"""Lay the dyed product back on its photo; every other pixel stays exactly as it is."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .colour import BYTE_OF_LINEAR, LINEAR_OF_BYTE
from .edges import Edges
from .gain import GainField
from .lut import STRIP, ColourLut
from .matte import bounding_box
from .sampling import fractions_of
from .seams import NO_SEAMS, Seams
from .smooth import MARGIN, STEEP, smoothed

SHADES = (0.7, 1.3)
"""Darkest and lightest that a seam under a print may be, to what is beside it."""


class Coating(Protocol):
    """What becomes of a photo's colours: the same everywhere, or otherwise in other places."""

    def over(self, pixels: NDArray[np.uint8], part: tuple[slice, slice]) -> NDArray[np.uint8]:
        """Dye some rows and columns of a photo's pixels (H, W, 3)."""

    def at(
        self, colours: NDArray[np.uint8], positions: NDArray[np.intp], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """Linear light (n, 3) that colours (n, 3) get at flat positions (n,) of a photo (H, W)."""


class Coat:
    """One dye for the whole product: a table of colours and a gain field."""

    def __init__(self, lut: ColourLut, gain: GainField | None = None) -> None:
        self._lut, self._gain = lut, gain

    def over(self, pixels: NDArray[np.uint8], part: tuple[slice, slice]) -> NDArray[np.uint8]:
        """See Coating.over; in floating point where the table is steep or there is a gain."""
        if self._lut.slope <= STEEP and self._gain is None:
            return self._lut(pixels[part])
        rows, columns = part
        exact = self._lut.exact(_quiet(pixels, rows, columns, self._lut.slope))
        if self._gain is not None:
            return self._gain.brighten(exact, pixels, part)
        return _to_bytes(exact)

    def at(
        self, colours: NDArray[np.uint8], positions: NDArray[np.intp], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """See Coating.at."""
        light = LINEAR_OF_BYTE[self._lut(colours[None])[0]]
        if self._gain is not None:
            light *= self._gain.at(*fractions_of(positions, shape), colours)
        return light


def compose(
    pixels: NDArray[np.uint8],
    solid: NDArray[np.uint8],
    edges: Edges,
    lut: ColourLut,
    gain: GainField | None = None,
    seams: Seams = NO_SEAMS,
) -> NDArray[np.uint8]:
    """Recolour pixels (H, W, 3) where `solid` (H, W) is not 0, on the edges and on the seams."""
    return lay(pixels, solid, edges, seams, Coat(lut, gain))


def lay(
    pixels: NDArray[np.uint8],
    solid: NDArray[np.uint8],
    edges: Edges,
    seams: Seams,
    coating: Coating,
    *,
    covered: bool = False,
) -> NDArray[np.uint8]:
    """Coat pixels (H, W, 3) where `solid` (H, W) is not 0, on the edges and on the seams.

    `covered`, what no mixture explains on a seam is taken for light and shade: a seam that a print
    covers must not show through it.
    """
    import cv2

    result = pixels.copy()
    rows, _ = bounding_box(solid)
    for top in range(rows.start, rows.stop, STRIP):
        strip = slice(top, min(top + STRIP, rows.stop))
        part = strip, bounding_box(solid[strip])[1]
        if solid[part].size:  # else between the shoes of a pair, say
            dyed = coating.over(pixels, part)
            result[part] = cv2.copyTo(dyed, solid[part], result[part])
    _coat_edges(result, edges, coating)
    _coat_seams(result, seams, coating, covered)
    return result


def _quiet(
    pixels: NDArray[np.uint8], rows: slice, columns: slice, slope: float
) -> NDArray[np.uint8] | NDArray[np.float32]:
    if slope <= STEEP:
        return pixels[rows, columns]
    top = max(rows.start - MARGIN, 0)  # rows above and below, so that strips leave no seams
    wide = smoothed(pixels[top : rows.stop + MARGIN, columns], slope)
    return wide[rows.start - top :][: rows.stop - rows.start]


def _coat_edges(result: NDArray[np.uint8], edges: Edges, coating: Coating) -> None:
    """Put the dyed share back into what else each mixed pixel holds, in linear light."""
    light = edges.rest.copy()
    for some, share, colour in (
        (edges.mixed, edges.mixed_share, edges.mixed_colour),
        (edges.plain, edges.plain_share, edges.plain_colour),
    ):
        if len(some):
            dyed = coating.at(colour, edges.positions[some], result.shape[:2])
            light[some] += share[:, None] * dyed
    result.reshape(-1, 3)[edges.positions] = bytes_of_light(light)


def _coat_seams(result: NDArray[np.uint8], seams: Seams, coating: Coating, covered: bool) -> None:
    """Mix each pixel again from what became of its two sides."""
    if not len(seams.positions):
        return
    one, other = (
        coating.at(seams.sides[:, side], seams.positions, result.shape[:2]) for side in (0, 1)
    )
    share, weight = seams.share[:, None], seams.weight[:, None]
    mixed = share * one + (1 - share) * other
    if covered:
        mixed *= _shade_of(seams)[:, None]
    else:
        mixed += seams.rest
    flat = result.reshape(-1, 3)
    before = LINEAR_OF_BYTE[flat[seams.positions]]
    flat[seams.positions] = bytes_of_light(before + weight * (mixed - before))


def _shade_of(seams: Seams) -> NDArray[np.floating]:
    """How much lighter or darker (n,) each pixel is than the mixture of its sides."""
    sides = LINEAR_OF_BYTE[seams.sides].mean(axis=2)
    mixture = seams.share * sides[:, 0] + (1 - seams.share) * sides[:, 1]
    return np.clip(1 + seams.rest.mean(axis=1) / np.maximum(mixture, 1e-3), *SHADES)


def bytes_of_light(light: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Write linear light as 8-bit sRGB, cut off at black and white."""
    steps = np.clip(light * (len(BYTE_OF_LINEAR) - 1), 0, len(BYTE_OF_LINEAR) - 1)
    return BYTE_OF_LINEAR[steps.astype(np.uint16)]


def _to_bytes(srgb: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)
