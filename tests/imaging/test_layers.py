"""Layers of an outline: what they recolour, how painting at a small size comes to full size."""

import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import UnusableMatte
from oscar_gan.imaging.layers import Layers, read_layers

SHAPE = (40, 60)
NONE = np.zeros(SHAPE, bool)


@pytest.fixture
def layers():
    """A product on the left half, its upper part protected."""
    product, protect = np.zeros((2, *SHAPE), np.uint8)
    product[:, :30] = 255
    protect[:10] = 255
    return Layers(product, protect)


def test_recoloured_is_the_product_without_what_is_protected(layers):
    matte = layers.matte()
    assert (matte[5, 5], matte[20, 5], matte[20, 50]) == (0, 255, 0)
    layers.protect[20] = 127
    assert layers.matte()[20, 5] == 128


def test_they_come_back_from_their_png_to_the_bit(layers):
    layers.product[3, 3], layers.protect[30, 7] = 77, 200
    again = read_layers(layers.png(), SHAPE[::-1])
    assert np.array_equal(again.product, layers.product)
    assert np.array_equal(again.protect, layers.protect)


class TestFollowingAMatte:
    def test_what_is_kept_becomes_protected_and_stays_product(self, layers):
        matte, kept = layers.matte().copy(), NONE.copy()
        matte[20:30, :10] = 0
        kept[20:30, :10] = True
        after = layers.with_matte(matte, kept)
        assert np.array_equal(after.matte(), matte)
        assert (after.product[25, 5], after.protect[25, 5]) == (255, 255)

    def test_what_is_lost_otherwise_is_no_product(self, layers):
        matte = layers.matte().copy()
        matte[20:30, :10] = 30
        after = layers.with_matte(matte, NONE)
        assert np.array_equal(after.matte(), matte)
        assert (after.product[25, 5], after.protect[25, 5]) == (30, 0)

    def test_what_is_won_is_product_and_as_little_protected_as_can_be(self, layers):
        matte = layers.matte().copy()
        matte[:5], matte[5:10] = 255, 100
        after = layers.with_matte(matte, NONE)
        assert np.array_equal(after.matte(), matte)
        assert (after.product[2, 50], after.protect[2, 5], after.protect[7, 5]) == (255, 0, 155)

    @pytest.mark.parametrize("kept", [False, True])
    def test_any_matte_comes_out_as_asked(self, kept):
        random = np.random.default_rng(1)
        product, protect, matte = random.integers(0, 256, (3, *SHAPE), dtype=np.uint8)
        after = Layers(product, protect).with_matte(matte, np.full(SHAPE, kept))
        assert np.abs(after.matte().astype(int) - matte).max() <= 1


class TestPainting:
    @pytest.fixture
    def full(self):
        """Layers of 400 × 600 pixels with threads finer than a pixel of what is shown."""
        product, protect = np.zeros((2, 400, 600), np.uint8)
        product[::2, :300] = 255
        protect[:, 100:103] = 255
        return Layers(product, protect)

    @pytest.fixture
    def painted(self, full):
        """A square painted into the shown product layer, and all layers it leads to."""
        shown = full.reduced((60, 40))
        edited = Layers(shown.product.copy(), shown.protect)
        edited.product[10:20, 40:50] = 255
        return full.painted(shown, edited)

    def test_it_comes_to_full_size(self, painted):
        assert (painted.product[110:190, 410:490] == 255).all()
        assert painted.protect[150, 101] == 255

    def test_fine_edges_stay_to_the_bit_where_nobody_painted(self, full, painted):
        assert np.array_equal(painted.product[:, :300], full.product[:, :300])
        assert np.array_equal(painted.product[240:], full.product[240:])
        assert np.array_equal(painted.protect, full.protect)

    def test_its_rim_is_soft(self, painted):
        rim = painted.product[150, 385:415].astype(int)
        assert (np.diff(rim) >= 0).all()
        assert np.diff(rim).max() < 60

    def test_at_full_size_every_painted_pixel_counts_and_no_other(self, layers):
        edited = Layers(layers.product.copy(), layers.protect)
        edited.product[25, 45] = 255
        changed = layers.painted(layers, edited).product != layers.product
        assert changed.sum() == 1
        assert changed[25, 45]

    def test_noise_of_the_browser_is_no_painting(self, layers):
        edited = Layers(np.maximum(layers.product, 2), layers.protect)
        assert np.array_equal(layers.painted(layers, edited).product, layers.product)


def png(mode, size) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no picture", "cannot be read"),
        (png("RGB", SHAPE[::-1])[:-30], "cannot be read"),
        (png("RGB", (61, 40)), "61 × 40 pixels, and the outline 60 × 40"),
        (png("L", SHAPE[::-1]), "of kind L, not RGB"),
    ],
    ids=["no-picture", "cut-off", "other-size", "grey"],
)
def test_what_does_not_fit_is_refused_with_advice(data, told):
    with pytest.raises(UnusableMatte, match=told):
        read_layers(data, SHAPE[::-1])


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = png("1", (9000, 9000))
    assert len(bomb) < 20_000
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(UnusableMatte, match="9000 × 9000"):
        read_layers(bomb, SHAPE[::-1])
