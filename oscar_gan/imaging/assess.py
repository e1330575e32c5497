"""Measure a recoloured photo against what was asked, and against the photo it was made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .colour import delta_e00, oklab_to_lab, oklab_to_srgb, parse_hex, srgb_to_lab, to_hex
from .fidelity import steady_along_rows, structure_under
from .fields import Field
from .findings import Finding
from .matte import bounding_box
from .sampling import halved, halvings, reduced, strips
from .swatch import Swatch

STRUCTURE_SIDE = 280
"""Long side in pixels, at least, of the product at which gradients are compared."""
NOISE_ROWS = 8
"""Every so many rows are looked at for noise."""
FLAT = 60
"""Percentile of the photo's own roughness below which a place counts as flat."""


@dataclass(frozen=True, slots=True)
class ColourMade:
    """What became of one base colour."""

    base: str
    target: str
    made: str
    """Colours as '#RRGGBB': before, asked for, and the swatch read from the result."""
    delta_e: float
    """CIEDE2000 between the last two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What was asked, what was made, and what it cost."""

    target: str
    made: str
    """Colours as '#RRGGBB'; `made` is the swatch read from the result."""
    delta_e: float
    """CIEDE2000 between the two. Of several colours, all three are those of the worst."""
    colours: tuple[ColourMade, ...] = ()
    """Every base colour that was to change, the largest first."""
    structure: float
    """Cosine of the lightness gradients before and after, inside what was dyed and off the
    outlines of prints, which rightly change with the cloth around them; 1 is unchanged, 0 lost or
    inverted.
    """
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


class _Seen(NamedTuple):
    """What is compared of a picture, within the product's box."""

    grey: NDArray[np.uint8]
    """(h, w): lightness, `reduced`."""
    rows: NDArray[np.uint8]
    """(n, W): lightness of some rows."""
    change: int
    """Largest change in 8-bit levels beside the product."""


