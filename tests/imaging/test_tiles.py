"""Tiles of prints: their pictures, and what is read back from pictures of tiles."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from oscar_gan.errors import UnusableTile
from oscar_gan.imaging.colour import to_hex
from oscar_gan.imaging.inks import whole_weights
from oscar_gan.imaging.tiles import Tile, encode_tile, read_tile

from .scenes import encoded, quartered, striped, tile_of

INKS = ("#0B3D91", "#F4C20D", "#FFFFFF", "#111111")


def dotted(y, x):
    """A large and a small dot on a ground."""
    large = (y - 0.3) ** 2 + (x - 0.3) ** 2 < 0.05
    small = (y - 0.75) ** 2 + (x - 0.7) ** 2 < 0.01
    return large + 2 * small


def test_pure_pixels_have_the_inks_exactly():
    picture = tile_of(quartered, INKS).picture()
    corners = [picture[y, x] for y in (5, -5) for x in (5, -5)]
    assert [to_hex(corner / 255) for corner in corners] == list(INKS)


def test_inks_mix_as_light_does():
    half = np.full((8, 8, 2), 127, np.uint8)
    half[..., 1] = 128
    assert Tile(half, ("#000000", "#FFFFFF")).picture()[0, 0, 0] == 188  # not 128


def test_our_own_tile_comes_back_with_its_inks():
    tile = tile_of(dotted, INKS[:3])
    again = read_tile(encode_tile(tile))
    assert again.colours == tile.colours
    assert np.abs(again.weights.astype(int) - tile.weights).max() <= 2


def test_a_strange_tile_is_separated_into_its_inks():
    tile = tile_of(dotted, INKS[:3], side=128)
    again = read_tile(encoded(tile.picture()))
    assert set(again.colours) == set(tile.colours)
    assert np.abs(again.picture().astype(int) - tile.picture()).max() <= 1
    mixed = (again.weights.max(axis=2) < 255).mean()
    assert 0 < mixed < 0.1, "antialiased borders are mixtures, not inks"


def test_a_tile_compressed_as_a_photo_is_read_too():
    tile = tile_of(quartered, INKS, side=128)
    again = read_tile(encoded(tile.picture(), "JPEG", quality=85), inks=4)
    assert len(again.colours) == 4
    assert np.abs(again.picture().astype(int) - tile.picture()).mean() < 4


def test_no_more_inks_are_found_than_asked_for():
    picture = encoded(tile_of(dotted, INKS[:3]).picture())
    assert set(read_tile(picture, inks=2).colours) == set(INKS[:2])
    with pytest.raises(UnusableTile, match="more colours than 2 inks can show"):
        read_tile(encoded(tile_of(quartered, INKS).picture()), inks=2)


def test_a_tile_takes_other_inks():
    tile = tile_of(striped, ("#000000", "#FFFFFF")).recoloured(("#c0392b", "1F3A93"))
    assert tile.colours == ("#C0392B", "#1F3A93")
    with pytest.raises(UnusableTile, match="3 colours were given for a print of 2 inks"):
        tile.recoloured(("#000", "#fff", "#f00"))


def test_inks_that_were_tampered_with_are_looked_for_instead():
    image = Image.open(io.BytesIO(encode_tile(tile_of(striped, INKS[:2]))))
    info = PngInfo()
    info.add_text("oscar_gan:inks", "#0B3D91 nonsense")
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=info)
    assert set(read_tile(file.getvalue()).colours) == set(INKS[:2])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"not a picture", "cannot be read as a picture"),
        (encoded(np.zeros((4, 40, 3), np.uint8)), "40 × 4 pixels; each side must have 8 to 4096"),
        (encoded(np.full((40, 40, 3), 90, np.uint8)), "one colour only"),
    ],
)
def test_what_is_no_tile_is_refused_with_the_reason(data, message):
    with pytest.raises(UnusableTile, match=message):
        read_tile(data)


def test_a_photo_is_no_print():
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    with pytest.raises(UnusableTile, match="more colours than 6 inks can show"):
        read_tile(encoded(noise))


@pytest.mark.parametrize(
    ("shape", "colours", "message"),
    [
        ((16, 16, 1), ("#000000",), "2 to 6 inks, not 1"),
        ((16, 16, 3), ("#000000", "#FFFFFF"), "8-bit weights of shape"),
        ((16, 16, 2), ("#000000", "white"), "'white' is not a colour"),
        ((16, 16, 2), ("#000000", "#FFFFFF"), "add up to 255"),
    ],
)
def test_a_tile_that_does_not_fit_together_is_refused(shape, colours, message):
    with pytest.raises(UnusableTile, match=message):
        Tile(np.zeros(shape, np.uint8), colours)


def test_rounded_weights_still_add_up():
    shares = np.random.default_rng(2).dirichlet([1, 1, 1, 1, 1], 1000)
    assert (whole_weights(shares).sum(axis=-1, dtype=int) == 255).all()


def test_only_the_formats_of_photos_are_opened():
    file = io.BytesIO()
    Image.fromarray(np.zeros((16, 16, 3), np.uint8)).save(file, "GIF")
    with pytest.raises(UnusableTile, match="cannot be read as a picture"):
        read_tile(file.getvalue())
