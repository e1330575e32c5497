"""Lay the dyed product back on its photo; every other pixel stays exactly as it is."""

import numpy as np
from numpy.typing import NDArray

from .colour import LINEAR_OF_BYTE, linear_to_srgb
from .edges import Edges
from .gain import gain_at, multiply_light
from .lut import STRIP, ColourLut
from .matte import bounding_box
from .sampling import fractions_of, places_of
from .smooth import MARGIN, STEEP, smoothed


def compose(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    edges: Edges,
    lut: ColourLut,
    log_gain: NDArray[np.floating] | None = None,
) -> NDArray[np.uint8]:
    """Recolour pixels (H, W, 3) where the matte (H, W) is set and the keep matte (H, W) is not."""
    import cv2

    result = pixels.copy()
    rows, _ = bounding_box(matte)
    for top in range(rows.start, rows.stop, STRIP):
        strip = slice(top, min(top + STRIP, rows.stop))
        part = strip, bounding_box(matte[strip])[1]
        if not matte[part].size:  # between the shoes of a pair, say
            continue
        dyed = _dyed(pixels, part, lut, log_gain)
        free = cv2.compare(keep[part], 0, cv2.CMP_EQ)
        solid = cv2.bitwise_and(cv2.inRange(matte[part], 255, 255), free)
        result[part] = cv2.copyTo(dyed, solid, result[part])
        _blend_kept(result[part], dyed, matte[part], keep[part])
    _recolour_edges(result, keep, edges, lut, log_gain)
    return result


def _dyed(
    pixels: NDArray[np.uint8],
    part: tuple[slice, slice],
    lut: ColourLut,
    log_gain: NDArray[np.floating] | None,
) -> NDArray[np.uint8]:
    """Dye some rows and columns; in floating point where the transform is steep or has a gain."""
    if lut.slope <= STEEP and log_gain is None:
        return lut(pixels[part])
    rows, columns = part
    exact = lut.exact(_quiet(pixels, rows, columns, lut.slope))
    if log_gain is not None:
        y, x = np.mgrid[part]
        height, width = pixels.shape[:2]
        gain = gain_at(log_gain, (y.ravel() + 0.5) / height, (x.ravel() + 0.5) / width)
        exact = multiply_light(exact.reshape(-1, 3), gain).reshape(exact.shape)
    return _to_bytes(exact)


def _quiet(
    pixels: NDArray[np.uint8], rows: slice, columns: slice, slope: float
) -> NDArray[np.uint8] | NDArray[np.float32]:
    if slope <= STEEP:
        return pixels[rows, columns]
    top = max(rows.start - MARGIN, 0)  # rows above and below, so that strips leave no seams
    wide = smoothed(pixels[top : rows.stop + MARGIN, columns], slope)
    return wide[rows.start - top :][: rows.stop - rows.start]


def _blend_kept(
    result: NDArray[np.uint8],
    dyed: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
) -> None:
    """Fade between dyed and original where the keep matte is soft inside the product."""
    import cv2

    y, x = places_of(cv2.bitwise_and(cv2.inRange(keep, 1, 254), cv2.inRange(matte, 255, 255)))
    if not len(y):
        return
    share = 1 - keep[y, x, None] / np.float32(255)
    result[y, x] = np.rint(result[y, x] + share * (dyed[y, x] - result[y, x].astype(np.float32)))


def _recolour_edges(
    result: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    edges: Edges,
    lut: ColourLut,
    log_gain: NDArray[np.floating] | None,
) -> None:
    """Change every mixed pixel by what dyeing does to its share of product, in linear light."""
    flat = result.reshape(-1, 3)
    seen = flat[edges.positions]
    light = LINEAR_OF_BYTE[seen]
    free = 1 - keep.reshape(-1)[edges.positions] / np.float32(255)
    for colour, share in ((edges.colour, edges.mixed), (seen, edges.plain)):
        some = np.flatnonzero(share)
        if len(some):
            dyed = LINEAR_OF_BYTE[lut(colour[some][None])[0]]
            if log_gain is not None:
                places = fractions_of(edges.positions[some], keep.shape)
                dyed *= gain_at(log_gain, *places)[:, None]
            change = dyed - LINEAR_OF_BYTE[colour[some]]
            light[some] += (share[some] * free[some])[:, None] * change
    flat[edges.positions] = _to_bytes(linear_to_srgb(light))


def _to_bytes(srgb: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)
