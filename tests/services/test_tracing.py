"""Whether a file is one of the shop's own pictures, as its marks and rows say."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from PIL import Image

from oscar_gan.errors import UnusablePhoto
from oscar_gan.imaging.credentials import Certificate
from oscar_gan.models import VariantImage
from oscar_gan.services import generation, media, renditions, tracing
from oscar_gan.services.requests import request_variants
from tests import factories
from tests.imaging.test_credentials import certificate  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(source, sent) -> VariantImage:
    """A picture by the shipped generator, with its marks."""
    request = request_variants(source=source, targets=factories.targets("Navy"))
    generation.run(request.pk)
    return request.variants.get()


def test_a_picture_of_ours_is_known_to_the_byte(made):
    found = tracing.trace(media.read_draft(made.file_name))
    assert (found.variant, found.same_bytes, found.is_ours) == (made, True, True)
    assert found.marks["colour"] == made.target
    assert found.credentials == "none"


def test_its_renditions_and_copies_are_known_by_their_marks(made, staff):
    from oscar_gan.services import publishing, review

    review.approve(variant=made, reviewer=staff)
    publication = publishing.publish(variant=made, scope="gallery", published_by=staff)
    row = renditions.make(publication.images.get().image_id)
    storage = publication.images.get().image.original.storage
    folder, stem = row.stem.rsplit("/", 1)
    names = [name for name in storage.listdir(folder)[1] if name.startswith(stem)]
    assert {name.rsplit(".", 1)[1] for name in names} == {"avif", "webp", "jpg"}
    for name in names:
        found = tracing.trace(storage.open(f"{folder}/{name}").read())
        assert (found.variant, found.same_bytes) == (made, False), name


def test_a_photo_has_no_marks_and_a_strangers_marks_lead_nowhere(made, source):
    assert tracing.trace(media.read_original(source)).marks == {}
    data = media.read_draft(made.file_name)
    VariantImage.objects.all().delete()
    found = tracing.trace(data)
    assert found.marks
    assert not found.is_ours


def test_what_is_no_picture_says_so():
    with pytest.raises(UnusablePhoto):
        tracing.trace(b"<svg/>")


def test_signed_pictures_show_any_change(source, sent, settings, certificate: Certificate):  # noqa: F811
    settings.OSCAR_GAN = {
        "C2PA_CERTIFICATE": str(certificate.chain),
        "C2PA_PRIVATE_KEY": str(certificate.private_key),
    }
    request = request_variants(source=source, targets=factories.targets("Navy"))
    generation.run(request.pk)
    data = media.read_draft(request.variants.get().file_name)
    assert tracing.trace(data).credentials == "intact"
    place = len(data) - 40  # among the pixels
    changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    found = tracing.trace(changed)
    assert found.credentials == "broken"
    assert not found.is_ours


def test_the_command_tells_pictures_apart(made, source, tmp_path):
    ours, photo, text = (tmp_path / name for name in ("ours.jpg", "photo.jpg", "no.jpg"))
    ours.write_bytes(media.read_draft(made.file_name))
    photo.write_bytes(media.read_original(source))
    text.write_text("no picture")
    out = io.StringIO()
    call_command("verify_picture", str(ours), stdout=out)
    assert f"Variant image {made.pk} of Canvas bag in Navy, by recolour" in out.getvalue()

    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_picture", "--json", str(ours), str(photo), stdout=out)
    assert ended.value.code == 1
    assert [json.loads(line)["ours"] for line in out.getvalue().splitlines()] == [True, False]
    with pytest.raises(SystemExit) as ended:
        call_command("verify_picture", str(text), stdout=io.StringIO())
    assert ended.value.code == 2


def test_saved_anew_without_marks_it_is_nobodys(made):
    file = io.BytesIO()
    Image.open(io.BytesIO(media.read_draft(made.file_name))).save(file, "JPEG")
    assert not tracing.trace(file.getvalue()).is_ours
