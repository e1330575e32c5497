"""Clicks on a photo: obeyed where they are, followed as far as the colours go, nowhere else."""

import numpy as np
import pytest

from oscar_gan.imaging.clicks import Click, matte_from_clicks

from .scenes import render


@pytest.fixture(scope="module")
def shirt():
    """A blue shirt with a yellow print, and its true matte; 400 × 480 pixels."""
    return render("#3A6EA5", print_colour="#E0B020", height=480, width=400)


def agreement(one, other):
    one, other = one > 127, other > 127
    return (one & other).sum() / (one | other).sum()


def without(matte, rows, columns):
    wrong = matte.copy()
    wrong[rows, columns] = 0
    return wrong


def test_a_product_click_adds_the_missed_part(shirt):
    pixels, truth = shirt
    missed = without(truth, slice(0, 200), slice(0, 200))
    assert agreement(missed, truth) < 0.85
    matte = matte_from_clicks(pixels, missed, [Click("product", 0.35, 0.3)])
    assert agreement(matte, truth) > 0.97


def test_a_not_product_click_removes_the_background(shirt):
    pixels, truth = shirt
    spilt = truth.copy()
    spilt[420:470, 50:350] = 255
    assert agreement(spilt, truth) < 0.93
    matte = matte_from_clicks(pixels, spilt, [Click("not-product", 0.5, 0.94)])
    assert agreement(matte, truth) > 0.97


def test_a_keep_click_takes_the_print_out_of_the_product(shirt):
    pixels, truth = shirt
    matte = matte_from_clicks(pixels, truth, [Click("keep", 0.5, 0.5)])
    print_part = pixels[..., 2].astype(int) < pixels[..., 0]  # yellow, not blue
    inside = print_part & (truth > 127)
    assert (matte[inside] < 128).mean() > 0.95
    assert (matte[~print_part & (truth > 127)] > 127).mean() > 0.98


def test_far_from_a_click_the_matte_stays_to_the_bit(shirt):
    pixels, truth = shirt
    soft = np.where(truth > 127, 201, 7).astype(np.uint8)
    soft[420:450, 50:100] = 255
    matte = matte_from_clicks(pixels, soft, [Click("not-product", 0.19, 0.9)])
    assert (matte[425:445, 55:95] < 20).all()
    assert np.array_equal(matte[:380], soft[:380])


def test_every_click_is_obeyed_even_against_all_appearance(shirt):
    pixels, truth = shirt
    random = np.random.default_rng(3)
    kinds = ("product", "not-product", "keep")
    clicks = [Click(kinds[i % 3], *random.random(2)) for i in range(9)]
    clicks += [Click("product", 0.0, 0.0), Click("keep", 1.0, 1.0)]
    matte = matte_from_clicks(pixels, truth, clicks)
    for click in clicks:
        row, column = min(int(click.y * 480), 479), min(int(click.x * 400), 399)
        assert (matte[row, column] > 127) == (click.kind == "product")


def test_the_last_word_on_a_point_counts(shirt):
    pixels, truth = shirt
    clicks = [Click("not-product", 0.5, 0.3), Click("product", 0.5, 0.3)]
    assert matte_from_clicks(pixels, truth, clicks)[144, 200] == 255
    assert matte_from_clicks(pixels, truth, clicks[::-1])[144, 200] == 0


def test_clicks_may_start_from_nothing(shirt):
    pixels, truth = shirt
    nothing = np.zeros_like(truth)
    matte = matte_from_clicks(pixels, nothing, [Click("product", 0.4, 0.3)])
    assert matte[144, 160] == 255
    assert 0 < (matte > 127).sum() < truth.size


def test_a_single_coloured_photo_is_no_trouble():
    flat, nothing = np.full((60, 80, 3), 128, np.uint8), np.zeros((60, 80), np.uint8)
    matte = matte_from_clicks(flat, nothing, [Click("product", 0.5, 0.5), Click("keep", 0.5, 0.6)])
    assert matte[30, 40] == 255
    assert matte[36, 40] == 0


def test_it_is_repeatable_and_leaves_its_input_alone(shirt):
    pixels, truth = shirt
    given, clicks = truth.copy(), [Click("keep", 0.5, 0.5), Click("not-product", 0.5, 0.8)]
    first = matte_from_clicks(pixels, given, clicks)
    assert np.array_equal(given, truth)
    assert np.array_equal(first, matte_from_clicks(pixels, given, clicks))


def test_without_clicks_nothing_changes(shirt):
    pixels, truth = shirt
    assert np.array_equal(matte_from_clicks(pixels, truth, []), truth)
