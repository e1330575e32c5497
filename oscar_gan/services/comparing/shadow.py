"""Shadow: the shop's own photos that no training saw, with what staff decided about them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray
from oscar.core.loading import get_model
from PIL import Image

from ...conf import photo_limits
from ...errors import OscarGanError, StorageUnavailable
from ...imaging.matte import read_matte
from ...imaging.photo import Photo, read_photo
from ...models import GeneratorVersion, TrainingRun, VariantImage
from .. import feedback, media
from ..feedback.reasons import OUTLINE

logger = logging.getLogger(__name__)
MAX_PHOTOS = 60
MAX_DECISIONS = 3
"""Decided variant images of one photo that are made again, the last decided ones."""
SIDE = 1000
"""Long side in pixels at which photos are compared; the networks see 256 of them."""
Status = VariantImage.Status


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided picture in one colour: what was asked, and whether it was right."""

    target: str
    approved: bool
    about_outline: bool
    """Whether a rejection says that the outline was wrong."""
    file_name: str


@dataclass(frozen=True, slots=True, eq=False)
class ShadowPhoto:
    """A photo with a trusted outline."""

    source: int
    """Primary key of its ProductImage."""
    name: str
    group: str
    photo: Photo
    matte: NDArray[np.uint8]
    """(H, W): what people said is to be recoloured."""
    before: NDArray[np.uint8] | None
    """(H, W): what the generator had found when that was rejected or corrected."""
    drawn: bool
    """Whether a person drew the outline, instead of approving the generator's."""
    decisions: tuple[Decision, ...]


def manifest_for(version: GeneratorVersion) -> dict | None:
    """The manifest that `version` is compared on: of its own training, else of the newest.

    None in a shop that never trained: then the bench is all there is. Raises ManifestMismatch.
    """
    frozen = TrainingRun.objects.filter(name=version.name).exclude(manifest_name="")
    run = frozen.filter(result=version).first() or frozen.order_by("-created_at").first()
    return feedback.read_manifest(run) if run else None


def entries_of(manifest: dict | None) -> list[dict]:
    """The manifest's shadow photos with a trusted outline, the newest first, 60 at most."""
    photos = feedback.shadow_photos(manifest)
    photos.sort(key=lambda entry: (max(entry["variants"], default=0), entry["source"]))
    return photos[: -MAX_PHOTOS - 1 : -1]


def read(entry: dict, skipped: Counter) -> ShadowPhoto | None:
    """Read one photo and all that is known of it.

    None when it cannot be used any more, which is counted in `skipped` by a code. Raises
    StorageUnavailable.
    """
    try:
        found = _read(entry)
    except StorageUnavailable:
        raise
    except OscarGanError as error:
        logger.info("Shadow photo %s is left out: %s", entry["name"], error)
        skipped[error.code] += 1
        return None
    if found is None:
        skipped["photo-changed"] += 1
    return found


def _read(entry: dict) -> ShadowPhoto | None:
    """None when the photo is gone, or another one now."""
    source = get_model("catalogue", "ProductImage").objects.filter(pk=entry["source"]).first()
    if source is None:
        return None
    data = media.read_original(source)
    if sha256(data).hexdigest() != entry["sha256"]:
        return None
    photo = read_photo(data, limits=photo_limits())
    before = entry["before"]
    return ShadowPhoto(
        source=source.pk,
        name=entry["name"],
        group=entry["group"],
        photo=reduced_photo(photo, SIDE),
        matte=_matte(entry["matte"]["name"], photo),
        before=_matte(before["name"], photo) if before else None,
        drawn=entry["label"] == "corrected",
        decisions=tuple(decisions_on(entry)),
    )


def decisions_on(entry: dict) -> Iterator[Decision]:
    """What staff decided last about this photo in one colour, the newest first.

    Mappings and looks are left out: they name the colours that one generator found, or need more
    than a colour, and say nothing about the outline that a plain colour does not.
    """
    decided = (
        VariantImage.objects.filter(
            source=entry["source"],
            source_digest=entry["sha256"],
            status__in=(Status.APPROVED, Status.REJECTED),
            recipe__kind="colour",
        )
        .annotate(decided=Max("reviews__pk"))
        .order_by("-decided", "-pk")
    )
    for variant in decided[:MAX_DECISIONS]:
        last = variant.reviews.last()
        yield Decision(
            variant.target,
            variant.status == Status.APPROVED,
            bool(last) and last.reason in OUTLINE,
            variant.file_name,
        )


def reduced_photo(photo: Photo, side: int) -> Photo:
    """The photo with a long side of at most `side` pixels."""
    scale = side / max(photo.width, photo.height)
    if scale >= 1:
        return photo
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    alpha = None if photo.alpha is None else resized(photo.alpha, size)
    return replace(photo, pixels=resized(photo.pixels, size), alpha=alpha)


def resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Pixels (h, w) or (h, w, 3) in another size (width, height), antialiased."""
    image = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(image)


def _matte(name: str, photo: Photo) -> NDArray[np.uint8]:
    """A stored matte of a photo of full size, in the size that is compared."""
    matte = read_matte(media.read_draft(name), photo)
    small = reduced_photo(photo, SIDE)
    return resized(matte, (small.width, small.height))