class Baseline:
    """The photo's side of every comparison, measured once for any number of results."""

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        matte: NDArray[np.uint8],
        keep: NDArray[np.uint8],
        kinds_of: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] | None = None,
    ) -> None:
        """Take a photo (H, W, 3), its matte and keep matte (H, W).

        `kinds_of` tells of pixels (h, w, 3) which material each is; without it all are the first.
        """
        import cv2

        self._pixels = pixels
        self._mattes = matte, keep
        self._kinds_of = kinds_of
        self._box = bounding_box(matte)
        matte, keep = matte[self._box], keep[self._box]
        protected = cv2.min(cv2.compare(keep, 255, cv2.CMP_EQ), matte)
        self._kept = bounding_box(protected)
        self._protected = protected[self._kept]
        self._inside = _cloth(reduced(matte, STRUCTURE_SIDE), reduced(keep, STRUCTURE_SIDE))
        kinds = np.zeros(self._inside.shape, np.uint8)
        if kinds_of is not None:
            kinds = kinds_of(reduced(pixels[self._box], STRUCTURE_SIDE))
            self._inside &= _uniform(kinds)
        self._kinds = kinds[self._inside]
        self._present = set(np.unique(self._kinds).tolist())
        self._places = np.flatnonzero(self._inside)
        self._solid = matte[::NOISE_ROWS, 1:-1] == 255
        self._seen = self._look_through(pixels)
        self._gradients = self._gradients_of(self._seen)
        roughness = _roughness(self._seen.rows)[self._solid]
        counts = np.bincount(roughness, minlength=1)
        limit = int(np.searchsorted(counts.cumsum(), FLAT / 100 * len(roughness)))
        self._flat = roughness <= limit
        self._noise = float(roughness[self._flat].mean()) if len(roughness) else 0.0
        self._flat_places = np.flatnonzero(self._solid)[self._flat].astype(np.int32)

    def assess(
        self,
        result: NDArray[np.uint8],
        asked: Sequence[tuple[Swatch, str]],
        dyed: Sequence[int] = (0,),
    ) -> Assessment:
        """Compare a result (H, W, 3) with the photo, and swatches with what they should be.

        `dyed` are the kinds of material that were to change.
        """
        colours = tuple(
            compared(swatch.hex, target, swatch.measure(result)) for swatch, target in asked
        )
        worst = max(colours, key=lambda colour: colour.delta_e)
        seen = self._look_through(result)
        return Assessment(
            target=worst.target,
            made=worst.made,
            delta_e=worst.delta_e,
            colours=colours,
            structure=self._structure(seen, dyed),
            noise_gain=self._noise_gain(seen),
            background_max=self._background_change(result, seen),
            protected_max=self._protected_change(result),
        )

    def assess_look(
        self,
        result: NDArray[np.uint8],
        colours: tuple[ColourMade, ...],
        field: Field,
        levels: NDArray[np.floating],
    ) -> Assessment:
        """Compare a print or style (H, W, 3), whose colours are measured, with the photo.

        `field` says where its inks lie, whose borders are no folds and no noise; `levels` (K,)
        are the linear light that each returns.
        """
        worst = max(colours, key=lambda colour: colour.delta_e)
        rows, columns = self._box
        before, after = self._grey(self._pixels), self._grey(result)
        seen = self._look_through(result)
        steady = steady_along_rows(field, np.arange(rows.start, rows.stop, NOISE_ROWS), columns)
        return Assessment(
            target=worst.target,
            made=worst.made,
            delta_e=worst.delta_e,
            colours=colours,
            structure=structure_under(
                before, after, self._cloth_at, field, (rows.start, columns.start), levels
            ),
            noise_gain=self._noise_gain(seen, steady[self._solid]),
            background_max=self._background_change(result, seen),
            protected_max=self._protected_change(result),
        )

    def _look_through(self, picture: NDArray[np.uint8]) -> _Seen:
        """Take in all that is compared of a picture (H, W, 3), each strip while it is at hand."""
        import cv2

        before, after = self._pixels[self._box], picture[self._box]
        inside = self._mattes[0][self._box]
        is_large = halvings(after.shape, STRUCTURE_SIDE) > 0
        small, rows, change = [], [], 0
        for strip in strips(after.shape):
            part = after[strip]
            # With the photo's own pixels for the product: faster than leaving it out.
            rest = cv2.copyTo(before[strip], inside[strip], part.copy())
            change = max(change, _largest_change(before[strip], rest))
            rows.append(cv2.cvtColor(part[::NOISE_ROWS].copy(), cv2.COLOR_RGB2GRAY))
            if is_large:
                if small and len(part) == 1:
                    continue  # an odd last row, which `reduced` leaves out as well
                part = halved(part)  # faster than all of it in grey first
            small.append(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY))
        return _Seen(reduced(np.concatenate(small), STRUCTURE_SIDE), np.concatenate(rows), change)

    def _background_change(self, result: NDArray[np.uint8], seen: _Seen) -> int:
        parts = _around(self._box)
        around = (_largest_change(self._pixels[part], result[part]) for part in parts)
        return max(seen.change, *around)

    def _protected_change(self, result: NDArray[np.uint8]) -> int:
        before, after = (picture[self._box][self._kept] for picture in (self._pixels, result))
        return _largest_change(before, after, self._protected)

    def _cloth_at(self, side: int) -> NDArray[np.bool_]:
        """Where folds are compared in a picture of a long side."""
        matte, keep = (reduced(each[self._box], side) for each in self._mattes)
        inside = _cloth(matte, keep)
        if self._kinds_of is not None:
            inside &= _uniform(self._kinds_of(reduced(self._pixels[self._box], side)))
        return inside

    def _structure(self, seen: _Seen, dyed: Sequence[int]) -> float:
        was, now = self._gradients, self._gradients_of(seen)
        if not self._present.issubset(dyed):
            looked_at = np.isin(self._kinds, dyed)
            was, now = was[:, looked_at], now[:, looked_at]
        before, after = np.linalg.norm(was), np.linalg.norm(now)
        if not before:
            return 1.0  # nothing was there to lose
        if not after:
            return 0.0
        return max(0.0, float(np.vdot(was, now) / (before * after)))

    def _noise_gain(self, seen: _Seen, steady: NDArray[np.bool_] | None = None) -> float:
        """Ratio of second differences along rows, where the photo itself is smooth.

        And where nothing was printed that is not: at the `steady` ones of those places (n,).
        """
        places, noise = self._flat_places, self._noise
        if steady is not None:
            places = places[steady[self._flat]]
            before = np.take(_roughness(self._seen.rows), places)
            noise = before.mean() if len(before) else 0.0
        if not len(places):
            return 1.0
        after = np.take(_roughness(seen.rows), places)
        # Half a level is rounding: it is there in both.
        return float((after.mean() + 0.5) / (noise + 0.5))

    def _grey(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        import cv2

        return cv2.cvtColor(pixels[self._box], cv2.COLOR_RGB2GRAY)

    def _gradients_of(self, seen: _Seen) -> NDArray[np.float32]:
        """Gradients of lightness (2, n), where they lie on the cloth."""
        import cv2

        across, down = (cv2.Scharr(seen.grey, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
        return np.stack([np.take(across, self._places), np.take(down, self._places)])


def _roughness(rows: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Second differences (n, w - 2) along rows (n, w)."""
    rows = rows.astype(np.int16)
    return np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])


def compared(base: str, target: str, made: NDArray[np.floating]) -> ColourMade:
    """Say how far a colour made, (3,) OKLab, is from its target; both others are '#RRGGBB'."""
    wanted = parse_hex(target)
    error = float(delta_e00(srgb_to_lab(wanted), oklab_to_lab(made)))
    return ColourMade(base, to_hex(wanted), to_hex(oklab_to_srgb(made)), error)


def _cloth(matte: NDArray[np.uint8], keep: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where both gradients lie wholly on recoloured material; all of the product if nowhere."""
    import cv2

    inside = cv2.erode(matte, np.ones((3, 3))) == 255
    cloth = inside & (cv2.dilate(keep, np.ones((5, 5))) == 0)
    return cloth if cloth.any() else inside


def _uniform(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where all of a gradient's surroundings are one kind."""
    import cv2

    around = np.ones((5, 5), np.uint8)
    return cv2.erode(kinds, around) == cv2.dilate(kinds, around)


def _around(box: tuple[slice, slice]) -> list[tuple[slice, slice]]:
    """The parts of a picture above, below, left and right of a box."""
    rows, columns = box
    return [
        np.s_[: rows.start, :], np.s_[rows.stop :, :],
        np.s_[rows, : columns.start], np.s_[rows, columns.stop :],
    ]  # fmt: skip


def _largest_change(
    before: NDArray[np.uint8], after: NDArray[np.uint8], mask: NDArray[np.uint8] | None = None
) -> int:
    import cv2

    some = before.size if mask is None else mask.any()
    return int(cv2.norm(before, after, cv2.NORM_INF, mask)) if some else 0
