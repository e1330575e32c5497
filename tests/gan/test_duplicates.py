import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.gan.duplicates import Seen, fingerprint

from .conftest import product_photo


@pytest.fixture
def photo():
    return product_photo(np.random.default_rng(5), side=256)[0]


def saved_again(picture, *, side=256, quality=50):
    file = io.BytesIO()
    Image.fromarray(picture).resize((side, side)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file).resize((256, 256)))


@pytest.mark.parametrize("change", [{"quality": 40}, {"side": 128}, {"side": 90, "quality": 75}])
def test_the_same_picture_saved_another_way_is_not_new(photo, change):
    seen = Seen()
    assert seen.add_picture(photo)
    assert not seen.add_picture(saved_again(photo, **change))


def test_other_products_are_new():
    random, seen = np.random.default_rng(6), Seen()
    assert all(seen.add_picture(product_photo(random)[0]) for _ in range(40))


def test_the_same_product_in_another_colour_is_new(photo):
    seen = Seen()
    assert seen.add_picture(photo)
    assert seen.add_picture(photo[..., ::-1])


def test_the_same_bytes_are_not_new():
    seen = Seen()
    assert seen.add_bytes(b"one")
    assert seen.add_bytes(b"other")
    assert not seen.add_bytes(b"one")


def test_a_hash_has_as_many_ones_as_noughts(photo):
    code, colour = fingerprint(photo)
    assert code.bit_count() == 32
    assert np.allclose(colour, photo.mean((0, 1)), atol=1)
