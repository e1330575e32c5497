"""The dye model: how a material's colours change when it is dyed another colour.

Light that comes back from cloth, leather or paint is body colour times shading, plus highlights of
the light's own colour (Shafer's dichromatic model, 1985). So in OKLab a material fills a thin
plane: its chroma grows with lightness up to its own colour, and fades to white above. Dyeing maps
that plane to the target's. What lies off the plane (prints, trims, skin) is not this material and
keeps its colour.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

KNOTS = 65
"""Points of a tone curve, evenly spaced over lightness 0 to 1."""
SHADE_POWER, LIGHT_POWER = 0.35, -0.3
"""How contrast follows lightness: slope of the tone curve = (target / base) ** power, below and
above the swatch. 1 would keep the ratios of light and shade, 0 their differences; light cloth
fills its folds with bounced light, dark cloth shows its sheen."""
MAX_SLOPE = 2.2
"""Steepest tone: steeper shows noise and JPEG blocks more than cloth."""
DIFFUSE_RANGE = 0.15
"""Lightness above the swatch that is still the material's body, not a highlight."""
HIGHLIGHT_ROOM = (1.6, 1.05)
"""Chroma fades to white from how far above the swatch (1: at it), for dark and light materials."""
ROUND_SHADE = (0.5, 1.0)
"""How far shades keep more chroma than their light would give them, for dark and light."""
DARK_TO_LIGHT = (0.55, 0.8)
"""Lightness of the swatch between which those two pass from one to the other."""
CORNER = 0.08
"""Width in lightness over which rising chroma turns into fading."""
GATE_RANGE = (0.035, 0.11)
"""Narrowest and widest distance from the plane (OKLab) that is still the material."""
WASHED_OUT = (0.35, 0.85)
"""Share of its chroma that a bright pixel has lost from which, and from which wholly, it is the
light's reflection (or white trim) and not the material."""
LIT = (5, 95)
"""Percentiles of lightness that a material's own range lies between."""
DARK = 0.22
"""Lightness below which a pixel's chroma is mostly noise."""
NEUTRAL = 0.04
"""Chroma (OKLab) below which a material has no hue of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is recoloured: its swatch and how far its own pixels stray from its plane."""

    base: NDArray[np.float64]
    """Swatch (3,) OKLab."""
    spread: float
    """Distance from the plane (OKLab) up to which a pixel belongs to the material."""
    lit: tuple[float, float] = (0.0, 1.0)
    """Lightness that most of its pixels lie between."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Grade:
    """How a material changes with its colour: from `closed_form`, or from a grader network."""

    tone: NDArray[np.floating]
    """(k,) rising lightness of the result at k evenly spaced lightnesses 0 to 1 of the photo."""
    residual_gain: float = 0.6
    """How much of the material's own unevenness in hue survives, 0 to 1."""
    gate: float = 1.0
    """Factor on the material's spread: above 1 recolours more of what is off its plane."""
    residual: NDArray[np.floating] | None = None
    """(m, m, m, 3) OKLab to be added, over the sRGB cube; red varies slowest."""
    log_gain: NDArray[np.floating] | None = None
    """(h, w): natural logarithm of a smooth gain on linear light, over the whole photo."""


def fit_material(base: Array, oklab: Array) -> Material:
    """Measure how far pixels (n, 3) of a material stray from the plane of its swatch (3,).

    Half of them at least are taken to be the material itself; the rest may be print.
    """
    distance = np.abs(off_plane(oklab, base))
    typical = np.median(distance) / 1.18  # of a circular Gaussian, per axis
    low, high = np.percentile(oklab[:, 0], LIT)
    return Material(
        np.asarray(base, float),
        float(np.clip(3.5 * typical, *GATE_RANGE)),
        (float(low), float(high)),
    )


def off_plane_share(oklab: Array, material: Material) -> float:
    """Share of pixels (n, 3) that are another material's, 0 to 1."""
    return float(1 - membership(oklab, material, 1.0).mean())


def closed_form(material: Material, target: Array) -> Grade:
    """Grade a material for a target (3,) OKLab without any network."""
    return Grade(tone=tone_curve(float(material.base[0]), float(target[0])))


def tone_curve(base: float, target: float) -> NDArray[np.float64]:
    """Lightness curve (KNOTS,) that takes `base` to `target`, monotone, its slope limited."""
    x = np.linspace(0, 1, KNOTS)
    base, target = max(base, 0.02), max(target, 0.02)
    shade = min((target / base) ** SHADE_POWER, MAX_SLOPE)
    light = min((target / base) ** LIGHT_POWER, MAX_SLOPE)
    # Towards black the slope follows a power curve, so that dark stays above zero; when that
    # would grow steeper, a straight line lifts the shadows instead.
    power = shade * base / target
    falling = shade * (np.maximum(x, 1e-6) / base) ** max(power - 1, 0)
    slopes = np.where(x < base, falling, light)
    # Above the material's own range: on to white, where highlights and white prints stay.
    body = min(1.0, base + DIFFUSE_RANGE)
    reached = target + light * (body - base)
    if reached < 1 and body < 1:
        slopes = np.where(x >= body, min((1 - reached) / (1 - body), MAX_SLOPE), slopes)
    middles = (slopes[1:] + slopes[:-1]) / 2
    curve = np.concatenate([[0], np.cumsum(middles)]) / (KNOTS - 1)
    curve += target - np.interp(base, x, curve)
    return _rolled_off(curve, target)


