import numpy as np
import pytest

from oscar_gan.gan.metrics.distances import frechet_distance, kernel_distance


def gaussians(count, shift=0.0, scale=1.0, size=4, seed=0):
    return np.random.default_rng(seed).normal(shift, scale, (count, size))


def test_a_set_is_no_distance_from_itself():
    features = gaussians(200)
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("shift", "scale", "expected"),
    [(1.0, 1.0, 4.0), (0.0, 2.0, 4.0), (1.0, 3.0, 4 + 4 * (1 - 3) ** 2)],
)
def test_the_frechet_distance_of_gaussians_is_the_closed_form(shift, scale, expected):
    one, other = gaussians(60_000), gaussians(60_000, shift, scale, seed=1)
    assert frechet_distance(one, other) == pytest.approx(expected, rel=0.03)


def test_correlated_features_of_fewer_pictures_than_dimensions():
    one = gaussians(10, size=30) @ gaussians(30, size=30, seed=2)
    shifted = one + 1.0
    assert frechet_distance(one, shifted) == pytest.approx(30.0, rel=1e-4)


def test_one_picture_has_no_covariance():
    with pytest.raises(ValueError, match="not 1"):
        frechet_distance(gaussians(1), gaussians(5))


def test_kid_has_no_bias_where_sets_are_alike():
    found = [
        kernel_distance(gaussians(50, seed=seed), gaussians(50, seed=seed + 500))
        for seed in range(200)
    ]
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(len(found))
    assert min(found) < 0 < max(found)


def test_kid_grows_with_the_shift():
    still = gaussians(300)
    near, far = (kernel_distance(still, gaussians(300, s, seed=3)) for s in (0.5, 1.0))
    assert 0 < near < far


def test_kid_by_the_definition():
    one, other = gaussians(3, size=2), gaussians(4, size=2, seed=9)

    def k(x, y):
        return (x @ y / 2 + 1) ** 3

    within = np.mean([k(a, b) for i, a in enumerate(one) for j, b in enumerate(one) if i != j])
    without = np.mean(
        [k(a, b) for i, a in enumerate(other) for j, b in enumerate(other) if i != j]
    )
    between = np.mean([k(a, b) for a in one for b in other])
    assert kernel_distance(one, other) == pytest.approx(within + without - 2 * between)
