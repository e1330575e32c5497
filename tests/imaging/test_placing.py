"""Where a print lies on a product: scale, rotation, offset, folds; and no moiré."""

import numpy as np
import pytest

from oscar_gan.errors import InvalidLook
from oscar_gan.imaging.drape import Drape
from oscar_gan.imaging.placing import PlacedTile, Placement, scale_for
from oscar_gan.imaging.tiles import Tile

from .scenes import quartered, striped, tile_of

BOX = np.s_[40:240, 20:220]
"""A product 200 pixels wide and high."""
FOUR = ("#000000", "#FF0000", "#00FF00", "#0000FF")
TWO = ("#000000", "#FFFFFF")


def ink_at(field, y, x):
    """The ink that is alone at a pixel's centre."""
    weights = field.at(np.array([y + 0.5]), np.array([x + 0.5]))[:, 0]
    assert weights.max() > 0.99
    return int(weights.argmax())


def placed(tile, **placement):
    return PlacedTile(tile, Placement(**{"drape": 0.0} | placement), BOX)


def test_the_middle_of_a_tile_lies_in_the_middle_of_the_product():
    field = placed(tile_of(quartered, FOUR), scale=0.5)
    around = [ink_at(field, y, x) for y in (130, 149) for x in (110, 129)]
    assert around == [0, 1, 2, 3]


def test_a_tile_repeats_to_the_pixel():
    field = placed(tile_of(quartered, FOUR), scale=0.25)
    weights = field.over(np.s_[60:160, 40:140])
    assert np.abs(weights[:, :50] - weights[:, 50:]).max() < 1e-3
    assert np.abs(weights[:, :, :50] - weights[:, :, 50:]).max() < 1e-3


@pytest.mark.parametrize("scale", [0.1, 0.37, 1.0])
def test_scale_is_the_share_of_the_products_width(scale):
    field = placed(tile_of(striped, TWO), scale=scale, rotation=90)
    row = field.over(np.s_[100:101, 20:220])[1, 0]
    assert row.mean() == pytest.approx(0.5, abs=0.5 * scale + 0.02)
    changes = np.abs(np.diff(row)).sum()
    assert changes == pytest.approx(2 / scale, abs=1.5)


def test_rotation_is_clockwise():
    upright = placed(tile_of(quartered, FOUR), scale=1.0)
    turned = placed(tile_of(quartered, FOUR), scale=1.0, rotation=90)
    assert ink_at(upright, 120, 100) == 0
    assert ink_at(turned, 120, 140) == 0, "upper left comes to the upper right"


def test_an_offset_moves_the_print_right_and_down():
    still = placed(tile_of(quartered, FOUR), scale=0.2).over(np.s_[100:180, 60:180])
    moved = placed(tile_of(quartered, FOUR), scale=0.2, x=0.25, y=0.5).over(np.s_[120:200, 70:190])
    assert np.abs(still - moved).max() < 1e-3


@pytest.mark.parametrize("rotation", [0, 17, 45])
@pytest.mark.parametrize("scale", [0.02, 0.031, 0.05])
def test_small_prints_average_instead_of_making_moire(scale, rotation):
    """Averaged over a few repeats, every place has as much of each ink as the tile has."""
    tile = tile_of(striped, TWO, side=96)
    ink = placed(tile, scale=scale, rotation=rotation).over(np.s_[40:240, 20:220])[0]
    period = scale * 200
    cells = int(np.ceil(3 * period))
    kernel = np.ones(cells) / cells
    smooth = np.apply_along_axis(np.convolve, 0, ink, kernel, "valid")
    smooth = np.apply_along_axis(np.convolve, 1, smooth, kernel, "valid")
    assert np.abs(smooth - 0.5).max() < 0.09


def test_what_is_too_fine_to_be_seen_becomes_its_mixture():
    tile = tile_of(lambda y, x: ((y * 32).astype(int) + (x * 32).astype(int)) % 2, TWO, side=128)
    ink = placed(tile, scale=0.04).over(np.s_[40:240, 20:220])[0]
    assert np.abs(ink - 0.5).max() < 0.05


