"""Outlines corrected by clicks and by painting: shown at once, kept as a matte at full size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from ..conf import get_config
from ..errors import InvalidRequest
from ..imaging import clicks as imaging
from ..imaging.clicks import KINDS, Click
from ..imaging.layers import Layers, read_layers
from ..imaging.photo import Photo
from ..models import Matte, Review, VariantImage
from . import access, canvases, mattes, requests, review
from .colours import Target

MAX_CLICKS = 60
Status = VariantImage.Status


def read_clicks(text: str) -> list[Click]:
    """Read JSON such as `[["product", 0.5, 0.25]]`: kind, then fractions of width and height."""
    try:
        clicks = [Click(kind, float(x), float(y)) for kind, x, y in json.loads(text or "[]")]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidRequest(f"The points cannot be read ({error}); reload the page.") from error
    if len(clicks) > MAX_CLICKS:
        raise InvalidRequest(
            f"{len(clicks)} points were set; the limit is {MAX_CLICKS}. Save, then go on from"
            " there, or paint."
        )
    for click in clicks:
        if click.kind not in KINDS or not (0 <= click.x <= 1 and 0 <= click.y <= 1):
            raise InvalidRequest(f"{list(click)} is not a point on the photo; reload the page.")
    return clicks


def preview(*, base: Matte, clicks: Sequence[Click], edited: bytes | None = None) -> bytes:
    """What `clicks` make of the layers of `base`, as a PNG (`imaging.layers`) to edit further.

    With `edited`, such a PNG that somebody painted on, only the last click is still to be heeded.
    """
    canvas = canvases.canvas(base)
    if edited is None:
        return _clicked(canvas, base, clicks).png()
    layers = read_layers(edited, canvas.picture.shape[1::-1])
    return _clicked_on(canvas.picture, layers, clicks).png()


def draw(
    *, base: Matte, clicks: Sequence[Click], edited: bytes | None = None
) -> tuple[Photo, Layers]:
    """The photo of `base`, and at its full size what clicks and painting make of the layers.

    Points are worked out on the photo's own pixels. What was painted comes at the size it was
    shown, so only painted places are taken from there (`Layers.painted`).
    """
    canvas = canvases.canvas(base)
    photo, layers = canvases.read(base)
    if clicks:
        before, after, kept = _states(canvas, base, clicks)
        matte = imaging.corrected(photo.on_white(), layers.matte(), before, after, clicks)
        layers = layers.with_matte(matte, _spread(kept, matte.shape))
    if edited is not None:
        shown = _clicked(canvas, base, clicks)
        layers = layers.painted(shown, read_layers(edited, canvas.picture.shape[1::-1]))
    return photo, layers


def correct(
    *, base: Matte, clicks: Sequence[Click], edited: bytes | None = None, created_by=None
) -> Matte:
    """Keep what clicks and painting make of the matte `base` as its photo's next staff matte.

    Raises UnusableMatte when nothing or everything is left, InvalidRequest when the photo is
    another one than the matte was made for.
    """
    photo, layers = draw(base=base, clicks=clicks, edited=edited)
    return mattes.add_layers(source=base.source, photo=photo, layers=layers, created_by=created_by)


def outdated(*, source, matte: Matte | None):
    """Variant images of `source` made, or refused, with another matte, and not decided about."""
    undecided = VariantImage.objects.filter(
        source=source, status__in=[Status.AWAITING_REVIEW, Status.REFUSED]
    ).select_related("option", "colourway", "product", "print", "reference__product__parent")
    if matte is None:
        return undecided
    made_so = Q(recipe__matte=matte.digest, recipe__keep__isnull=not matte.says_what_stays)
    return undecided.exclude(made_so)


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


def _clicked(canvas: canvases.Canvas, base: Matte, clicks: Sequence[Click]) -> Layers:
    """The layers of `base`, at the size they are edited, after clicks on them."""
    if not clicks:
        return canvas.layers
    before, after, kept = _states(canvas, base, clicks)
    matte = canvas.layers.matte()
    matte = imaging.corrected(canvas.picture, matte, before, after, clicks)
    return canvas.layers.with_matte(matte, _spread(kept, matte.shape))


def _clicked_on(picture: np.ndarray, layers: Layers, clicks: Sequence[Click]) -> Layers:
    """Layers that somebody painted on, after the last click; earlier ones are in them already."""
    if not clicks:
        return layers
    *earlier, click = clicks
    matte, small = layers.matte(), imaging.working_picture(picture)
    before = imaging.settled(imaging.labels_of(matte), earlier)
    after = imaging.heed(small, before, click)
    kept = imaging.kept_by(click, before, after, np.zeros(before.shape, bool))
    matte = imaging.corrected(picture, matte, before, after, [click])
    return layers.with_matte(matte, _spread(kept, matte.shape))


def _states(canvas: canvases.Canvas, base: Matte, clicks: Sequence[Click]):
    """Labels before all clicks and after them, and what the clicks kept: (h, w) each."""
    before = imaging.labels_of(canvas.layers.matte())
    return before, *_heeded(canvas, base, before, tuple(clicks))


def _heeded(canvas: canvases.Canvas, base: Matte, before: np.ndarray, clicks: tuple[Click, ...]):
    """What the cache has of the first clicks is not done again."""
    if not clicks:
        return before, np.zeros(before.shape, bool)
    told = json.dumps([base.source.original.name, base.pk, base.digest, clicks])
    key = f"oscar_gan:clicks:{sha256(told.encode()).hexdigest()}"
    if kept_there := cache.get(key):
        labels, kept = np.frombuffer(kept_there, np.uint8).reshape(2, *before.shape)
        return labels, kept.astype(bool)
    last, kept = _heeded(canvas, base, before, clicks[:-1])
    labels = imaging.heed(imaging.working_picture(canvas.picture), last, clicks[-1])
    kept = imaging.kept_by(clicks[-1], last, labels, kept)
    cache.set(key, np.stack([labels, kept]).astype(np.uint8).tobytes(), canvases.KEPT_SECONDS)
    return labels, kept


def _spread(kept: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """What was kept (h, w), with the rim that belongs to it, at the size of a matte (H, W)."""
    import cv2

    wide = cv2.dilate(kept.astype(np.uint8), np.ones((7, 7), np.uint8))
    return cv2.resize(wide, shape[::-1], interpolation=cv2.INTER_NEAREST).astype(bool)
