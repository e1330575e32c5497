import numpy as np
import pytest

from oscar_gan.gan.metrics.distances import frechet_distance
from oscar_gan.gan.metrics.wavelets import packets, wavelet_distance


def noise(count=40, side=8, seed=0):
    return np.random.default_rng(seed).uniform(0, 1, (count, side, side, 1))


def test_packets_keep_every_pictures_energy():
    pictures = noise()
    found = packets(pictures, 3)
    assert found.shape == (64, 40, 1)
    assert np.allclose((found**2).sum((0, 2)), (pictures**2).sum((1, 2, 3)))


def test_a_plain_picture_lies_in_the_first_band():
    found = packets(np.full((1, 8, 8, 3), 0.5), 2)
    assert np.allclose(found[0], 0.5 * 4)
    assert np.allclose(found[1:], 0)


def test_stripes_lie_in_one_band_of_fine_detail():
    stripes = np.zeros((1, 4, 4, 1))
    stripes[:, :, ::2] = 1
    energy = (packets(stripes, 1) ** 2).sum((1, 2))
    assert np.flatnonzero(energy > 1e-12).tolist() == [0, 1]


def test_the_distance_is_the_mean_over_bands():
    one, other = noise(), noise(seed=1) ** 2
    bands = zip(packets(one, 1), packets(other, 1), strict=True)
    expected = np.mean([frechet_distance(*pair) for pair in bands])
    assert wavelet_distance(one, other, levels=1) == pytest.approx(expected)
    assert wavelet_distance(one, one, levels=1) == pytest.approx(0, abs=1e-9)


def test_lost_texture_is_noticed_though_the_mean_stays():
    pictures = noise(160, seed=2)
    blurred = np.repeat(pictures.mean(axis=2, keepdims=True), 8, axis=2)
    floor = wavelet_distance(pictures, noise(160, seed=3), levels=2)
    assert wavelet_distance(pictures, blurred, levels=2) > 5 * floor


def test_sides_that_cannot_be_halved_so_often():
    with pytest.raises(ValueError, match="multiple of 16"):
        wavelet_distance(noise(), noise(), levels=4)
