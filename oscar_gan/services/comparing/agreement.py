"""Agreement: whether a generator's new pictures are what staff's decisions asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image

from ...errors import UnusablePhoto
from ...imaging.gate import MAX_DELTA_E
from ...imaging.overlap import score_matte
from .. import media
from .measuring import difference
from .shadow import Decision, ShadowPhoto, resized

APPROVED_IOU = 0.93
"""Overlap with the trusted outline from which a new picture keeps to an approval."""
NEARER = 0.005
"""Overlap that a new outline must gain on the rejected one."""
VISIBLE, VISIBLE_SHARE = 2.0, 0.001
"""ΔE00, and share of the product's pixels that differ by so much, from which people see it."""


def agreement(shadow: ShadowPhoto, analysis, pictures: list) -> float | None:
    """Share of the decisions on a photo that a generator's work agrees with; None without any.

    `pictures` are its results (None: not made), one for each of the photo's decisions.
    """
    verdicts = list(_verdicts(shadow, analysis, pictures))
    return float(np.mean(verdicts)) if verdicts else None


def _verdicts(shadow: ShadowPhoto, analysis, pictures: list) -> Iterator[bool]:
    for decision, made in zip(shadow.decisions, pictures, strict=True):
        if decision.approved:
            yield keeps_approval(shadow, analysis, made)
        elif decision.about_outline and shadow.before is not None:
            heeds = heeds_rejection(shadow, analysis, made, decision)
            if heeds is not None:
                yield heeds


def keeps_approval(shadow: ShadowPhoto, analysis, made) -> bool:
    """Whether a picture would pass again: made, its colour right, its outline the trusted one."""
    if made is None or made.assessment.refusal or made.assessment.delta_e > MAX_DELTA_E:
        return False
    return _overlap(analysis.material, shadow.matte) >= APPROVED_IOU


def heeds_rejection(shadow: ShadowPhoto, analysis, made, decision: Decision) -> bool | None:
    """Whether what was rejected is not shown again: refused, or visibly another, better picture.

    None when the rejected picture is gone, so that nobody can tell.
    """
    rejected = _picture(decision.file_name, shadow)
    if rejected is None:
        return None
    if made is None or made.assessment.refusal:
        return True
    gained = _overlap(analysis.material, shadow.matte) - _overlap(shadow.before, shadow.matte)
    product = (shadow.matte > 127) | (shadow.before > 127)
    seen = difference(made.pixels, rejected, product) > VISIBLE
    return bool(gained >= NEARER and seen.mean() >= VISIBLE_SHARE)


def _overlap(found, trusted) -> float:
    return score_matte(found / np.float32(255), trusted / np.float32(255)).iou


def _picture(name: str, shadow: ShadowPhoto):
    """A stored variant image (H, W, 3) in the size that is compared; None when it is gone."""
    try:
        data = media.read_draft(name)
    except UnusablePhoto:
        return None
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    return resized(pixels, (shadow.photo.width, shadow.photo.height))
