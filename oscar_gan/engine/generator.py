"""A generator: a way to segment and a way to grade over one shared engine."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ..imaging import matte as mattes
from ..imaging.assess import Assessment
from ..imaging.colour import parse_hex, srgb_to_oklab
from ..imaging.compose import lay
from ..imaging.dye import Grade, Material, closed_form
from ..imaging.dyeing import GradeFor, coat_of, dyes_for
from ..imaging.findings import Finding
from ..imaging.gate import judge_result
from ..imaging.looks import Look
from ..imaging.photo import Photo, analysis_view
from ..imaging.restyle import restyle
from ..imaging.sampling import OVERVIEW_SIDE, overview_of, reduced
from ..imaging.scene import Scene
from ..imaging.swatch import SWATCH_VERSION
from ..imaging.targets import Target, read_target
from .analysis import Analysis, Seen, Segmentation, check_found, enlarged_keep, read_analysis

ENGINE_VERSION = "4"
"""Raise when the same recipe would give other pixels."""

Segment = Callable[[NDArray[np.float32], bool], Segmentation]
"""Takes a photo's analysis view, and whether the matte is drawn, so that it need not be found."""
Grading = Callable[[Seen, Material, NDArray[np.floating]], Grade]


def digest_of(name: str, version: str, weights: str) -> str:
    """SHA-256 (hex) that names a generator in recipes: all that decides which pixels it makes.

    `weights` is the SHA-256 of each of its weight files, one after the other; empty without any.
    """
    parts = (name, version, ENGINE_VERSION, str(SWATCH_VERSION), weights)
    return sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Recoloured:
    """A result."""

    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB"""
    assessment: Assessment


class Generator:
    """Something that recolours and restyles."""

    def __init__(
        self, name: str, version: str, weights: str, segment: Segment, grade: Grading | None = None
    ) -> None:
        """`weights`: see `digest_of`."""
        self.name = name
        self.version = version
        self.digest = digest_of(name, version, weights)
        self._segment = segment
        self._grade = grade

    def analyse(
        self, photo: Photo, *, matte: NDArray[np.uint8] | None = None, find_keep: bool = True
    ) -> Analysis:
        """Find the product, its colours and what must stay; `matte` (H, W) is staff's own.

        Without `find_keep`, all of such a matte is recoloured: whoever drew it left out what must
        stay. Raises UnusableMatte when no product is found.
        """
        pixels = photo.on_white()
        drawn, small = matte is not None, reduced(pixels, OVERVIEW_SIDE)
        view = analysis_view(pixels, small)
        if drawn:
            mattes.check_matte(matte, photo)
        said_all = drawn and not find_keep
        found = Segmentation(None) if said_all else self._segment(view, drawn)
        if not drawn:
            matte = mattes.upsample_matte(mattes.clean_matte(found.matte), pixels, small)
            check_found(matte, found.confidence, photo)
        keep = enlarged_keep(found.keep, pixels, small)
        overview = overview_of(photo.pixels, matte, small if photo.alpha is None else None)
        return read_analysis(
            photo, matte, keep, None if drawn else found.confidence, view, overview
        )

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
        aims = [srgb_to_oklab(parse_hex(text)) if text else None for text in wanted]
        grade_for, shape = self._grading(analysis), analysis.matte.shape
        dyes = dyes_for(bases, ready.prints, aims, grade_for, shape)
        coat = coat_of(dyes, ready.lattice, ready.tints)
        pixels = lay(photo.pixels, ready.solid, ready.edges, ready.seams, coat, parts=ready.parts)
        asked = [(base, text) for base, text in zip(bases, wanted, strict=True) if text]
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

    def restyle(self, photo: Photo, analysis: Analysis, look: Look) -> Recoloured:
        """Give the product a print, a style or another product's look, measure and judge it.

        The same look gives the same pixels. Raises InvalidLook when it cannot be laid on at all.
        """
        scene = Scene(photo.pixels, analysis.matte, analysis.prepared)
        return Recoloured(*restyle(scene, look, self._grading(analysis), analysis.findings))

    def _grading(self, analysis: Analysis) -> GradeFor:
        """How this generator grades the materials of one photo."""
        grade = self._grade
        if grade is None:
            return closed_form
        return lambda material, aim: grade(analysis.seen, material, aim)


def _about(target: Target, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what a mapping has answered: that there are other colours."""
    answered = not isinstance(target, str)
    return tuple(each for each in findings if not (answered and each.code == "many-colours"))
