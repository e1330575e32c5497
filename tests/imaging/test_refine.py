"""Doubtful pixels of a network's matte are decided by colour, sure ones are left alone."""

import numpy as np
from PIL import Image

from oscar_gan.imaging.refine import decide_keep, refine_matte

from .scenes import render


def scene():
    pixels, matte = render("#1F3A93", height=256, width=256)
    return pixels, matte / np.float32(255)


def test_doubt_is_settled_by_colour():
    pixels, truth = scene()
    blurred = Image.fromarray(truth).resize((12, 12)).resize((256, 256))
    unsure = np.asarray(blurred, np.float32)
    settled = refine_matte(pixels, unsure)
    wrong_before = (np.abs(unsure - truth) > 0.4).mean()
    assert wrong_before > 0.02
    assert (np.abs(settled - truth) > 0.4).mean() < 0.1 * wrong_before


def test_what_is_sure_stays_against_all_colour():
    pixels, truth = scene()
    sure = (truth > 0.5).astype(np.float32)
    sure[100:130, :20] = 1  # background by its colour, but the network is sure
    settled = refine_matte(pixels, sure)
    assert (settled[105:125, 2:18] == 1).all()


def test_a_matte_without_any_sure_product_is_returned_as_it_is():
    pixels, truth = scene()
    faint = (truth * 0.4).astype(np.float32)
    assert refine_matte(pixels, faint) is faint


def test_it_is_repeatable():
    pixels, truth = scene()
    unsure = np.clip(truth, 0.2, 0.98)
    unsure[truth == 0] = 0
    assert np.array_equal(refine_matte(pixels, unsure), refine_matte(pixels, unsure))


def test_half_kept_cloth_is_dyed_and_sure_prints_are_kept():
    hardened = decide_keep(np.array([[0.0, 0.3, 0.45, 0.95]], np.float32))
    np.testing.assert_allclose(hardened, [[0, 0, 0.5, 1]], atol=1e-6)
