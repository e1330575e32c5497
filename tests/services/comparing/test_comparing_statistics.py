"""Paired statistics against values known by hand and by simulation."""

import math

import numpy as np
import pytest

from oscar_gan.services.comparing.statistics import (
    bootstrap_interval,
    loss_bound,
    paired,
    sign_flip_p,
    spread_within,
)


@pytest.mark.parametrize(
    ("values", "p"),
    [
        ([1, 1, 1, 1, 1], 2 / 32),  # only all plus and all minus are as far from 0
        ([1, 2, 3], 2 / 8),
        ([1, -1], 1.0),
        ([0, 0, 0, 0], 1.0),
        ([3, -1, -1], 1.0),  # |1|: ±3 with any signs of the ones is at least as far
    ],
)
def test_few_differences_are_permuted_exactly(values, p):
    assert sign_flip_p(np.array(values, float)) == pytest.approx(p)


def test_many_differences_are_permuted_by_chance():
    rng = np.random.default_rng(5)
    clear, none = rng.normal(1, 0.5, 40), rng.normal(0, 1, 40)
    assert sign_flip_p(clear) == pytest.approx(1 / 10_001)
    assert 0.05 < sign_flip_p(none) < 1
    assert sign_flip_p(none) == sign_flip_p(none)


def test_p_is_uniform_when_neither_is_better():
    rng = np.random.default_rng(6)
    found = [sign_flip_p(rng.normal(0, 1, 10)) for _ in range(400)]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.03)


def test_the_interval_covers_the_true_mean_as_often_as_it_says():
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        low, high = bootstrap_interval(rng.gamma(2, 1, 30), resamples=2000)
        covered += low <= 2 <= high
    assert 0.89 <= covered / 200 <= 0.98


def test_the_interval_of_symmetric_values_is_the_normal_one():
    values = np.random.default_rng(8).normal(0.3, 1, 200)
    low, high = bootstrap_interval(values)
    reach = 1.96 * values.std(ddof=1) / np.sqrt(200)
    assert low == pytest.approx(values.mean() - reach, abs=0.02)
    assert high == pytest.approx(values.mean() + reach, abs=0.02)


def test_equal_differences_have_no_width_and_one_has_no_interval():
    assert bootstrap_interval(np.full(9, 0.25)) == (0.25, 0.25)
    assert all(map(math.isnan, bootstrap_interval(np.array([0.25]))))


def test_nothing_measured_is_no_number():
    found = paired(np.zeros(0))
    assert found.n == 0
    assert math.isnan(found.mean)
    assert math.isnan(found.p)


def test_a_loss_is_real_below_what_chance_explains():
    gains = np.array([-0.02, -0.03, -0.01, -0.02])
    assert loss_bound(gains) < 0
    assert loss_bound(gains, spread=0.05) > 0  # photos of other groups scatter more
    assert loss_bound(gains, tests=10) > loss_bound(gains)
    assert loss_bound(np.array([-0.3])) == pytest.approx(-0.3)


def test_spread_is_pooled_within_groups():
    groups = [np.array([1.0, 3.0]), np.array([10.0, 12.0])]
    assert spread_within(groups) == pytest.approx(math.sqrt(2))
    assert spread_within([np.array([1.0])]) == 0
