import numpy as np
import pytest

from oscar_gan.imaging.grabcut import grabcut_confidence, grabcut_matte


def disc_picture(side=120, product=(190, 40, 50), background=(225, 225, 220)):
    """A noisy disc on a noisy ground; returns the picture and the truth."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:side, 0:side] - (side - 1) / 2
    truth = np.hypot(x, y) < side * 0.3
    picture = np.where(truth[..., None], product, background) + random.normal(
        0, 4, (side, side, 3)
    )
    return picture.clip(0, 255).astype(np.uint8), truth


def iou(one, other):
    return (one & other).sum() / (one | other).sum()


def test_finds_a_product_on_a_plain_ground():
    picture, truth = disc_picture()
    matte = grabcut_matte(picture)
    assert matte.dtype == np.float32
    assert matte.shape == truth.shape
    assert 0 <= matte.min() <= matte.max() <= 1
    assert iou(matte > 0.5, truth) > 0.97


def test_works_at_its_own_size_and_answers_at_the_pictures():
    picture, truth = disc_picture(side=400)
    assert iou(grabcut_matte(picture) > 0.5, truth) > 0.96


def test_cuts_the_same_picture_the_same_way_twice():
    picture, _ = disc_picture(product=(200, 190, 180))
    first = grabcut_matte(picture)
    grabcut_matte(disc_picture(side=90)[0])  # moves OpenCV's random generator on
    assert np.array_equal(first, grabcut_matte(picture))


def test_believes_a_clear_cut_and_doubts_an_invisible_one():
    picture, truth = disc_picture()
    assert grabcut_confidence(picture, grabcut_matte(picture)) > 0.9
    flat = np.full_like(picture, 128)
    assert grabcut_confidence(flat, truth.astype(np.float32)) < 0.1


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_does_not_believe_an_empty_or_a_full_matte(value):
    picture, truth = disc_picture()
    assert grabcut_confidence(picture, np.full(truth.shape, value, np.float32)) == 0


def test_a_single_coloured_picture_does_not_crash():
    flat = np.full((64, 48, 3), 200, np.uint8)
    assert grabcut_matte(flat).shape == (64, 48)
