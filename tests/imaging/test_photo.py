"""Reading what shops upload: every case is made here, byte by byte where Pillow cannot."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from oscar_gan.errors import UnusablePhoto
from oscar_gan.imaging.photo import Limits, analysis_view, read_photo
from oscar_gan.imaging.profiles import srgb_profile

RED, TEAL = (200, 30, 40), (20, 130, 130)
PATCH = np.kron(
    np.array([[RED, TEAL], [(240, 220, 180), (60, 60, 60)]], np.uint8),
    np.ones((32, 48, 1), np.uint8),
)


def save(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def picture(mode="RGB"):
    return Image.fromarray(PATCH).convert(mode)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_every_accepted_format_is_read(format):
    photo = read_photo(save(picture(), format))
    assert photo.format == format
    assert photo.pixels.shape == PATCH.shape
    assert np.abs(photo.pixels[8:24, 8:40].astype(int) - RED).max() <= 12


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_photos_are_turned_upright_alpha_included(orientation, format):
    marked = PATCH.copy()
    marked[:5, :9] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(marked)
    if format == "PNG":
        image.putalpha(Image.fromarray(marked[..., 0]))
    data = save(image, format, exif=exif)
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    photo = read_photo(data)
    assert np.array_equal(photo.pixels, np.asarray(wanted.convert("RGB")))
    if format == "PNG":
        assert np.array_equal(photo.alpha, np.asarray(wanted.getchannel("A")))


def rgb_profile(gamma, primaries):
    """A matrix profile, which Pillow cannot make: header, tags, D50-adapted primaries."""

    def s15(*values):
        return b"".join(round(v * 65536).to_bytes(4, "big", signed=True) for v in values)

    def xyz(values):
        return b"XYZ \0\0\0\0" + s15(*values)

    curve = (
        b"curv\0\0\0\0" + (1).to_bytes(4, "big") + round(gamma * 256).to_bytes(2, "big") + b"\0\0"
    )
    text = b"desc\0\0\0\0" + (5).to_bytes(4, "big") + b"test\0" + b"\0" * 79
    tags = {
        b"desc": text, b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        b"rXYZ": xyz(primaries[0]), b"gXYZ": xyz(primaries[1]), b"bXYZ": xyz(primaries[2]),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }  # fmt: skip
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + (offset + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += data + b"\0" * (-len(data) % 4)
    size = (offset + len(body)).to_bytes(4, "big")
    header = size + b"lcms\x02\x10\0\0mntrRGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 28
    header += s15(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + len(tags).to_bytes(4, "big") + table + body


ADOBE_RGB = rgb_profile(
    563 / 256,
    [(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)],
)
DISPLAY_P3 = rgb_profile(  # Apple's has sRGB's curve; 2.2 is close to it
    2.2, [(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)]
)


@pytest.mark.parametrize("profile", [ADOBE_RGB, DISPLAY_P3], ids=["Adobe RGB", "Display P3"])
@pytest.mark.parametrize("format", ["PNG", "TIFF", "JPEG"])
def test_wide_gamut_profiles_are_converted(profile, format):
    photo = read_photo(save(picture(), format, icc_profile=profile))
    red = photo.pixels[16, 24].astype(int)
    assert red[0] > RED[0] + 10, "the same numbers mean a stronger red in a wider space"
    assert np.abs(photo.pixels[48, 72].astype(int) - 60).max() <= 6, "greys stay grey"
    assert not photo.notes


def test_srgb_profiles_change_nothing():
    photo = read_photo(save(picture(), "PNG", icc_profile=srgb_profile()))
    assert np.array_equal(photo.pixels, PATCH)


def test_a_profile_of_another_kind_is_ignored_with_a_note():
    photo = read_photo(save(picture("L"), "PNG", icc_profile=srgb_profile()))
    assert [note.code for note in photo.notes] == ["profile-ignored"]


def test_a_broken_profile_is_ignored_with_a_note():
    photo = read_photo(save(picture(), "PNG", icc_profile=b"no profile at all" * 20))
    assert [note.code for note in photo.notes] == ["profile-ignored"]
    assert np.array_equal(photo.pixels, PATCH)


def test_cmyk_without_profile_is_estimated_and_says_so():
    photo = read_photo(save(picture("CMYK"), "JPEG", quality=98))
    assert [note.code for note in photo.notes] == ["cmyk-without-profile"]
    assert np.abs(photo.pixels[16, 24].astype(int) - RED).max() <= 12
    assert photo.jpeg is None, "its four tables fit no RGB picture"


def test_adobe_cmyk_is_not_inverted():
    # Pillow writes Adobe's marker and inverted values, as Photoshop does; paper must stay light.
    white = Image.new("CMYK", (64, 64), (0, 0, 0, 0))
    data = save(white, "JPEG")
    assert b"Adobe" in data[:64]
    assert read_photo(data).pixels.min() >= 250


@pytest.mark.parametrize("profiled", [True, False])
def test_cielab_pictures_are_read(profiled):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.createProfile("sRGB")
    wanted = picture("RGB")
    drawn = ImageCms.profileToProfile(wanted, srgb, lab, outputMode="LAB")
    profile = lab.tobytes() if profiled else None
    photo = read_photo(save(drawn, "TIFF", icc_profile=profile))
    assert photo.notes == ()
    # Eight bits of L*a*b* are coarser than those of sRGB.
    assert np.abs(photo.pixels.astype(int) - np.asarray(wanted)).mean() < 2


def test_grey_pictures_become_rgb():
    photo = read_photo(save(picture("L"), "JPEG", quality=95))
    assert np.array_equal(photo.pixels[..., 0], photo.pixels[..., 2])
    assert photo.jpeg is None


def test_sixteen_bit_grey_keeps_its_range():
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    photo = read_photo(save(Image.fromarray(ramp), "PNG"))
    assert np.array_equal(photo.pixels[0, :, 0], np.arange(256))


def png16(rgb):
    """A 16-bit RGB PNG, which Pillow reads but cannot write."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    height, width = rgb.shape[:2]
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([16, 2, 0, 0, 0])
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rgb)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )  # fmt: skip


