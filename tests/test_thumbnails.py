"""The thumbnail engine keeps the mark of generated pictures."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms
from sorl.thumbnail import get_thumbnail

from oscar_gan.imaging.provenance import mark_of
from oscar_gan.thumbnails import ProvenanceEngine
from tests import factories

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
    b'"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/'
    b'compositeWithTrainedAlgorithmicMedia" photoshop:Credit="Ada Lens"/></rdf:RDF></x:xmpmeta>'
)
MARK = mark_of(XMP)


def thumbnail(format: str, info: dict) -> Image.Image:
    data = ProvenanceEngine()._get_raw_data(
        Image.new("RGB", (8, 6), "#24345C"), format, 85, image_info=info
    )
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_provenance_survives_in(format):
    assert thumbnail(format, {"xmp": XMP}).info["xmp"] == MARK


def test_the_colour_profile_stays_too():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = thumbnail("JPEG", {"xmp": XMP, "icc_profile": profile})
    assert made.info["icc_profile"] == profile
    assert made.info["xmp"] == MARK


def test_names_and_editing_history_stay_behind():
    assert b"Ada Lens" not in thumbnail("JPEG", {"xmp": XMP}).info["xmp"]
    assert "xmp" not in thumbnail("JPEG", {"xmp": b"<x:xmpmeta>lens, rating</x:xmpmeta>"}).info


def test_the_picture_itself_is_sorls():
    with_mark, without = thumbnail("JPEG", {"xmp": XMP}), thumbnail("JPEG", {})
    assert with_mark.tobytes() == without.tobytes()


@pytest.mark.django_db
def test_the_demo_shop_uses_it(product):
    photo = io.BytesIO()
    Image.open(io.BytesIO(factories.photo_bytes())).save(photo, "JPEG", xmp=XMP)
    image = factories.add_photo(product, photo.getvalue())
    made = get_thumbnail(image.original, "48x48")
    with made.storage.open(made.name) as file, Image.open(file) as picture:
        assert picture.size == (48, 36)
        assert picture.info["xmp"] == MARK
