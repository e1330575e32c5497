"""A look planned for one photo: inks, what each makes of the product's colours, and where."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .colour import oklab_to_srgb, parse_hex, srgb_to_oklab
from .dye import Grade, Material
from .dyeing import GradeFor
from .fields import Field
from .findings import Finding

Array = NDArray[np.floating]

SPREADING = (0.75, 1.35)
"""Factors within which a material's range of lightness may be brought to another's."""
KEPT_SLOPE = 0.15
"""Least slope of a tone curve after its contrast was changed: no fold is ironed away."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ink:
    """One of the dyes that are mixed."""

    targets: tuple[Array | None, ...]
    """What each of the product's base colours becomes, (3,) OKLab; None: it stays."""
    contrast: float = 1.0
    """Factor on how much lighter and darker than its swatch the dyed material is."""
    sheen: float = 0.0
    """How far its lightest places turn into highlights, 0 to 1."""
    spread: float | None = None
    """Range of lightness that the dyed material is to have, as far as that is sensible."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Inks and the field that mixes them."""

    inks: tuple[Ink, ...]
    field: Field
    findings: tuple[Finding, ...] = ()
    melange: bool = False
    """Whether the inks are meant to be seen as their mixture, and so are measured as that."""


def oklab_of(colour: str) -> Array:
    """'#RRGGBB' as OKLab (3,)."""
    return srgb_to_oklab(parse_hex(colour))


def in_gamut(oklab: Array) -> Array:
    """The colour (3,) with as much of its chroma as sRGB has room for at its lightness."""
    oklab = np.array([np.clip(oklab[0], 0, 1), *oklab[1:]], float)
    low, high = 0.0, 1.0
    if _fits(oklab):
        return oklab
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if _fits(oklab * (1, middle, middle)) else (low, middle)
    return oklab * (1, low, low)


def _fits(oklab: Array) -> bool:
    srgb = oklab_to_srgb(oklab)
    return bool(srgb.min() >= -1e-6 and srgb.max() <= 1 + 1e-6)


def graded_for(ink: Ink, grade_for: GradeFor) -> GradeFor:
    """Grade as usual, then with the ink's contrast and sheen."""
    if ink.contrast == 1 and not ink.sheen and ink.spread is None:
        return grade_for

    def grade(material: Material, aim: Array) -> Grade:
        made = grade_for(material, aim)
        return replace(made, tone=_toned(made.tone, material, ink))

    return grade


def _toned(tone: Array, material: Material, ink: Ink) -> Array:
    """Change a tone curve (k,) around the swatch's lightness; it goes on rising."""
    x = np.linspace(0, 1, len(tone))
    base = float(material.base[0])
    reached = float(np.interp(base, x, tone))
    contrast = ink.contrast
    if ink.spread is not None:
        shown = float(np.diff(np.interp(material.lit, x, tone))[0])
        contrast *= float(np.clip(ink.spread / max(shown, 1e-3), *SPREADING))
    curve = reached + contrast * (tone - reached)
    if ink.sheen:
        top = max(material.lit[1], base + 0.04)
        bright = np.clip((x - base) / (top - base), 0, 1.5)
        curve = curve + ink.sheen * 0.6 * (1 - curve) * bright**2
    steps = np.maximum(np.diff(curve), KEPT_SLOPE * np.diff(tone))
    curve = np.concatenate([[0], np.cumsum(steps)])
    curve += reached - np.interp(base, x, curve)
    floor = tone[0] + 0.25 * (tone - tone[0])  # however deep the shades, some light is left
    return np.clip(np.maximum(curve, np.minimum(floor, reached)), 0, 1)