def test_sixteen_bit_rgb_is_read():
    photo = read_photo(png16(PATCH.astype(np.uint16) * 257))
    assert np.abs(photo.pixels.astype(int) - PATCH).max() <= 1


def test_alpha_is_split_off_and_hidden_colours_stay_hidden():
    image = picture()
    alpha = np.full(PATCH.shape[:2], 255, np.uint8)
    alpha[:, :48] = 0
    image.putalpha(Image.fromarray(alpha))
    photo = read_photo(save(image, "PNG"))
    assert np.array_equal(photo.alpha, alpha)
    assert photo.on_white()[0, 0].tolist() == [255, 255, 255]
    assert np.array_equal(photo.pixels, PATCH)


def test_opaque_alpha_is_dropped():
    image = picture()
    image.putalpha(255)
    assert read_photo(save(image, "PNG")).alpha is None


def test_palette_pictures_keep_their_transparency():
    image = picture().quantize(8)
    transparent = image.getpixel((0, 0))
    photo = read_photo(save(image, "PNG", transparency=transparent))
    assert photo.alpha[0, 0] == 0
    assert photo.alpha[0, -1] == 255


def test_progressive_jpegs_are_read():
    photo = read_photo(save(picture(), "JPEG", progressive=True))
    assert photo.pixels.shape == PATCH.shape


def test_a_jpegs_own_tables_are_remembered():
    photo = read_photo(save(picture(), "JPEG", quality=83, subsampling=1))
    assert photo.jpeg.subsampling == 1
    assert len(photo.jpeg.quantisation[0]) == 64


def test_only_the_first_picture_of_several_is_used():
    second = Image.new("RGB", picture().size, "black")
    data = save(picture(), "WEBP", save_all=True, append_images=[second], lossless=True)
    photo = read_photo(data)
    assert [note.code for note in photo.notes] == ["first-frame"]
    assert np.array_equal(photo.pixels, PATCH)


def test_multi_picture_jpegs_of_cameras_are_jpegs():
    data = save(picture(), "MPO", save_all=True, append_images=[picture()])
    photo = read_photo(data)
    assert (photo.format, photo.notes) == ("JPEG", ())


@pytest.mark.parametrize(("lossless", "format"), [(True, "WEBP"), (False, "WEBP"), (True, "PNG")])
def test_lossless_files_are_recognised(lossless, format):
    options = {"lossless": lossless} if format == "WEBP" else {}
    assert read_photo(save(picture(), format, **options)).lossless is lossless


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
        (b"%PDF-1.7 " + b"x" * 100, "a PDF document"),
        (b"GIF89a" + b"\0" * 60, "a GIF picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "a HEIC picture"),
        (b"hello, this is text", "not a picture we can read"),
        (b"\xff\xd8\xff", "a damaged JPEG picture"),
    ],
)
def test_what_is_no_photo_is_named(data, message):
    with pytest.raises(UnusablePhoto, match=message):
        read_photo(data)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_truncated_files_are_refused(format):
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    data = save(Image.fromarray(noise), format)
    with pytest.raises(UnusablePhoto, match="damaged|incomplete"):
        read_photo(data[: len(data) // 2])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_corrupt_bytes_are_refused_or_read_but_never_crash(format):
    random = np.random.default_rng(5)
    data = save(picture(), format)
    for _ in range(40):
        broken = bytearray(data)
        for place in random.integers(0, len(data), 6):
            broken[place] = random.integers(256)
        try:
            assert read_photo(bytes(broken)).pixels.dtype == np.uint8
        except UnusablePhoto as error:
            assert "upload" in str(error)  # noqa: PT017  (either outcome is right)


def test_bombs_are_refused_by_their_header(monkeypatch):
    data = save(Image.new("1", (9000, 9000)), "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded a bomb"))
    with pytest.raises(UnusablePhoto, match=r"9000 × 9000 pixels \(81.0 megapixels\).*64"):
        read_photo(data)


def test_gigapixel_bombs_are_refused_too():
    data = bytearray(save(picture(), "PNG"))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(UnusablePhoto, match="megapixels; the limit is 64"):
        read_photo(bytes(data))


def test_limits_are_the_callers():
    data = save(picture(), "PNG")
    with pytest.raises(UnusablePhoto, match="the limit is 0.0001 MB"):
        read_photo(data, limits=Limits(max_bytes=100))
    with pytest.raises(UnusablePhoto, match="96 × 64 pixels.*0.001 megapixels"):
        read_photo(data, limits=Limits(max_pixels=1000))
    with pytest.raises(UnusablePhoto, match="at least 100 pixels"):
        read_photo(data, limits=Limits(min_side=100))


def test_the_analysis_view_squeezes_the_whole_picture():
    view = analysis_view(np.kron(PATCH, np.ones((6, 6, 1), np.uint8)))
    assert view.shape == (256, 256, 3)
    np.testing.assert_allclose(view[64, 64] * 255, RED, atol=1)
    np.testing.assert_allclose(view[64, 192] * 255, TEAL, atol=1)
