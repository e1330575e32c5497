"""The quality gate: what a person should know before using a result, and what must not be used."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .assess import Assessment
from .dye import Material
from .findings import Finding

MAX_DELTA_E = 3.0
"""Refused above."""
REVIEW_DELTA_E = 2.0
"""Warned above."""
MAX_NOISE_GAIN = 1.8
BLACK = 0.18
"""Lightness (OKLab; L* 5) below which a material gives the camera hardly any signal."""
LIGHT = 0.48
"""Lightness (OKLab; L* 40) from which that missing signal shows."""
SMALL_SIDE = 1000
MAX_BORDER = 0.25
MAX_OFF_PLANE = 0.35
MAX_SKIN = 0.01
MAX_FAINT = 0.18
MAX_CLIPPED = 0.02
MIN_CONFIDENCE = 0.25
MIN_STRUCTURE = 0.7
MUCH = 0.1
"""Share of the product from which a light ink on black is refused."""


def judge_photo(
    *,
    side: int,
    confidence: float,
    border: float,
    off_plane: float,
    clipped: float,
    skin: float = 0.0,
    products: int = 1,
    faint: float = 0.0,
) -> tuple[Finding, ...]:
    """Warn about a photo and its matte.

    `side` is the photo's long side in pixels; `confidence` in the matte, the share of the frame
    that it touches, the shares of the product off its main colour, of clipped highlights and of
    skin, and the share of the outline with the background's colour are in [0, 1]; `products` are
    the separate parts of unlike colours.
    """
    findings = []
    if side < SMALL_SIDE:
        findings.append(Finding(
            "small-photo",
            f"The photo's long side is {side} pixels; shop pages want {SMALL_SIDE} or more."
            " Use the camera's original if there is one.",
            {"side": side, "limit": SMALL_SIDE},
        ))  # fmt: skip
    if confidence < MIN_CONFIDENCE:
        findings.append(Finding(
            "weak-matte",
            f"It is not clear what the product is (confidence {confidence:.0%}, at least"
            f" {MIN_CONFIDENCE:.0%} is wanted). Look at the matte, and draw one if it is wrong.",
            {"confidence": round(confidence, 3), "limit": MIN_CONFIDENCE},
        ))  # fmt: skip
    if border > MAX_BORDER:
        findings.append(Finding(
            "matte-touches-border",
            f"The product touches {border:.0%} of the picture's edge; more than {MAX_BORDER:.0%}"
            " often means that background was taken for product. Look at the matte.",
            {"border": round(border, 3), "limit": MAX_BORDER},
        ))  # fmt: skip
    if products > 1:
        findings.append(Finding(
            "several-products",
            f"The matte holds {products} separate things of unlike colours. Draw a matte of the"
            " one that is sold, or remove the others with a click.",
            {"parts": products},
        ))  # fmt: skip
    if skin > MAX_SKIN:
        findings.append(Finding(
            "skin",
            f"{skin:.0%} of the matte looks like a person's skin and stays as it is. If that is"
            " part of the product, draw a matte: yours is taken at its word.",
            {"share": round(skin, 3), "limit": MAX_SKIN},
        ))  # fmt: skip
    if faint > MAX_FAINT:
        findings.append(Finding(
            "faint-outline",
            f"Along {faint:.0%} of its outline the product has the background's colour (limit"
            f" {MAX_FAINT:.0%}), so the outline is a guess. Look at the matte, correct it with a"
            " few clicks, or take the photo on another background.",
            {"share": round(faint, 3), "limit": MAX_FAINT},
        ))  # fmt: skip
    if off_plane > MAX_OFF_PLANE:
        findings.append(Finding(
            "many-colours",
            f"{off_plane:.0%} of the product has another colour than its main one (limit"
            f" {MAX_OFF_PLANE:.0%}) and stays as it is. Give each of its colours a target.",
            {"share": round(off_plane, 3), "limit": MAX_OFF_PLANE},
        ))  # fmt: skip
    if clipped > MAX_CLIPPED:
        findings.append(Finding(
            "clipped-highlights",
            f"{clipped:.0%} of the product is overexposed (limit {MAX_CLIPPED:.0%}); its folds are"
            " lost there. A darker exposure gives better variants.",
            {"share": round(clipped, 3), "limit": MAX_CLIPPED},
        ))  # fmt: skip
    return tuple(findings)


def judge_result(
    assessment: Assessment,
    asked: Sequence[tuple[Material, NDArray[np.floating]]],
    findings: tuple[Finding, ...],
) -> Assessment:
    """Add the verdict to an assessment: warnings, the photo's among them, and any refusal.

    `asked` are the materials that were to change, and what to, (3,) OKLab.
    """
    too_dark = filter(None, (_no_signal(material, target) for material, target in asked))
    return _judged(assessment, list(findings), next(too_dark, None))


class Asked(NamedTuple):
    """A material that an ink was to change."""

    material: Material
    target: NDArray[np.floating]
    """(3,) OKLab"""
    cover: float
    """Share of the product that the ink covers, 0 to 1."""


def judge_look(
    assessment: Assessment,
    asked: Sequence[Asked],
    findings: tuple[Finding, ...],
    unmeasured: tuple[str, ...] = (),
) -> Assessment:
    """Add the verdict on a print or style; `unmeasured` inks lie nowhere alone."""
    warnings = [each for each in findings if each.code != "many-colours"]  # it changes them all
    dark = [(each, _no_signal(each.material, each.target)) for each in asked]
    refusal = next((found for each, found in dark if found and each.cover >= MUCH), None)
    if refusal is None and any(found for _, found in dark):
        warnings.append(Finding(
            "flat-ink",
            "The product is nearly black, so it has no folds to show in the light ink; it covers"
            f" less than {MUCH:.0%}. Compare the two pictures.",
            {"limit": MUCH},
        ))  # fmt: skip
    if unmeasured:
        warnings.append(Finding(
            "ink-unmeasured",
            f"Too fine to be measured by themselves: {', '.join(unmeasured)}. A larger print shows"
            " whether these colours are right.",
            {"colours": ", ".join(unmeasured)},
        ))  # fmt: skip
    return _judged(assessment, warnings, refusal)


def _judged(
    assessment: Assessment, warnings: list[Finding], refusal: Finding | None
) -> Assessment:
    refusal = refusal or _wrong_colour(assessment)
    if refusal is None and assessment.delta_e > REVIEW_DELTA_E:
        warnings.append(Finding(
            "colour-off",
            f"The colour is off by ΔE {assessment.delta_e:.1f} (made {assessment.made}, asked"
            f" {assessment.target}); above {REVIEW_DELTA_E:g} compare it with the real product.",
            {"delta_e": round(assessment.delta_e, 2), "limit": REVIEW_DELTA_E},
        ))  # fmt: skip
    if assessment.noise_gain > MAX_NOISE_GAIN:
        warnings.append(Finding(
            "noise",
            f"Noise grew {assessment.noise_gain:.1f} times (limit {MAX_NOISE_GAIN}), because the"
            " photo is much darker than the colour. A lighter product photo gives a cleaner one.",
            {"gain": round(assessment.noise_gain, 2), "limit": MAX_NOISE_GAIN},
        ))  # fmt: skip
    if assessment.structure < MIN_STRUCTURE:
        warnings.append(Finding(
            "structure",
            f"Folds and texture agree only {assessment.structure:.0%} with the photo's (limit"
            f" {MIN_STRUCTURE:.0%}). Compare the two pictures.",
            {"structure": round(assessment.structure, 3), "limit": MIN_STRUCTURE},
        ))  # fmt: skip
    return assessment.judged(tuple(warnings), refusal)


def _no_signal(material: Material, target: NDArray[np.floating]) -> Finding | None:
    base, wanted = float(material.base[0]), float(target[0])
    if base >= BLACK or wanted <= LIGHT:
        return None
    return Finding(
        "too-dark",
        f"The product is nearly black (lightness {base:.0%}, at least {BLACK:.0%} is needed for a"
        " light colour): the photo holds no folds to show. Start from a lighter product's photo.",
        {"lightness": round(base, 3), "limit": BLACK},
    )


def _wrong_colour(assessment: Assessment) -> Finding | None:
    if assessment.delta_e <= MAX_DELTA_E:
        return None
    return Finding(
        "colour-missed",
        f"The colour is off by ΔE {assessment.delta_e:.1f} (made {assessment.made}, asked"
        f" {assessment.target}); the limit is {MAX_DELTA_E:g}. Choose another source photo or"
        " check the matte.",
        {"delta_e": round(assessment.delta_e, 2), "limit": MAX_DELTA_E},
    )
