"""Doubts: how much a picture needs a look, as one number that the review queue is sorted by.

The worst warning decides, then the colour error against the colourway's tolerance, then how much
of the structure was lost. The number is stored, so that the queue is read from an index.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from ..models import VariantImage
from ..models.jobs import UNSCORED
from . import keyset

TOLERANCE = 2.0
"""ΔE of a colour that is no colourway's."""
LARGEST_RATIO = 99.99
UNKNOWN = 2
"""Severity of a warning that this version does not know."""
SEVERITIES = {
    # Something else may be coloured than what is sold.
    "weak-matte": 3,
    "matte-touches-border": 3,
    "several-products": 3,
    "faint-outline": 3,
    "skin": 3,
    # The product is, but it may not look right.
    "colour-off": 2,
    "structure": 2,
    "noise": 2,
    "many-colours": 2,
    "clipped-highlights": 2,
    "flat-ink": 2,
    "fewer-colours": 2,
    # A note on the photo or the look.
    "first-frame": 1,
    "cmyk-without-profile": 1,
    "profile-ignored": 1,
    "small-photo": 1,
    "ink-unmeasured": 1,
    "no-colour": 1,
    "no-highlights": 1,
}
_STEP = 1000.0
_CHUNK = 500


def score(
    *,
    findings: Iterable[dict],
    delta_e: float | None,
    structure: float | None,
    tolerance: float | None = None,
) -> float:
    """Doubt about a made picture, 0 to 3999: larger needs the look more.

    1000 per step of severity, 10 × the colour error in tolerances (in steps of a hundredth), and
    less than one such step for structure: each only decides where those before are equal.
    """
    severity = max((severity_of(finding["code"]) for finding in findings), default=0)
    ratio = min((delta_e or 0.0) / (tolerance or TOLERANCE), LARGEST_RATIO)
    lost = min(max(1 - structure, 0.0), 1.0) if structure is not None else 0.0
    return severity * _STEP + round(ratio, 2) * 10 + lost * 0.09


def severity_of(code: str) -> int:
    """How grave a warning is: 1, 2 or 3."""
    return SEVERITIES.get(code, UNKNOWN)


def with_severity(variants: QuerySet, severity: int) -> QuerySet:
    """Those whose worst warning is of this severity; 0 for those without any."""
    low = severity * _STEP
    return variants.filter(doubt__gte=low, doubt__lt=low + _STEP)


def rescore(variants: QuerySet) -> int:
    """Score these anew, e.g. after a tolerance was changed; returns how many have another score.

    Reads and writes in chunks, by ascending key.
    """
    changed = 0
    found = variants.filter(delta_e__isnull=False).select_related("colourway")
    for chunk in keyset.chunks(found, _CHUNK):
        moved = []
        for variant in chunk:
            doubt = score_of(variant)
            if doubt != variant.doubt:
                variant.doubt = doubt
                moved.append(variant)
        VariantImage.objects.bulk_update(moved, ["doubt"])
        changed += len(moved)
    return changed


def score_missing() -> int:
    """Score pictures that were made before there was a score; returns how many."""
    return rescore(VariantImage.objects.filter(doubt=UNSCORED, status__in=VariantImage.MADE))


def score_of(variant: VariantImage) -> float:
    """Doubt about this picture as it is stored."""
    return score(
        findings=variant.findings,
        delta_e=variant.delta_e,
        structure=variant.structure,
        tolerance=variant.colourway.tolerance if variant.colourway else None,
    )
