"""Framing: an outline lies on another photo's edges, or it does not."""

import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.imaging.framing import MISSED, contrast_on
from tests.factories import photo_bytes

SIZE = (480, 360)


def photo(colour):
    return np.asarray(Image.open(io.BytesIO(photo_bytes(colour, size=SIZE))))


@pytest.fixture
def outline():
    return np.where(photo("#AF2430").min(axis=2) < 200, 255, 0).astype(np.uint8)


def test_the_same_framing_in_another_colour_fits(outline):
    own = contrast_on(outline, photo("#AF2430"))
    assert own > 2
    assert contrast_on(outline, photo("#24345C")) / own > MISSED


@pytest.mark.parametrize("by", [5, 10, 40])
def test_moved_by_a_hundredth_it_is_doubtful(outline, by):
    moved = np.roll(photo("#24345C"), by, axis=1)
    assert contrast_on(outline, moved) / contrast_on(outline, photo("#AF2430")) < MISSED


def test_without_any_edge_nothing_lies_on_one(outline):
    assert contrast_on(outline, np.full((360, 480, 3), 128, np.uint8)) == 0
