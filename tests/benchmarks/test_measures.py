import numpy as np
import pytest

from benchmarks.measures import lab_of, score
from oscar_gan.imaging.colour import srgb_to_lab


def cloth(seed=0):
    random = np.random.default_rng(seed)
    waves = 110 + 40 * np.sin(np.arange(64) / 3)[None, :] + random.normal(0, 4, (64, 64))
    return np.repeat(waves[..., None], 3, axis=2).clip(0, 255).astype(np.uint8)


INSIDE = np.zeros((64, 64), bool)
INSIDE[8:56, 8:56] = True


def test_the_truth_itself_passes():
    found = score(cloth(), cloth(), INSIDE)
    assert found == (0, 0, pytest.approx(1))
    assert found.passed


def test_what_lies_outside_does_not_count():
    made = cloth()
    made[~INSIDE] = 0
    assert score(made, cloth(), INSIDE) == score(cloth(), cloth(), INSIDE)


def test_a_flat_fill_of_the_right_colour_has_no_folds():
    made = np.full_like(cloth(), 110)
    assert score(made, cloth(), INSIDE).gradients < 0.3


def test_a_brighter_picture_keeps_its_folds_but_misses_the_colour():
    made = cloth() + 20
    found = score(made, cloth(), INSIDE)
    assert found.gradients > 0.9
    assert found.median > 5
    assert not found.passed


def test_lab_agrees_with_the_engine():
    pixels = np.random.default_rng(1).integers(0, 256, (50, 3)).astype(np.uint8)
    assert lab_of(pixels) == pytest.approx(srgb_to_lab(pixels / 255), abs=1e-4)
