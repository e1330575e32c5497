"""Mattes of source images: the analyser's to look at, the staff's to obey."""

from __future__ import annotations

import io
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from oscar.core.loading import get_model
from PIL import Image

from .. import signals
from ..conf import photo_limits
from ..errors import InvalidRequest
from ..imaging.layers import Layers, read_layers
from ..imaging.matte import check_matte, coverage, read_matte
from ..imaging.photo import read_photo
from ..models import Matte
from . import access, media
from .announcing import announce


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
    matte = read_matte(data, photo)
    return _store_staff(source, photo, matte, created_by)


def add_layers(*, source, photo, layers: Layers, created_by=None) -> Matte:
    """Keep layers that staff made for the photo of `source` as its next staff matte.

    Raises UnusableMatte when they do not fit the photo, or recolour nothing or everything.
    """
    if created_by is not None:
        access.require(created_by, "generate", source.product)
    matte = layers.matte()
    check_matte(matte, photo)
    return _store_staff(source, photo, matte, created_by, layers)


def read_layers_of(matte: Matte, photo) -> Layers:
    """The layers (H, W) of a matte of this photo.

    A matte handed in has none: the generator will keep what it finds must stay, so that is what
    is protected, as far as it is known.
    """
    if matte.layers_name:
        return read_layers(media.read_draft(matte.layers_name), (photo.width, photo.height))
    layers = Layers.of_matte(read_matte(media.read_draft(matte.file_name), photo))
    found = Matte.objects.filter(
        source=matte.source, source_digest=photo.digest, origin=Matte.Origin.ANALYSER
    ).first()
    if matte.origin == Matte.Origin.STAFF and found and found.layers_name:
        return Layers(layers.product, read_layers_of(found, photo).protect)
    return layers


def record_colours(*, matte: Matte, analysis) -> None:
    """Note which colours the analyser found under a staff matte, once."""
    if not matte.palette:
        matte.swatch = analysis.swatch
        matte.palette = [list(entry) for entry in analysis.palette]
        matte.findings = [asdict(finding) for finding in analysis.findings]
        matte.save(update_fields=["swatch", "palette", "findings"])


def record_analysis(*, source, photo, analysis) -> Matte:
    """Keep what the analyser found, once per photo and result: what would be recoloured."""
    layers = Layers(analysis.matte, analysis.keep)
    return _store(
        source,
        analysis.material,
        layers if analysis.keep.any() else None,
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


def _store_staff(source, photo, matte, created_by, layers: Layers | None = None) -> Matte:
    return _store(
        source,
        matte,
        layers,
        origin=Matte.Origin.STAFF,
        source_digest=photo.digest,
        coverage=coverage(matte),
        created_by=created_by,
    )


def _store(source, matte, layers: Layers | None, *, origin: str, **fields) -> Matte:
    name, digest = media.store_draft(matte_png(matte), folder="mattes", extension=".png")
    layers_name = ""
    if layers is not None:
        layers_name, _ = media.store_draft(layers.png(), folder="mattes", extension=".png")
    with transaction.atomic():
        lock(source)  # versions are counted per source image: not two of them at once
        mattes = Matte.objects.filter(source=source)
        last = mattes.filter(origin=origin).first()
        # Only the newest counts: an older outline that comes again is a new version.
        same = digest, layers_name, fields["source_digest"]
        if last and (last.digest, last.layers_name, last.source_digest) == same:
            return last
        newest = mattes.aggregate(newest=Max("version"))["newest"] or 0
        matte = Matte.objects.create(
            source=source,
            origin=origin,
            version=newest + 1,
            file_name=name,
            digest=digest,
            layers_name=layers_name,
            **fields,
        )
        announce(signals.matte_saved, matte=matte)
        return matte


def matte_png(matte) -> bytes:
    """A matte (H, W) as a greyscale PNG."""
    png = io.BytesIO()
    Image.fromarray(matte).save(png, "PNG")
    return png.getvalue()
