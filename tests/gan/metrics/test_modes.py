import numpy as np
import pytest

from oscar_gan.gan.metrics.modes import count_modes


def test_all_kinds_alike():
    assert count_modes(np.repeat(np.arange(10), 7), 10) == (10, pytest.approx(0))


def test_a_generator_that_makes_one_kind():
    assert count_modes(np.full(50, 3), 10) == (1, pytest.approx(np.log(10)))


def test_shares_are_held_against_the_real_ones():
    labels = np.array([0, 0, 0, 1])
    assert count_modes(labels, 2, np.array([3, 1])) == (2, pytest.approx(0))
    assert count_modes(labels, 2, np.array([1, 1])).divergence > 0.1
