"""Lay the dyed product back on its photo; every other pixel stays exactly as it is."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .colour import BYTE_OF_LINEAR, LINEAR_OF_BYTE
from .edges import Edges
from .gain import GainField, encoded, to_bytes
from .lut import ColourLut
from .matte import bounding_box
from .sampling import fractions_of, places_of, put, strips, thrice
from .seams import NO_SEAMS, Seams
from .smooth import MARGIN, STEEP, quietening
from .tints import UNKNOWN, Tints, shelved

WHOLLY_DYED = 0.98
"""Share from which a colour counts as dyed without looking pixel by pixel."""
SHADES = (0.7, 1.3)
"""Darkest and lightest that a seam under a print may be, to what is beside it."""

Part = tuple[slice, slice]
"""Some rows and columns of a photo."""


class Coating(Protocol):
    """What becomes of a photo's colours: the same everywhere, or otherwise in other places."""

    def over(self, pixels: NDArray[np.uint8], part: Part) -> NDArray[np.uint8]:
        """Dye some rows and columns of a photo's pixels (H, W, 3)."""

    def at(
        self, colours: NDArray[np.uint8], positions: NDArray[np.intp], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """Linear light (n, 3) that colours (n, 3) get at flat positions (n,) of a photo (H, W)."""


class Coat:
    """One dye for the whole product: a table of colours and a gain field.

    Every pass over the picture counts here: looking the colours up, the gain and rounding.
    """

    def __init__(self, lut: ColourLut, gain: GainField | None, tints: Tints) -> None:
        self._lut, self._gain, self._tints = lut, gain, tints
        self._made = tints.read(lut)
        """(n, 3) sRGB of each of the product's colours."""
        self._bytes = _to_bytes(self._made)
        self._light = LINEAR_OF_BYTE[self._bytes]
        self._share: NDArray[np.float32] | None = None
        """(n,): how far each of them is dyed; None when all are."""
        if gain is not None and gain.dyed is not None:
            self._share = tints.read(gain.dyed)[:, 0]
            self._share[UNKNOWN] = 1  # no pixel of the product

    @property
    def _is_worked_on(self) -> bool:
        """Whether more is to be done than to look each colour up."""
        return self._gain is not None or self._lut.slope > STEEP

    def over(self, pixels: NDArray[np.uint8], part: Part) -> NDArray[np.uint8]:
        """See Coating.over; in floating point where the table is steep or there is a gain."""
        made = self._tints.over(part, self._shelf)
        if not self._is_worked_on:
            return made
        spared = None
        if self._share is not None and made.min() < 0:
            spared = places_of(made[..., 0] < 0)
            made[spared] *= -1
        if self._lut.slope > STEEP:
            self._quieten(made, pixels, part)
        if self._gain is not None:
            before = None if spared is None else made[spared]
            self._gain.multiply(made, part, pixels.shape[:2])
            if spared is not None:
                share = self._share[self._tints.numbers_in(part, *spared)]
                made[spared] = before + (made[spared] - before) * share[:, None]
        return to_bytes(made, self._least)

    def at(
        self, colours: NDArray[np.uint8], positions: NDArray[np.intp], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """See Coating.at."""
        numbers = self._tints.numbers(colours)
        light = np.take(self._light, numbers, axis=0)
        share = None if self._share is None else self._share[numbers]
        if (strange := numbers == UNKNOWN).any():
            others = colours[strange][None]
            light[strange] = LINEAR_OF_BYTE[self._lut(others)[0]]
            if share is not None:
                share[strange] = self._gain.dyed.exact(others)[0, :, 0]
        if self._gain is not None:
            light *= self._gain.at(*fractions_of(positions, shape), share)
        return light

    def _quieten(self, made: NDArray[np.float32], pixels: NDArray[np.uint8], part: Part) -> None:
        """Average a part (h, w, 3) whose noise would show, in place."""
        import cv2

        rows, columns = part
        # Rows above and below, and an even first column, so that strips leave no seams.
        top, left = max(rows.start - MARGIN, 0), columns.start & ~1
        levels = quietening(
            pixels[top : rows.stop + MARGIN, left : columns.stop], self._lut.slope
        )[rows.start - top :, columns.start - left :][: rows.stop - rows.start]
        added = self._tints.over(part, self._steps)
        cv2.accumulateProduct(added, cv2.cvtColor(levels, cv2.COLOR_GRAY2RGB), made)

    @cached_property
    def _shelf(self) -> NDArray:
        """What becomes of every colour, to be looked up; negative where the gain is spared."""
        if not self._is_worked_on:
            return shelved(self._bytes)
        light = encoded(self._made)
        if self._share is not None:
            light[self._share < WHOLLY_DYED] *= -1
        light[UNKNOWN] = encoded(1.0)  # looked up for pixels that are not dyed, and left out
        return shelved(light)

    @cached_property
    def _least(self) -> float:
        """What no pixel falls below, of what `over` rounds."""
        if self._lut.slope > STEEP:
            return 0.0
        own = self._made[1 : self._tints.own + 1]
        least = float(encoded(own.min(initial=1.0)))
        return least if self._gain is None else least * min(1.0, self._gain.least)

    @cached_property
    def _steps(self) -> NDArray[np.float32]:
        """What one level more of lightness adds to every colour, to be looked up."""
        return shelved(255 * self._tints.steps(self._lut))


def compose(
    pixels: NDArray[np.uint8],
    solid: NDArray[np.uint8],
    edges: Edges,
    lut: ColourLut,
    gain: GainField | None = None,
    seams: Seams = NO_SEAMS,
) -> NDArray[np.uint8]:
    """Recolour pixels (H, W, 3) where `solid` (H, W) is not 0, on the edges and on the seams."""
    return lay(pixels, solid, edges, seams, Coat(lut, gain, tints_of(pixels, solid, edges, seams)))


def tints_of(
    pixels: NDArray[np.uint8], solid: NDArray[np.uint8], edges: Edges, seams: Seams
) -> Tints:
    """The colours that are dyed in a photo (H, W, 3): see `compose`."""
    sides = seams.sides.reshape(-1, 3)
    return Tints(pixels, solid, (edges.mixed_colour, edges.plain_colour, sides))


def parts_of(solid: NDArray[np.uint8]) -> list[Part]:
    """Strips of a mask (H, W), each no wider than what in it is not 0."""
    rows, columns = bounding_box(solid)
    parts = []
    for strip in strips(solid[rows, columns].shape, rows.start):
        some = bounding_box(solid[strip, columns])[1]
        if some.stop:  # else between the shoes of a pair, say
            parts.append((strip, slice(columns.start + some.start, columns.start + some.stop)))
    return parts


def lay(
    pixels: NDArray[np.uint8],
    solid: NDArray[np.uint8],
    edges: Edges,
    seams: Seams,
    coating: Coating,
    *,
    covered: bool = False,
    parts: Sequence[Part] | None = None,
) -> NDArray[np.uint8]:
    """Coat pixels (H, W, 3) where `solid` (H, W) is not 0, on the edges and on the seams.

    `parts` are `parts_of(solid)`, if they are at hand. `covered`, what no mixture explains on a
    seam is taken for light and shade: a seam that a print covers must not show through it.
    """
    import cv2

    result, copied = np.empty_like(pixels, order="C"), 0
    for part in parts_of(solid) if parts is None else parts:
        rows = slice(copied, part[0].stop)  # each row while the processor still has it at hand
        result[rows] = pixels[rows]
        cv2.copyTo(coating.over(pixels, part), solid[part], result[part])
        copied = rows.stop
    result[copied:] = pixels[copied:]
    _coat_edges(result, edges, coating)
    _coat_seams(result, seams, coating, covered)
    return result


def _coat_edges(result: NDArray[np.uint8], edges: Edges, coating: Coating) -> None:
    """Put the dyed share back into what else each mixed pixel holds, in linear light."""
    if not len(edges.positions):
        return
    light = coating.at(edges.mixed_colour, edges.positions, result.shape[:2])
    light *= thrice(edges.mixed_share)
    light += edges.rest
    if len(edges.plain):
        plain = coating.at(edges.plain_colour, edges.positions[edges.plain], result.shape[:2])
        light[edges.plain] += edges.plain_share[:, None] * plain
    put(result, edges.positions, bytes_of_light(light))


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
    steps = light * (len(BYTE_OF_LINEAR) - 1)
    np.clip(steps, 0, len(BYTE_OF_LINEAR) - 1, out=steps)
    return np.take(BYTE_OF_LINEAR, steps.astype(np.uint16))


def _to_bytes(srgb: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)
