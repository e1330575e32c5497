"""Mattes: cleaned, brought to full size along edges, and read from staff's own files."""

import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import UnusableMatte
from oscar_gan.imaging.matte import bounding_box, clean_matte, coverage, read_matte, upsample_matte

from .scenes import encoded, photo_of, render


def squeezed(matte):
    """A network's view of a matte (H, W): (256, 256) in [0, 1]."""
    return np.asarray(Image.fromarray(matte).resize((256, 256)), np.float32) / 255


def test_upsampling_follows_the_photos_edges():
    pixels, matte = render("#1F3A93", height=1200, width=1000)
    # As coarse as a 64-pixel network would see it: enlarging alone leaves a wide blur.
    coarse = Image.fromarray(matte).resize((64, 64)).resize((256, 256), Image.Resampling.BILINEAR)
    small = np.asarray(coarse, np.float32) / 255
    plain = np.asarray(Image.fromarray(small).resize((1000, 1200)), float) * 255
    full = upsample_matte(small, pixels)
    assert full.shape == matte.shape
    assert full.dtype == np.uint8
    error = np.abs(full.astype(float) - matte).mean()
    assert error < 0.5 * np.abs(plain - matte).mean()
    assert error < 3


def test_upsampling_knows_nothing_of_product_on_a_flat_picture():
    flat = np.full((300, 200, 3), 128, np.uint8)
    assert upsample_matte(np.zeros((256, 256), np.float32), flat).max() == 0
    assert upsample_matte(np.ones((256, 256), np.float32), flat).min() == 255


def test_strips_leave_no_seams():
    pixels, matte = render("#1F3A93", height=700, width=300)
    small = squeezed(matte)
    turned = upsample_matte(small.T, np.ascontiguousarray(pixels.swapaxes(0, 1)))
    difference = np.abs(upsample_matte(small, pixels).astype(int) - turned.T)
    assert np.percentile(difference, 99.5) <= 3


def test_islands_are_dropped_and_pinholes_filled_but_real_holes_stay():
    small = np.zeros((256, 256), np.float32)
    small[60:200, 60:200] = 1
    small[100:104, 100:104] = 0  # a pin-hole
    small[140:170, 100:150] = 0  # a handle's opening
    small[10:14, 10:14] = 1  # an island
    cleaned = clean_matte(small)
    assert cleaned[102, 102] == 1
    assert cleaned[150, 120] == 0
    assert cleaned[12, 12] == 0
    assert cleaned[70, 70] == 1


def test_pairs_of_shoes_stay_pairs():
    small = np.zeros((256, 256), np.float32)
    small[50:200, 20:100] = 1
    small[50:200, 150:230] = 0.9
    assert (clean_matte(small)[100, [60, 190]] > 0.85).all()


def test_an_empty_matte_stays_empty():
    assert clean_matte(np.zeros((64, 64), np.float32)).max() == 0
    assert coverage(np.zeros((9, 9), np.uint8)) == 0
    box = bounding_box(np.zeros((9, 9), np.uint8))
    assert np.zeros((9, 9))[box].size == 0


@pytest.fixture
def product():
    return render("#1F3A93")


def as_file(image, format="PNG"):
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB", "1", "P", "LA"])
def test_staff_mattes_are_read_in_any_mode(product, mode):
    pixels, matte = product
    image = Image.fromarray(np.where(matte > 127, 255, 0).astype(np.uint8)).convert(mode)
    read = read_matte(as_file(image), photo_of(pixels))
    assert np.array_equal(read > 127, matte > 127)


def test_sixteen_bit_mattes_are_read(product):
    pixels, matte = product
    read = read_matte(as_file(Image.fromarray(matte.astype(np.uint16) * 257)), photo_of(pixels))
    assert np.array_equal(read, matte)


def test_white_strokes_on_nothing_are_a_matte_too(product):
    pixels, matte = product
    strokes = Image.new("RGB", matte.shape[::-1], "white")
    strokes.putalpha(Image.fromarray(matte))
    read = read_matte(as_file(strokes), photo_of(pixels))
    assert np.abs(read.astype(int) - matte).max() <= 1


def test_mattes_of_the_same_shape_are_resized(product):
    pixels, matte = product
    half = Image.fromarray(matte).resize((matte.shape[1] // 2, matte.shape[0] // 2))
    read = read_matte(as_file(half), photo_of(pixels))
    assert read.shape == matte.shape


@pytest.mark.parametrize(
    ("matte", "message"),
    [
        (np.zeros((240, 200), np.uint8), "selects 0.00%.*Paint the product white"),
        (np.full((240, 200), 255, np.uint8), "selects 100.0%.*Paint the background black"),
        (np.zeros((200, 240), np.uint8), "240 × 200 pixels and the photo 200 × 240"),
        (np.zeros((4800, 4000), np.uint8), "far larger than the photo"),
    ],
)
def test_unusable_mattes_are_refused_with_advice(product, matte, message):
    with pytest.raises(UnusableMatte, match=message):
        read_matte(encoded(matte), photo_of(product[0]))


def test_a_picture_in_colours_is_no_matte(product):
    with pytest.raises(UnusableMatte, match="has colours.*Did you take the photo itself"):
        read_matte(as_file(Image.fromarray(product[0])), photo_of(product[0]))


def test_the_tint_of_a_jpeg_is_no_colour(product):
    pixels, matte = product
    read = read_matte(as_file(Image.fromarray(matte).convert("RGB"), "JPEG"), photo_of(pixels))
    assert ((read > 127) != (matte > 127)).mean() < 0.01


def test_what_is_no_picture_is_no_matte(product):
    with pytest.raises(UnusableMatte, match="cannot be read"):
        read_matte(b"not a picture", photo_of(product[0]))
