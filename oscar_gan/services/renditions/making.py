"""Make the renditions of one picture: read, encode, store, and only then say so in a row."""

from __future__ import annotations

import uuid
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from oscar.core.loading import get_model

from ...conf import get_config, photo_limits
from ...errors import UnusablePhoto
from ...imaging import renditions
from ...imaging.photo import read_photo
from ...imaging.provenance import mark_of, read_packet
from ...models import RenditionSet
from .. import media

FOLDER = "images/renditions"
"""In the storage of Oscar's ProductImage; the sweeper owns it."""
RECIPE = 2
"""Count up when renditions come out otherwise; new ones then share no file with old ones."""


def make(image_id: int, *, since: datetime | None = None) -> RenditionSet | None:
    """Make what is missing of one picture; None when it is gone or none are wanted.

    With `since`, whatever was made before then is missing.
    A picture that cannot be read gets a row that says why, and no files: pages show it through
    Oscar's thumbnailer, and nobody tries in vain every hour. StorageUnavailable passes through.
    """
    formats = renditions.writable(get_config().renditions)
    image = get_model("catalogue", "ProductImage").objects.filter(pk=image_id).first()
    if image is None or not formats:
        return None
    fresh = RenditionSet.objects.filter(made_at__gte=since) if since else RenditionSet.objects
    if made := fresh.filter(image=image, source_name=image.original.name).first():
        return made
    try:
        data = media.read_original(image)
        return _share(fresh, image, data, formats) or _make(image, data, formats)
    except UnusablePhoto as error:
        return _enter(image, problem=str(error))


def _share(fresh, image, data: bytes, formats: tuple[str, ...]) -> RenditionSet | None:
    """Enter the files of an equal picture, if there is one: each size of a colour has a copy."""
    with transaction.atomic():
        # Locked, so that the files cannot go with their last row before this one is there.
        twins = fresh.select_for_update().exclude(image=image)
        twin = twins.filter(digest=_digest(data, formats)).exclude(stem="").first()
        if twin is None:
            return None
        shared = {name: getattr(twin, name) for name in ("digest", "stem", "extensions", "sizes")}
        return _enter(image, **shared)


def _make(image, data: bytes, formats: tuple[str, ...]) -> RenditionSet | None:
    photo = read_photo(data, limits=photo_limits())
    digest = _digest(data, formats)
    stem = f"{FOLDER}/{digest[:2]}/{digest[:32]}-{uuid.uuid4().hex[:8]}"
    extensions = [renditions.EXTENSIONS[name] for name in formats]
    made = RenditionSet(digest=digest, stem=stem, extensions=extensions)
    storage = image.original.storage
    for each in renditions.render(photo, formats=formats, xmp=mark_of(read_packet(data))):
        name = made.file_name(each.width, each.extension)
        media.save_whole(storage, name, each.data)
    sizes = renditions.sizes_of(photo.width, photo.height)
    return _enter(image, digest=digest, stem=stem, extensions=extensions, sizes=sizes)


@transaction.atomic
def _enter(image, **fields) -> RenditionSet | None:
    """Enter what was made; None when the picture went or changed meanwhile (files are swept)."""
    name = image.original.name
    rows = get_model("catalogue", "ProductImage").objects.select_for_update()
    if not rows.filter(pk=image.pk, original=name).exists():
        return None
    empty = {"digest": "", "stem": "", "extensions": [], "sizes": [], "problem": ""}
    values = {**empty, **fields, "source_name": name}
    return RenditionSet.objects.update_or_create(image=image, defaults=values)[0]


def _digest(data: bytes, formats: tuple[str, ...]) -> str:
    return sha256(f"{RECIPE} {' '.join(formats)}\n".encode() + data).hexdigest()
