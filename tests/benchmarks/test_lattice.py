import numpy as np
import pytest

from benchmarks.lattice import Lattice


@pytest.mark.parametrize("shape", [(9,), (5, 7), (4, 3, 5)])
def test_a_function_of_the_lattice_is_found_again(shape):
    random = np.random.default_rng(0)
    places = random.uniform(-0.5, np.array(shape) - 0.5, (4000, len(shape)))
    lattice = Lattice(places, shape)
    points = random.normal(0, 1, (int(np.prod(shape)), 2))
    found = lattice.fit(lattice.read(points))
    assert found == pytest.approx(points, abs=0.02)


def test_points_without_samples_stay_zero():
    lattice = Lattice(np.full((10, 1), 0.5), (6,))
    found = lattice.fit(np.ones((10, 1)))
    assert found[:2, 0] == pytest.approx(1, abs=0.01)
    assert np.all(found[2:] == 0)


def test_heavier_samples_count_more():
    lattice = Lattice(np.zeros((2, 1)), (2,))
    found = lattice.fit(np.array([[0.0], [1.0]]), np.array([1.0, 3.0]))
    assert found[0, 0] == pytest.approx(0.75, abs=0.01)
