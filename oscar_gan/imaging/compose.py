"""Lay the dyed product back on its photo; every other pixel stays exactly as it is."""

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


def compose(
    pixels: NDArray[np.uint8],
    solid: NDArray[np.uint8],
    edges: Edges,
    lut: ColourLut,
    gain: GainField | None = None,
    seams: Seams = NO_SEAMS,
) -> NDArray[np.uint8]:
    """Recolour pixels (H, W, 3) where `solid` (H, W) is not 0, on the edges and on the seams."""
    import cv2

    result = pixels.copy()
    rows, _ = bounding_box(solid)
    for top in range(rows.start, rows.stop, STRIP):
        strip = slice(top, min(top + STRIP, rows.stop))
        part = strip, bounding_box(solid[strip])[1]
        if solid[part].size:  # else between the shoes of a pair, say
            dyed = _dyed(pixels, part, lut, gain)
            result[part] = cv2.copyTo(dyed, solid[part], result[part])
    _recolour_edges(result, edges, lut, gain)
    _recolour_seams(result, seams, lut, gain)
    return result


def _dyed(
    pixels: NDArray[np.uint8],
    part: tuple[slice, slice],
    lut: ColourLut,
    gain: GainField | None,
) -> NDArray[np.uint8]:
    """Dye some rows and columns; in floating point where the transform is steep or has a gain."""
    if lut.slope <= STEEP and gain is None:
        return lut(pixels[part])
    rows, columns = part
    exact = lut.exact(_quiet(pixels, rows, columns, lut.slope))
    if gain is not None:
        return gain.brighten(exact, pixels, part)
    return _to_bytes(exact)


def _quiet(
    pixels: NDArray[np.uint8], rows: slice, columns: slice, slope: float
) -> NDArray[np.uint8] | NDArray[np.float32]:
    if slope <= STEEP:
        return pixels[rows, columns]
    top = max(rows.start - MARGIN, 0)  # rows above and below, so that strips leave no seams
    wide = smoothed(pixels[top : rows.stop + MARGIN, columns], slope)
    return wide[rows.start - top :][: rows.stop - rows.start]


def _recolour_edges(
    result: NDArray[np.uint8],
    edges: Edges,
    lut: ColourLut,
    gain: GainField | None,
) -> None:
    """Put the dyed share back into what else each mixed pixel holds, in linear light."""
    light = edges.rest.copy()
    for some, share, colour in (
        (edges.mixed, edges.mixed_share, edges.mixed_colour),
        (edges.plain, edges.plain_share, edges.plain_colour),
    ):
        if len(some):
            dyed = LINEAR_OF_BYTE[lut(colour[None])[0]]
            if gain is not None:
                places = fractions_of(edges.positions[some], result.shape[:2])
                dyed *= gain.at(*places, colour)
            light[some] += share[:, None] * dyed
    result.reshape(-1, 3)[edges.positions] = _bytes_of_light(light)


def _recolour_seams(
    result: NDArray[np.uint8],
    seams: Seams,
    lut: ColourLut,
    gain: GainField | None,
) -> None:
    """Mix each pixel again from what became of its two sides."""
    if not len(seams.positions):
        return
    dyed = LINEAR_OF_BYTE[lut(seams.sides)]
    if gain is not None:
        places = fractions_of(seams.positions, result.shape[:2])
        for side in (0, 1):
            dyed[:, side] *= gain.at(*places, seams.sides[:, side])
    share, weight = seams.share[:, None], seams.weight[:, None]
    mixed = share * dyed[:, 0] + (1 - share) * dyed[:, 1] + seams.rest
    flat = result.reshape(-1, 3)
    before = LINEAR_OF_BYTE[flat[seams.positions]]
    flat[seams.positions] = _bytes_of_light(before + weight * (mixed - before))


def _bytes_of_light(light: NDArray[np.floating]) -> NDArray[np.uint8]:
    steps = np.clip(light * (len(BYTE_OF_LINEAR) - 1), 0, len(BYTE_OF_LINEAR) - 1)
    return BYTE_OF_LINEAR[steps.astype(np.uint16)]


def _to_bytes(srgb: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)
