"""Mattes: staff's own win over the analyser's, the newest version counts."""

import io

import pytest
from PIL import Image

from oscar_gan import engine
from oscar_gan.errors import InvalidRequest, PermissionRefused, UnusableMatte
from oscar_gan.models import Matte
from oscar_gan.services import mattes, media

pytestmark = pytest.mark.django_db


def png(mode, size, colour):
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, "PNG")
    return file.getvalue()


def test_the_newest_staff_matte_wins(source, matte_data, ask, run):
    run(ask("Navy"))
    digest = Matte.objects.get().source_digest
    assert mattes.current_matte(source, digest=digest).origin == Matte.Origin.ANALYSER

    first = mattes.add_staff_matte(source=source, data=matte_data)
    box = Image.new("L", (96, 72))
    box.paste(255, (20, 20, 60, 60))
    file = io.BytesIO()
    box.save(file, "PNG")
    second = mattes.add_staff_matte(source=source, data=file.getvalue())

    assert (first.version, second.version) == (2, 3)
    assert mattes.current_matte(source, digest=digest) == mattes.staff_matte(source) == second


def test_the_same_matte_again_is_no_new_version(source, matte_data, staff):
    first = mattes.add_staff_matte(source=source, data=matte_data, created_by=staff)
    assert mattes.add_staff_matte(source=source, data=matte_data) == first
    assert first.created_by == staff


def test_an_older_matte_handed_in_again_is_the_newest(source, matte_data):
    first = mattes.add_staff_matte(source=source, data=matte_data)
    box = Image.new("L", (96, 72))
    box.paste(255, (20, 20, 60, 60))
    file = io.BytesIO()
    box.save(file, "PNG")
    mattes.add_staff_matte(source=source, data=file.getvalue())
    again = mattes.add_staff_matte(source=source, data=matte_data)
    assert mattes.staff_matte(source) == again
    assert (again.version, again.digest) == (3, first.digest)


@pytest.mark.parametrize(
    "data",
    [
        b"no picture",
        png("L", (96, 72), 0),
        png("L", (96, 72), 255),
        png("L", (10, 200), 255),
    ],
    ids=["not-a-picture", "nothing", "everything", "wrong-shape"],
)
def test_a_matte_that_does_not_fit_is_refused_and_leaves_nothing(source, data):
    with pytest.raises(UnusableMatte):
        mattes.add_staff_matte(source=source, data=data)
    assert not Matte.objects.exists()


def test_it_needs_the_permission(source, matte_data, bystander):
    with pytest.raises(PermissionRefused):
        mattes.add_staff_matte(source=source, data=matte_data, created_by=bystander)


def test_each_note_about_a_photo_is_kept_once(source, photo_data):
    file = io.BytesIO()
    Image.open(io.BytesIO(photo_data)).convert("CMYK").save(file, "JPEG")
    photo = engine.read_photo(file.getvalue())
    assert photo.notes  # CMYK without a profile has to be guessed

    analysis = engine.open_generator("classic").analyse(photo)
    matte = mattes.record_analysis(source=source, photo=photo, analysis=analysis)
    codes = [finding["code"] for finding in matte.findings]
    assert photo.notes[0].code in codes
    assert len(codes) == len(set(codes))


def test_a_photo_deleted_meanwhile_gets_no_matte(source, photo_data):
    photo = engine.read_photo(photo_data)
    analysis = engine.open_generator("classic").analyse(photo)
    type(source).objects.filter(pk=source.pk).delete()
    with pytest.raises(InvalidRequest, match="was deleted"):
        mattes.record_analysis(source=source, photo=photo, analysis=analysis)
    assert not Matte.objects.exists()


def test_what_is_kept_is_not_recorded_as_recoloured(source, photo_data, stub_generator):
    photo = engine.read_photo(photo_data)
    analysis = stub_generator.analyse(photo)
    analysis.keep[30:40, 40:50] = 255
    matte = mattes.record_analysis(source=source, photo=photo, analysis=analysis)
    stored = Image.open(io.BytesIO(media.read_draft(matte.file_name)))
    assert (stored.getpixel((45, 35)), stored.getpixel((35, 35))) == (0, 255)
