import numpy as np
import pytest

from oscar_gan.gan.metrics.manifolds import compare_manifolds, memorisation


def cloud(count, centre=0.0, seed=0):
    return np.random.default_rng(seed).normal(centre, 1, (count, 3))


def test_sets_of_one_kind():
    found = compare_manifolds(cloud(600), cloud(600, seed=1))
    assert found.precision > 0.85
    assert found.recall > 0.85
    assert found.density == pytest.approx(1, abs=0.1)
    assert found.coverage > 0.9


def test_sets_apart_share_nothing():
    assert compare_manifolds(cloud(50), cloud(50, centre=100)) == (0, 0, 0, 0)


def test_a_collapsed_generator_is_precise_but_covers_little():
    real = cloud(300)
    collapsed = np.repeat(real[:1], 300, axis=0) + 1e-3 * cloud(300, seed=2)
    found = compare_manifolds(real, collapsed)
    assert found.precision == 1
    assert found.recall < 0.02
    assert found.coverage < 0.1


def test_an_outlier_among_the_reals_fools_precision_and_not_density():
    real = np.concatenate([cloud(200), [[50.0, 50.0, 50.0]]])
    lost = cloud(200, centre=20, seed=3)
    found = compare_manifolds(real, lost)
    assert found.precision == 1  # all within the outlier's wide ball
    assert found.density < 0.5


def test_too_few_pictures_for_the_neighbours():
    with pytest.raises(ValueError, match="3 neighbours"):
        compare_manifolds(cloud(3), cloud(10))


def test_copies_are_nearer_to_the_training_set_than_new_pictures():
    train, held_out = cloud(300), cloud(100, seed=4)
    copies = train[:100] + 1e-4
    assert memorisation(train, copies, held_out) < 0.01
    assert memorisation(train, cloud(100, seed=5), held_out) == pytest.approx(1, abs=0.3)
