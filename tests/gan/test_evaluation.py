import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from oscar_gan.gan.evaluation import score_matte, validate_on_photos
from oscar_gan.gan.networks import Analysis


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


class Bright(nn.Module):
    """An analyser that takes what is brighter than `level` for product."""

    def __init__(self, level):
        super().__init__()
        self.level = nn.Parameter(torch.tensor(level))

    def forward(self, photo):
        matte = photo.mean(1, keepdim=True) - self.level
        return Analysis(matte, matte, matte, matte)


@pytest.mark.parametrize("side", [64, 192])
def test_photos_are_scored_where_their_mattes_are_believed(corpus, side):
    photos = np.zeros((2, 256, 256, 3), np.uint8)
    photos[:, :128] = 255  # bright above; of the matte only the left half is believed
    mattes, trust = np.zeros((2, 2, 256, 256), np.uint8)
    mattes[:, :, 128:], mattes[:, :128, :128] = 255, 255
    trust[:, :, :128] = 255
    made = replace(corpus, photos=photos, mattes=mattes, trust=trust)
    assert validate_on_photos(Bright(0.5), made, side=side) == 1
    assert validate_on_photos(Bright(-1.0), made, side=side) == pytest.approx(0.5, abs=0.01)


def test_without_photos_there_is_no_score(corpus):
    made = replace(corpus, photos=corpus.photos[:0])
    assert math.isnan(validate_on_photos(Bright(0.5), made, side=64))
