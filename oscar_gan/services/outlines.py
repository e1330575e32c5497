"""Outlines corrected by clicks: shown at once at screen size, kept as a matte at full size."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from django.core.cache import cache
from django.db import transaction
from PIL import Image

from ..conf import get_config
from ..errors import InvalidRequest
from ..imaging import clicks as imaging
from ..imaging.clicks import KINDS, Click
from ..imaging.matte import check_matte
from ..models import Matte, Review, VariantImage
from . import access, canvases, mattes, requests, review
from .colours import Target

MAX_CLICKS = 60
Status = VariantImage.Status


def read_clicks(text: str) -> list[Click]:
    """Read JSON such as `[["product", 0.5, 0.25]]`: kind, then fractions of width and height."""
    try:
        clicks = [Click(kind, float(x), float(y)) for kind, x, y in json.loads(text or "[]")]
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidRequest(f"The points cannot be read ({error}); reload the page.") from error
    if len(clicks) > MAX_CLICKS:
        raise InvalidRequest(
            f"{len(clicks)} points were set; the limit is {MAX_CLICKS}. Save, then go on from"
            " there, or draw the matte in a paint program."
        )
    for click in clicks:
        if click.kind not in KINDS or not (0 <= click.x <= 1 and 0 <= click.y <= 1):
            raise InvalidRequest(f"{list(click)} is not a point on the photo; reload the page.")
    return clicks


def preview(*, base: Matte, clicks: Sequence[Click]) -> bytes:
    """What `clicks` make of the matte `base`, as a small greyscale PNG."""
    canvas = canvases.canvas(base)
    before = imaging.labels_of(canvas.matte)
    after = _labels(canvas, base, tuple(clicks))
    matte = imaging.corrected(canvas.picture, canvas.matte, before, after, clicks)
    return _png(matte)


def correct(*, base: Matte, clicks: Sequence[Click], created_by=None) -> Matte:
    """Keep what `clicks` make of the matte `base` as the next staff matte of its photo.

    Raises UnusableMatte when nothing or everything is left, InvalidRequest when the photo is
    another one than the matte was made for.
    """
    source = base.source
    if created_by is not None:
        access.require(created_by, "generate", source.product)
    photo, matte = canvases.read(base)
    matte = imaging.matte_from_clicks(photo.on_white(), matte, clicks)
    check_matte(matte, photo)
    return mattes.keep_staff_matte(source=source, photo=photo, matte=matte, created_by=created_by)


def outdated(*, source, matte: Matte | None):
    """Variant images of `source` made, or refused, with another matte, and not decided about."""
    undecided = VariantImage.objects.filter(
        source=source, status__in=[Status.AWAITING_REVIEW, Status.REFUSED]
    ).select_related("option", "colourway", "product", "print", "reference__product__parent")
    return undecided.exclude(recipe__matte=matte.digest) if matte else undecided


@transaction.atomic
def make_again(*, matte: Matte, by=None) -> int:
    """Ask anew for the outdated variant images of a staff matte's photo; how many are new.

    Those that await review are rejected for their edges, if `by` may review: nobody has to look
    at a picture that is being replaced.
    """
    variants = list(outdated(source=matte.source, matte=matte).order_by("pk"))
    at_once, created = get_config().max_variants_per_request, 0
    for start in range(0, len(variants), at_once):
        created += requests.request_variants(
            source=matte.source,
            targets=[Target.of(variant) for variant in variants[start : start + at_once]],
            requested_by=by,
            matte=matte,
        ).created
    if by is not None and access.may(by, "review"):
        for variant in variants:
            if variant.status == Status.AWAITING_REVIEW:
                review.reject(
                    variant=variant, reviewer=by, reason=Review.Reason.EDGE, comment=str(matte)
                )
    return created


def _labels(canvas: canvases.Canvas, base: Matte, clicks: tuple[Click, ...]) -> np.ndarray:
    """The labels after all clicks; what the cache has of the first ones is not done again."""
    if not clicks:
        return imaging.labels_of(canvas.matte)
    told = json.dumps([base.source.original.name, base.digest, clicks])
    key = f"oscar_gan:clicks:{sha256(told.encode()).hexdigest()}"
    picture = imaging.working_picture(canvas.picture)
    if kept := cache.get(key):
        return np.frombuffer(kept, np.uint8).reshape(picture.shape[:2])
    labels = imaging.heed(picture, _labels(canvas, base, clicks[:-1]), clicks[-1])
    cache.set(key, labels.tobytes(), canvases.KEPT_SECONDS)
    return labels


def _png(matte: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(matte).save(file, "PNG", compress_level=1)
    return file.getvalue()
