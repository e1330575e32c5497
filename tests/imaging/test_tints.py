"""The distinct colours of a product, numbered and dyed instead of its pixels."""

import numpy as np

from oscar_gan.imaging.colour import oklab_to_srgb
from oscar_gan.imaging.lut import ColourLut, UsedColours
from oscar_gan.imaging.tints import UNKNOWN, Tints, shelved

RANDOM = np.random.default_rng(3)
PIXELS = RANDOM.integers(0, 256, (150, 70, 3), dtype=np.uint8)
SOLID = np.zeros((150, 70), np.uint8)
SOLID[10:140, 5:60] = 255
STRANGE = np.array([[1, 2, 3]], np.uint8)


def tints_of(*further):
    return Tints(PIXELS, SOLID, further)


def lut_of(change, *pictures):
    used = UsedColours()
    for pixels in pictures:
        used.add(pixels)
    indices, oklab = used.lattice()
    return ColourLut(indices, change(oklab_to_srgb(oklab)))


def test_a_table_is_read_as_opencolorio_applies_it():
    lut = lut_of(lambda rgb: np.clip(rgb[:, ::-1], 0, 1) ** 0.7, PIXELS)
    part = slice(20, 130), slice(8, 60)
    tints = tints_of()
    made = tints.over(part, shelved(tints.read(lut)))
    inside = SOLID[part] > 0
    np.testing.assert_allclose(made[inside], lut.exact(PIXELS[part])[inside], atol=2e-6)


def test_every_level_lies_in_a_cell_of_the_table():
    levels = np.arange(256, dtype=np.uint8)
    grey = np.repeat(levels[None, :, None], 3, axis=2)
    tints = Tints(grey, np.full((1, 256), 255, np.uint8))
    read = tints.read(lut_of(lambda rgb: rgb, grey))[tints.numbers(grey[0])]
    np.testing.assert_allclose(read * 255, grey[0], atol=5e-3)


def test_further_colours_are_numbered_after_the_products_own():
    tints = tints_of(STRANGE, PIXELS[50, 30][None])
    assert tints.own == len(np.unique(PIXELS[SOLID > 0], axis=0))
    assert tints.numbers(STRANGE) > tints.own
    assert 0 < tints.numbers(PIXELS[50, 30][None]) <= tints.own
    assert tints_of().numbers(STRANGE) == UNKNOWN


def test_pixels_that_are_not_dyed_have_no_number():
    tints = tints_of()
    numbers = np.arange(len(tints.read(lut_of(lambda rgb: rgb, PIXELS))), dtype=np.float32)
    found = tints.over((slice(10, 140), slice(5, 60)), shelved(numbers[:, None]))
    assert found.min() > 0
    holed = SOLID.copy()
    holed[40:50, 20:30] = 0
    tints = Tints(PIXELS, holed)
    found = tints.over((slice(10, 140), slice(5, 60)), shelved(numbers[:, None]))
    assert (found[30:40, 15:25] == UNKNOWN).all()


def test_nothing_solid_has_no_colours():
    tints = Tints(PIXELS, np.zeros_like(SOLID))
    assert tints.own == 0
    assert len(tints.read(lut_of(lambda rgb: rgb, PIXELS))) == 1
