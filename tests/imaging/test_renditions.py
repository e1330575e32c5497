"""Renditions: sizes, formats, colour and the marks that must survive."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from oscar_gan.imaging import renditions
from oscar_gan.imaging.colour import delta_e00, srgb_to_lab
from oscar_gan.imaging.photo import read_photo
from tests import factories

XMP = (
    b'<x:xmpmeta dc:creator="Ada Lens" '
    b'Iptc4xmpExt:DigitalSourceType="compositeWithTrainedAlgorithmicMedia"/>'
)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.fixture(scope="module")
def made():
    photo = read_photo(factories.photo_bytes(size=(700, 500)))
    return list(renditions.render(photo, formats=renditions.FORMATS, xmp=XMP))


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((96, 72), [96]),
        ((320, 900), [320]),
        ((1000, 500), [320, 480, 640, 960, 1000]),
        ((4000, 3000), [320, 480, 640, 960, 1280, 1920]),
    ],
)
def test_no_size_is_larger_than_the_photo(size, widths):
    sizes = renditions.sizes_of(*size)
    assert [width for width, _ in sizes] == widths
    assert all(abs(h / w - size[1] / size[0]) < 0.01 for w, h in sizes)


def test_a_very_wide_photo_keeps_a_pixel_of_height():
    assert renditions.sizes_of(4000, 1)[0] == (320, 1)


def test_each_width_comes_in_each_format(made):
    shapes = {(each.width, each.extension): opened(each.data) for each in made}
    assert set(shapes) == {
        (width, extension)
        for width in (0, 320, 480, 640, 700)
        for extension in (".avif", ".webp", ".jpg")
    }
    assert shapes[480, ".avif"].size == (480, 343)
    assert shapes[0, ".jpg"].size == (128, 128)
    assert {picture.format for picture in shapes.values()} == {"AVIF", "WEBP", "JPEG"}


def test_every_file_says_how_it_was_made_and_what_its_numbers_mean(made):
    for each in made:
        info = opened(each.data).info
        assert info["xmp"] == XMP
        profile = ImageCms.ImageCmsProfile(io.BytesIO(info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_the_colour_stays(made):
    """The swatch that was approved is what shoppers see: a patch of the ball, file by file."""
    truth = np.asarray(opened(factories.photo_bytes(size=(700, 500))), float)
    for each in made:
        if each.width != 700:
            continue
        shown = np.asarray(opened(each.data).convert("RGB"), float)
        patches = [pixels[230:270, 330:370].mean(axis=(0, 1)) / 255 for pixels in (truth, shown)]
        assert delta_e00(*map(srgb_to_lab, patches)) < 0.7, each.extension


def test_see_through_parts_lie_on_white():
    picture = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    file = io.BytesIO()
    picture.save(file, "PNG")
    photo = read_photo(file.getvalue())
    for each in renditions.render(photo, formats=["JPEG", "WEBP"]):
        assert opened(each.data).convert("RGB").getpixel((20, 20)) == (255, 255, 255)


def test_a_camera_held_upright_gives_upright_renditions():
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 400), "#AF2430").save(file, "JPEG", exif=exif)
    made = list(renditions.render(read_photo(file.getvalue()), formats=["JPEG"]))
    assert opened(made[-1].data).size == (400, 600)
    assert "exif" not in opened(made[-1].data).info


def test_what_pillow_cannot_write_is_left_out(monkeypatch):
    monkeypatch.setattr("PIL.features.check", lambda name: name != "avif")
    assert renditions.writable(["JPEG", "WEBP", "AVIF", "GIF"]) == ("WEBP", "JPEG")
