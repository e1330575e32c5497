import numpy as np
import pytest

from oscar_gan.imaging.overlap import score_matte


def square(left, side=100):
    matte = np.zeros((side, side), np.float32)
    matte[30:70, left : left + 40] = 1
    return matte


def test_a_perfect_matte():
    score = score_matte(square(30), square(30))
    assert score.iou == 1
    assert score.boundary == 0


def test_a_shifted_matte():
    score = score_matte(square(34), square(30))
    assert score.iou == pytest.approx(36 / 44)
    # vertical edges are 4 px off, horizontal ones mostly 0; a picture of 100 px counts tenfold
    assert 10 < score.boundary < 30


def test_an_empty_matte_is_infinitely_far():
    score = score_matte(np.zeros((100, 100)), square(30))
    assert score.iou == 0
    assert score.boundary == float("inf")


def test_the_pictures_border_is_no_edge():
    full, half = np.ones((100, 100)), np.zeros((100, 100))
    half[:, :50] = 1
    assert score_matte(half, half).boundary == 0
    assert score_matte(full, half).boundary == float("inf")
