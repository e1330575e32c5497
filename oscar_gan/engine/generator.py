"""A generator: a way to segment and a way to grade over one shared engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ..imaging import matte as mattes
from ..imaging.assess import Assessment
from ..imaging.calibrate import Dye, calibrate, dyed_share, reachable, slope_at, transform
from ..imaging.colour import parse_hex, srgb_to_oklab
from ..imaging.compose import compose
from ..imaging.dye import Grade, Material, closed_form
from ..imaging.findings import Finding
from ..imaging.gain import GainField
from ..imaging.gate import judge_result
from ..imaging.lut import ColourLut
from ..imaging.photo import Photo, analysis_view
from ..imaging.prepare import BaseColour
from ..imaging.sampling import fractions_of
from ..imaging.swatch import SWATCH_VERSION
from ..imaging.targets import Target, read_target
from .analysis import Analysis, Seen, Segmentation, check_found, enlarged_keep, read_analysis

ENGINE_VERSION = "2"
"""Raise when the same recipe would give other pixels."""
WHOLLY_DYED = 0.98
"""Share from which a colour counts as dyed without looking pixel by pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Recoloured:
    """A result."""

    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB"""
    assessment: Assessment


Lattice = tuple[NDArray[np.intp], NDArray[np.floating]]
"""Points of a colour table: indices (n,) and OKLab colours (n, 3)."""
Segment = Callable[[NDArray[np.float32], bool], Segmentation]
"""Takes a photo's analysis view, and whether the matte is drawn, so that it need not be found."""
Grading = Callable[[Seen, Material, NDArray[np.floating]], Grade]


class Generator:
    """Something that recolours: a way to segment and a way to grade over one shared engine."""

    def __init__(
        self, name: str, version: str, weights: str, segment: Segment, grade: Grading | None = None
    ) -> None:
        """`weights` is a digest of the weight files, empty without any."""
        self.name = name
        self.version = version
        parts = (name, version, ENGINE_VERSION, str(SWATCH_VERSION), weights)
        self.digest = sha256("\n".join(parts).encode()).hexdigest()
        self._segment = segment
        self._grade = grade

    def analyse(self, photo: Photo, *, matte: NDArray[np.uint8] | None = None) -> Analysis:
        """Find the product, its colours and what must stay; `matte` (H, W) is staff's own.

        Raises UnusableMatte when no product is found.
        """
        pixels = photo.on_white()
        view = analysis_view(pixels)
        drawn, guide = matte is not None, mattes.guide_of(pixels)
        if drawn:
            mattes.check_matte(matte, photo)
        found = self._segment(view, drawn)
        if not drawn:
            matte = mattes.upsample_matte(mattes.clean_matte(found.matte), pixels, guide)
            check_found(matte, found.confidence, photo)
        keep = enlarged_keep(found.keep, pixels, guide)
        return read_analysis(photo, matte, keep, None if drawn else found.confidence, view)

    def recolour(self, photo: Photo, analysis: Analysis, target: Target) -> Recoloured:
        """Make the product `target`, measure the result, and judge it.

        `target` is '#RRGGBB' for the main colour, what else there is staying; or, for a product
        of several colours, a mapping of base colours (hex or place in the palette) to theirs.
        """
        ready, wanted = analysis.prepared, read_target(analysis.palette, target)
        bases = ready.colours
        if isinstance(target, str):  # other light on the main colour is dyed along with it
            bases = [base for base in bases if base.is_own]
            wanted = [wanted[0], *[None] * (len(bases) - 1)]
        asked = [(base, text) for base, text in zip(bases, wanted, strict=True) if text]
        dyes = self._dyes(analysis, bases, wanted)
        indices, colours = ready.lattice
        lut = ColourLut(indices, transform(colours, dyes), slope_at(dyes))
        gain = _gain_of(dyes, ready.lattice)
        pixels = compose(photo.pixels, ready.solid, ready.edges, lut, gain, ready.seams)
        own = [base for base in ready.colours if base.is_own]
        assessment = ready.baseline.assess(
            pixels,
            [(base.swatch, text) for base, text in asked],
            [own.index(base) if base.is_own else 0 for base, _ in asked],
        )
        verdict = judge_result(
            assessment,
            [(base.material, srgb_to_oklab(parse_hex(text))) for base, text in asked],
            _about(target, analysis.findings),
        )
        return Recoloured(pixels, verdict)

    def _dyes(
        self, analysis: Analysis, bases: Sequence[BaseColour], wanted: Sequence[str | None]
    ) -> list[Dye]:
        """Say what each base colour becomes, calibrated one after the other."""
        dyes = [Dye(material) for material in analysis.prepared.prints]
        for place, (base, text) in enumerate(zip(bases, wanted, strict=True)):
            if text is None:
                dyes.insert(place, Dye(base.material))
                continue
            aim = reachable(srgb_to_oklab(parse_hex(text)))
            grade = self._grade_for(analysis, base.material, aim)
            dyes.insert(place, Dye(base.material, aim, grade))
        for place, base in enumerate(bases):
            if dyes[place].grade is not None:
                gain = None
                if (field := _gain_of(dyes)) is not None:
                    places = fractions_of(base.swatch.positions, analysis.matte.shape)
                    gain = field.at(*places)
                dyes[place] = calibrate(base.swatch, base.samples, dyes, place, gain)
        return dyes

    def _grade_for(
        self, analysis: Analysis, material: Material, aim: NDArray[np.floating]
    ) -> Grade:
        if self._grade is None:
            return closed_form(material, aim)
        return self._grade(analysis.seen, material, aim)


def _about(target: Target, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what a mapping has answered: that there are other colours."""
    answered = not isinstance(target, str)
    return tuple(each for each in findings if not (answered and each.code == "many-colours"))


def _gain_of(dyes: Sequence[Dye], lattice: Lattice | None = None) -> GainField | None:
    """The gain field of the largest colour that has one; by the `lattice`, of what is dyed."""
    fields = (dye.grade.log_gain for dye in dyes if dye.grade)
    field = next((field for field in fields if field is not None), None)
    if field is None or lattice is None:
        return None if field is None else GainField(field)
    indices, colours = lattice
    share = dyed_share(colours, dyes)
    if share.min() > WHOLLY_DYED:
        return GainField(field)
    return GainField(field, ColourLut(indices, np.repeat(share[:, None], 3, axis=1)))
