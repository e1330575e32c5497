import numpy as np
import pytest

from benchmarks import ceilings


@pytest.fixture
def case(truth_folder):
    return next(ceilings.cases(truth_folder, pairs=1, every=1))


def scored(case, name):
    return ceilings.assess(case, ceilings.fitted(case, *ceilings.REPRESENTATIONS[name]))


def test_the_truths_own_pixels_score_perfectly(case):
    found = ceilings.assess(case, case.pair.truth[case.inside] / 255)
    assert found == (0, 0, pytest.approx(1))


def test_a_field_comes_nearer_than_the_curve_it_brightens(case):
    plain, with_field = scored(case, "tone curve"), scored(case, "tone curve + field 64²")
    assert with_field.median <= plain.median
    assert with_field.gradients >= plain.gradients - 0.01


def test_an_oracle_is_no_worse_than_the_closed_form(case):
    assert scored(case, "tone curve").median <= scored(case, "closed form").median + 0.05


def test_gains_are_bounded_as_the_engine_bounds_them(case):
    lattice = ceilings.Lattice(case.places * 8 - 0.5, (8, 8))
    dark = np.full((len(case.photo), 3), 1e-3)
    field = ceilings._field(lattice, dark, np.ones_like(dark), 3)
    assert field.max() == ceilings.MAX_LOG_GAIN
