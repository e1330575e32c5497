"""Pictures in strips, and reduced."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_gan.imaging.sampling import STRIP, STRIP_ROWS, reduced, strips


@given(st.integers(0, 5_000), st.integers(1, 9_000), st.integers(0, 500))
def test_strips_are_every_row_once_and_halve_alike(height, width, start):
    cut = list(strips((height, width), start))
    rows = [row for strip in cut for row in range(strip.start, strip.stop)]
    assert rows == list(range(start, start + height))
    assert all((strip.start - start) % STRIP_ROWS == 0 for strip in cut)
    for strip in cut:
        assert (strip.stop - strip.start) * width <= max(STRIP, STRIP_ROWS * width)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (333, 777), (512, 512)])
def test_what_is_reduced_stays_as_long_as_was_asked(shape):
    picture = np.full((*shape, 3), 97, np.uint8)
    small = reduced(picture, 100)
    assert max(small.shape[:2]) >= min(100, max(shape))
    assert max(small.shape[:2]) < 200
    assert (small == 97).all()
