from typing import NamedTuple

import torch
from torch import Tensor, nn

from oscar_gan.gan.precision import lower_precision, moved


class Pair(NamedTuple):
    one: Tensor
    other: Tensor


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(64, 8)

    def forward(self, x):
        y = self.layer(x)
        self.computed_in = y.dtype
        return Pair(y, y.sum(1))


def test_a_network_computes_in_bf16_and_answers_in_float32():
    torch.manual_seed(0)
    network, x = Network(), torch.rand(4, 64)
    exact = network(x)
    assert network.computed_in == torch.float32
    lower_precision(network)
    lowered = network(x)
    assert network.computed_in == torch.bfloat16
    assert isinstance(lowered, Pair)
    assert lowered.one.dtype == lowered.other.dtype == torch.float32
    assert not torch.equal(lowered.one, exact.one)
    assert torch.allclose(lowered.one, exact.one, atol=0.02)


def test_gradients_of_a_lowered_network_reach_float32_weights():
    network = Network()
    lower_precision(network)
    network(torch.rand(4, 64)).other.sum().backward()
    assert network.layer.weight.grad.dtype == torch.float32
    assert network.layer.weight.grad.abs().sum() > 0


def test_nested_batches_are_moved_whole():
    batch = Pair(torch.zeros(1), Pair(torch.zeros(2), torch.zeros(3)))
    there = moved(batch, torch.device("meta"))
    assert there.one.is_meta
    assert there.other.other.is_meta
