"""Superpixels: patches that stop at edges, and the map that browsers read."""

import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.imaging.superpixels import CELL, map_png, superpixels


@pytest.fixture(scope="module")
def scene():
    """A red disc on grey, with some grain; and where the disc is."""
    y, x = np.mgrid[:240, :320]
    disc = np.hypot(y - 120, x - 150) < 77.3
    grain = np.random.default_rng(1).normal(0, 3, (240, 320, 1))
    pixels = np.where(disc[..., None], [170, 40, 50], [200, 200, 200]) + grain
    return np.clip(pixels, 0, 255).astype(np.uint8), disc


@pytest.fixture(scope="module")
def patches(scene):
    return superpixels(scene[0])


def test_every_pixel_is_in_a_patch_and_every_patch_in_one_piece(patches):
    import cv2

    assert patches.min() == 1
    for number in range(1, patches.max() + 1):
        pieces, _ = cv2.connectedComponents((patches == number).astype(np.uint8), connectivity=8)
        assert pieces == 2  # the patch, and all the rest


def test_patches_are_about_as_large_as_the_grids_cells(patches):
    sizes = np.bincount(patches.ravel())[1:]
    assert len(sizes) == (240 // CELL) * (320 // CELL)
    assert np.median(sizes) == pytest.approx(CELL**2, rel=0.15)


def test_whole_patches_make_up_the_product(scene, patches):
    _, disc = scene
    y, x = np.mgrid[:240, :320]
    squares = y // CELL * 100 + x // CELL
    assert wrong(patches, disc) < 0.004
    assert wrong(squares, disc) > 0.02


def wrong(patches, product) -> float:
    """Share of the picture that is wrong once every patch is taken that is mostly product."""
    sizes = np.maximum(np.bincount(patches.ravel()), 1)
    taken = np.bincount(patches.ravel(), product.ravel()) / sizes > 0.5
    return (taken[patches] != product).mean()


def test_large_photos_are_cut_at_a_smaller_size():
    assert superpixels(np.zeros((100, 2000, 3), np.uint8)).shape == (40, 800)


def test_the_map_is_read_back_from_red_and_green(patches):
    many = patches.astype(np.uint16) + 1000
    channels = np.asarray(Image.open(io.BytesIO(map_png(many)))).astype(int)
    assert np.array_equal(channels[..., 0] + 256 * channels[..., 1], many)
