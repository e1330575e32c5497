"""The peers' networks have the size of those that their authors published."""

from __future__ import annotations

import pytest
import torch

from benchmarks.peer_networks import NETWORKS

MILLIONS = {
    "CycleGAN, ResNet-9": 11.378,
    "pix2pixHD, global generator": 182.4,
    "StarGAN v2": 33.89,
    "U²-Net (matte alone)": 44.01,
}


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_are_those_of_the_papers(name):
    make, _size = NETWORKS[name]
    with torch.device("meta"):  # no memory for 182 million of them
        count = sum(each.numel() for each in make().parameters())
    assert count / 1e6 == pytest.approx(MILLIONS[name], rel=1e-3)


@pytest.mark.parametrize("name", [name for name in NETWORKS if "pix2pix" not in name])
def test_a_picture_keeps_its_size(name):
    make, _size = NETWORKS[name]
    with torch.inference_mode():
        made = make().eval()(torch.rand(1, 3, 64, 48))
    assert made.shape[2:] == (64, 48)