def test_large_prints_have_crisp_borders():
    row = placed(tile_of(striped, TWO, side=16), scale=2.0).over(np.s_[40:240, 100:101])[0, :, 0]
    passing = ((row > 0.05) & (row < 0.95)).sum()
    assert passing <= 8, "a texel is 25 pixels wide"


def test_soft_prints_stay_soft_when_enlarged():
    wave = np.round(127.5 + 127.5 * np.sin(2 * np.pi * np.arange(32) / 32)).astype(np.uint8)
    weights = np.repeat(np.stack([wave, 255 - wave], -1)[:, None], 32, axis=1)
    column = placed(Tile(weights, TWO), scale=1.0).over(np.s_[40:240, 100:101])[0, :, 0]
    assert ((column > 0.1) & (column < 0.9)).mean() > 0.5


@pytest.mark.parametrize("inks", [2, 3, 5, 6])
def test_any_number_of_inks_adds_up(inks):
    colours = [f"#{k * 40:02X}0000" for k in range(inks)]
    tile = tile_of(lambda y, x: ((y + x) * inks).astype(int) % inks, colours)
    weights = placed(tile, scale=0.3, rotation=11).over(np.s_[40:240, 20:220])
    assert weights.shape == (inks, 200, 200)
    assert np.abs(weights.sum(axis=0) - 1).max() < 1e-5
    assert weights.min() > -0.02


def test_positions_and_strips_agree():
    field = placed(tile_of(quartered, FOUR), scale=0.13, rotation=33)
    strip = field.over(np.s_[50:60, 0:300])
    positions = np.arange(50 * 300, 60 * 300)
    assert np.allclose(field.at_positions(positions, 300), strip.reshape(4, -1), atol=1e-5)


class Valley:
    """Light on a product with one dark fold down the middle."""

    box = BOX
    step = 1.0

    def smoothed(self, share):
        x = np.arange(200) - 99.5
        return np.broadcast_to(-0.2 * np.exp(-((x / 15) ** 2)), (200, 200)).astype(np.float32)


def test_a_print_follows_the_folds_and_never_folds_over():
    drape = Drape(Valley())
    x = np.arange(20, 220)[None] + 0.5
    moved = drape.at(np.array([[140.5]]), x)[0]
    assert np.abs(moved[:, 0]).max() < 1e-3, "nothing moves along the fold"
    across = moved[:, 1]
    assert 0.5 < np.abs(across).max() <= 0.04 * 200 + 1e-3
    bend = np.diff(across)
    assert bend[99] > 0.05, "compressed in the valley"
    assert bend.min() > -0.8, "read in order everywhere"


def test_without_drape_the_print_lies_flat():
    tile, drape = tile_of(quartered, FOUR), Drape(Valley())
    flat = PlacedTile(tile, Placement(drape=0.0), BOX, drape)
    assert np.array_equal(flat.over(BOX), placed(tile).over(BOX))
    draped = PlacedTile(tile, Placement(drape=1.0), BOX, drape)
    assert not np.allclose(draped.over(BOX), placed(tile).over(BOX))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"scale": 0.001}, "scale is 0.001; .*a number from 0.02 to 2"),
        ({"rotation": 400}, "rotation is 400; it is degrees, a number from -360 to 360"),
        ({"x": 1.5}, "x is 1.5; it is an offset in tiles, a number from 0 to 1"),
        ({"drape": -0.1}, "drape is -0.1"),
        ({"scale": float("nan")}, "scale is nan"),
        ({"scale": "large"}, "scale is 'large'"),
    ],
)
def test_impossible_placements_are_refused_with_the_limits(values, message):
    with pytest.raises(InvalidLook, match=message):
        Placement(**values)


def test_centimetres_become_a_scale():
    assert scale_for(12, 60) == 0.2
    with pytest.raises(InvalidLook, match=r"Choose 1.2 to 120 cm"):
        scale_for(200, 60)
    with pytest.raises(InvalidLook, match="product's width of 0 cm"):
        scale_for(12, 0)
