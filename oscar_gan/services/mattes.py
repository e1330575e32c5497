"""Mattes of source images: the analyser's to look at, the staff's to obey."""

from __future__ import annotations

import io
from dataclasses import asdict

import numpy as np
from django.db import transaction
from django.db.models import Max
from oscar.core.loading import get_model
from PIL import Image

from ..conf import photo_limits
from ..errors import InvalidRequest
from ..imaging.matte import coverage, read_matte
from ..imaging.photo import read_photo
from ..models import Matte
from . import access, media


def current_matte(source, *, digest: str) -> Matte | None:
    """The matte that would be used for `source` now: the staff's newest, else the analyser's."""
    return (
        staff_matte(source)
        or source.gan_mattes.filter(source_digest=digest, origin=Matte.Origin.ANALYSER).first()
    )


def staff_matte(source) -> Matte | None:
    """The newest matte that staff handed in for `source`."""
    return source.gan_mattes.filter(origin=Matte.Origin.STAFF).first()


def known_palette(source) -> list[tuple[str, float]]:
    """Base colours of the product and their shares, as last analysed; empty before that.

    Those under the staff's newest matte, while a worker has not read them yet those of the
    newest matte that has some.
    """
    analysed = [matte for matte in source.gan_mattes.all() if matte.palette]
    staff = staff_matte(source)
    best = staff if staff in analysed else next(iter(analysed), None)
    return [tuple(entry) for entry in best.palette] if best else []


def add_staff_matte(*, source, data: bytes, created_by=None) -> Matte:
    """Keep a matte (greyscale picture, white = product) for `source` as its next version.

    Raises UnusableMatte when it does not fit the photo, or selects nothing or everything.
    """
    if created_by is not None:
        access.require(created_by, "generate", source.product)
    photo = read_photo(media.read_original(source), limits=photo_limits())
    return keep_staff_matte(
        source=source, photo=photo, matte=read_matte(data, photo), created_by=created_by
    )


def keep_staff_matte(*, source, photo, matte, created_by=None) -> Matte:
    """Keep a matte (H, W), 8-bit, that staff made for `source`, whose photo it fits."""
    return _store(
        source,
        matte,
        origin=Matte.Origin.STAFF,
        source_digest=photo.digest,
        coverage=coverage(matte),
        created_by=created_by,
    )


def record_colours(*, matte: Matte, analysis) -> None:
    """Note which colours the analyser found under a staff matte, once."""
    if not matte.palette:
        matte.swatch = analysis.swatch
        matte.palette = [list(entry) for entry in analysis.palette]
        matte.findings = [asdict(finding) for finding in analysis.findings]
        matte.save(update_fields=["swatch", "palette", "findings"])


def record_analysis(*, source, photo, analysis) -> Matte:
    """Keep what the analyser found, once per photo and result: what would be recoloured."""
    return _store(
        source,
        _recoloured(analysis.matte, analysis.keep),
        origin=Matte.Origin.ANALYSER,
        source_digest=photo.digest,
        swatch=analysis.swatch,
        palette=[list(entry) for entry in analysis.palette],
        coverage=float(analysis.coverage),
        findings=[asdict(finding) for finding in analysis.findings],
    )


def lock(source) -> None:
    """Make other transactions about this source image wait until the caller's ends.

    Raises InvalidRequest when the photo was deleted meanwhile.
    """
    photos = get_model("catalogue", "ProductImage").objects.select_for_update()
    if photos.filter(pk=source.pk).first() is None:
        raise InvalidRequest("The source photo was deleted; choose another one.")


def _store(source, matte, *, origin: str, **fields) -> Matte:
    png = io.BytesIO()
    Image.fromarray(matte).save(png, "PNG")
    name, digest = media.store_draft(png.getvalue(), folder="mattes", extension=".png")
    with transaction.atomic():
        lock(source)  # versions are counted per source image: not two of them at once
        mattes = Matte.objects.filter(source=source)
        last = mattes.filter(origin=origin).first()
        # Only the newest counts: an older outline that comes again is a new version.
        if last and (last.digest, last.source_digest) == (digest, fields["source_digest"]):
            return last
        newest = mattes.aggregate(newest=Max("version"))["newest"] or 0
        return Matte.objects.create(
            source=source,
            origin=origin,
            version=newest + 1,
            file_name=name,
            digest=digest,
            **fields,
        )


def _recoloured(matte, keep):
    """The matte (H, W) without what the keep matte (H, W) protects; all 8-bit."""
    if not keep.any():
        return matte
    return ((matte.astype(np.uint16) * (255 - keep) + 127) // 255).astype(np.uint8)