def _rolled_off(curve: Array, target: float) -> Array:
    """Bend the top of a curve that would pass 1 so that it only approaches it."""
    if curve[-1] > 1:
        knee = max(target, 0.85)
        room = max(1 - knee, 1e-3)
        above = np.maximum(curve - knee, 0) / room
        curve = np.where(curve > knee, knee + room * np.tanh(above), curve)
    return np.maximum(curve, 0)


def dye(oklab: Array, material: Material, target: Array, grade: Grade) -> Array:
    """Map the material's colours (n, 3) OKLab to the target (3,); others stay."""
    member = membership(oklab, material, grade.gate)
    return oklab + member[:, None] * (dyed(oklab, material, target, grade) - oklab)


def dyed(oklab: Array, material: Material, target: Array, grade: Grade) -> Array:
    """Map colours (n, 3) OKLab, all taken for the material's, to the target (3,).

    The tone curve is bent so that it takes the swatch's lightness exactly to the target's.
    """
    base = material.base
    lightness = _toned(oklab[:, 0], grade.tone, float(base[0]), float(target[0]))
    lightness += _highlight(oklab, base) * np.maximum(oklab[:, 0] - lightness, 0)
    residual = off_plane(oklab, base) * _carried_over(base, target, grade.residual_gain)
    residual *= np.clip(oklab[:, 0] / DARK, 0, 1)
    chroma = complex(target[1], target[2]) * _fade(lightness, float(target[0])) + residual
    return np.stack([lightness, chroma.real, chroma.imag], axis=-1)


def body_share(oklab: Array, material: Material) -> Array:
    """How far pixels (n,) are the material in ordinary light: neither print nor highlight."""
    base = float(material.base[0])
    low, high = 0.45 * base, base + DIFFUSE_RANGE
    lit = np.interp(oklab[:, 0], [0.8 * low, low, high, high + 0.1], [0, 1, 1, 0])
    return lit * membership(oklab, material, 1.0)


def _highlight(oklab: Array, base: Array) -> Array:
    """How far pixels (n,) are white light on a coloured material: that no dye can darken."""
    own = complex(base[1], base[2])
    chroma = (oklab[:, 1] * own.real + oklab[:, 2] * own.imag) / max(abs(own) ** 2, 1e-6)
    low, high = WASHED_OUT
    lost = np.clip((1 - chroma - low) / (high - low), 0, 1)
    bright = np.clip((oklab[:, 0] / float(base[0]) - 0.85) / 0.15, 0, 1)
    coloured = abs(own) ** 2 / (abs(own) ** 2 + NEUTRAL**2)
    return coloured * bright * lost * lost * (3 - 2 * lost)


def _toned(lightness: Array, tone: Array, base: float, target: float) -> Array:
    x = np.linspace(0, 1, len(tone))
    reached = float(np.clip(np.interp(base, x, tone), 1e-3, 1 - 1e-3))
    goal = float(np.clip(target, 1e-3, 1 - 1e-3))
    bent = np.interp(tone, [0, reached, 1], [0, goal, 1])
    return np.interp(lightness, x, bent).astype(lightness.dtype)


def off_plane(oklab: Array, base: Array) -> NDArray[np.complexfloating]:
    """Chroma (n,), as a + bi, beyond what the material shows at that lightness."""
    expected = complex(base[1], base[2]) * _fade(oklab[:, 0], float(base[0]))
    return oklab[:, 1] + 1j * oklab[:, 2] - expected


def _fade(lightness: Array, own: float) -> Array:
    """Chroma at a lightness, relative to the swatch's: rising to its lightness, then to white.

    Shape and constants were read from photos of dyed garments: shades keep more chroma than
    their light alone would give them, and light colours fade sooner, for want of gamut.
    """
    part = np.minimum(lightness / max(own, 0.02), 1)
    rounded = float(np.interp(own, DARK_TO_LIGHT, ROUND_SHADE))
    rising = part + rounded * part * (1 - part)
    room = float(np.interp(own, DARK_TO_LIGHT, HIGHLIGHT_ROOM))
    fading = room * (1 - lightness) / max(1 - own, 0.05)
    middle, gap = (rising + fading) / 2, (rising - fading) / 2
    return np.maximum(middle - np.sqrt(gap**2 + CORNER**2 / 4), 0)


def membership(oklab: Array, material: Material, gate: float) -> Array:
    """How far pixels (n,) are this material: 1 on its plane, 0 at twice its spread."""
    lightness = oklab[:, 0]
    # In the dark one level of sRGB is a large step of OKLab's chroma: allow for it.
    allowed = material.spread * gate * (1 + np.clip((DARK - lightness) / DARK, 0, 1))
    excess = np.clip(2 - np.abs(off_plane(oklab, material.base)) / allowed, 0, 1)
    return excess**2 * (3 - 2 * excess)


def _carried_over(base: Array, target: Array, gain: float) -> complex:
    """Turn and scale that unevenness undergoes: it follows the dye's hue and its strength."""
    own, wanted = complex(base[1], base[2]), complex(target[1], target[2])
    hue = abs(own) ** 2 / (abs(own) ** 2 + NEUTRAL**2)
    turn = wanted / own if abs(own) > 1e-6 else 0
    if abs(turn) > 1:
        turn /= abs(turn)
    # A dark photo's unevenness is noise, which a lighter colour would show up.
    return gain * min(1.0, float(base[0] / target[0])) * (hue * turn + (1 - hue))
