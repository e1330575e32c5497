import numpy as np
import pytest

from oscar_gan.gan.figure import SKIN, Figure, any_skin
from oscar_gan.gan.people import has_legs, worn

SIDE = 96
WHITE = np.full((SIDE, SIDE, 3), 0.95, np.float32)


def trousers():
    matte = np.zeros((128, 128), np.float32)
    matte[10:120, 40:88] = 1
    matte[50:120, 60:68] = 0
    return matte


def long_sleeves():
    """A jumper laid flat: the arms part from the body, so three pieces side by side."""
    matte = np.zeros((128, 128), np.float32)
    matte[20:110, 44:84] = 1
    matte[20:40, 16:112] = 1
    matte[20:110, 16:28] = matte[20:110, 100:112] = 1
    return matte


def dressed(matte, seed):
    photo = np.zeros((*matte.shape, 3), np.float32) + np.array([0.1, 0.9, 0.1], np.float32)
    ones = np.ones_like(matte)
    return worn(np.random.default_rng(seed), photo, (matte, ones, 0 * ones, ones), WHITE)


def test_trousers_have_legs_and_jumpers_have_sleeves():
    assert has_legs(trousers())
    assert not has_legs(long_sleeves())
    assert not has_legs(np.zeros((64, 64), np.float32))


@pytest.mark.parametrize("make", [trousers, long_sleeves])
@pytest.mark.parametrize("seed", range(8))
def test_only_the_garment_is_product(make, seed):
    seen = dressed(make(), seed)
    assert all(np.isfinite(part).all() for part in seen)
    assert seen.matte.max() > 0.9
    red, green, blue = np.moveaxis(seen.picture[seen.matte > 0.99], -1, 0)
    assert (green > red + 0.5).all()  # the garment is green, and nothing else is labelled
    assert (green > blue + 0.5).all()


def test_there_is_somebody_in_it():
    differing = [
        np.abs(seen.picture - WHITE).max(-1)[seen.matte < 0.01].mean()
        for seen in (dressed(long_sleeves(), seed) for seed in range(6))
    ]
    assert np.mean(differing) > 0.02


def test_hands_over_the_garment_are_cut_out_of_it():
    holes = [
        (seen.matte < 0.5).sum() for seen in (dressed(trousers(), seed) for seed in range(24))
    ]
    assert len(set(holes)) > 12  # figures differ
    random = np.random.default_rng(1)
    figure = Figure(random, SIDE)
    figure.hand((40, 40), (40, 60), 12, front=True)
    assert len(figure.front) == 5  # a palm and four fingers
    assert not figure.behind


def test_skin_is_of_a_human_colour():
    colours = np.array([any_skin(np.random.default_rng(seed)) for seed in range(60)])
    assert (colours[:, 0] > colours[:, 2]).all()  # redder than blue, whatever the light
    assert np.ptp(colours.mean(1)) > 0.4  # from dark to light
    assert colours.max() < 1.3 * SKIN.max()


def test_the_same_draw_gives_the_same_picture():
    one, other = dressed(trousers(), 5), dressed(trousers(), 5)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
