import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from oscar_gan.gan.evaluation import validate_on_photos
from oscar_gan.gan.networks import Analysis


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
