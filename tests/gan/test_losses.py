import torch

from oscar_gan.gan.losses import THIN_WEIGHT, emphasis


def test_thin_parts_and_gaps_count_more_than_bulk():
    labels = torch.zeros(1, 1, 64, 64)
    labels[..., 10:50, 10:40] = 1
    labels[..., 20:40, 24:26] = 0  # a gap
    labels[..., 29:31, 40:60] = 1  # a strap
    weights = emphasis(labels)[0, 0]
    assert weights[30, 50] == weights[30, 25] == THIN_WEIGHT
    assert weights[15, 15] == weights[5, 5] == 1
