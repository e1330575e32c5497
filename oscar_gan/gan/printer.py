"""The printer: from noise, waves and codes to the inks of a tile.

A DCGAN's trunk (Radford et al. 2016: convolutions over a spatial noise map, here circular and
with nearest upsampling, as transposed ones leave checkerboards) meets the periodic waves of PSGAN
(Bergmann et al. 2017). The last layers look at each position by itself (CIPS, Anokhin et al.
2021): so what was learnt on 64 pixels can be drawn at any size, with edges as sharp as it allows.
"""

from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu

from oscar_gan.inference.layout import KINDS, MOODS, NODES, NOISES, PLANES, grid
from oscar_gan.inference.printer import SIDE, STYLE
from oscar_gan.inference.ways import KIND_OF, WAYS

from .inks import STATES, WEIGHTS

TRUNK = 4 * NODES
"""Nodes per side of the trunk's answer."""


class Printer(nn.Module):
    """Logits (N, STATES, h, w) of the states at a grid of positions.

    Every layer of the last part has a kernel per kind beside the common one; way and style turn
    up and down what it sees and makes (FiLM).
    """

    def __init__(
        self, width: int = 64, depth: int = 4, trunk: int = 16, waves: bool = True
    ) -> None:
        super().__init__()
        self.width, self.waves = width, waves
        told = STYLE + len(WAYS) + MOODS
        self.tuner = nn.Sequential(
            nn.Linear(told, 96), nn.LeakyReLU(0.2), nn.Linear(96, 96), nn.LeakyReLU(0.2)
        )
        self.trunk = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 3)
            for inputs, outputs in ((NOISES, 24), (24, 24), (24, trunk))
        )
        seen = PLANES + trunk
        self.first = Kernels(seen, width)
        self.middle = nn.ModuleList(Kernels(width, width) for _ in range(depth))
        self.last = Kernels(width, STATES)
        self.tunes = nn.ModuleList(
            nn.Linear(96, count) for count in (24, seen, *(2 * width for _ in range(depth + 1)))
        )
        for part in (self.tuner, self.trunk):
            part.apply(awoken)
        self.register_buffer("kind_of", torch.from_numpy(KIND_OF))
        for tune in self.tunes:
            nn.init.normal_(tune.weight, 0, 0.15)
            nn.init.zeros_(tune.bias)

    def forward(
        self, planes: Tensor, noise: Tensor, rows: Tensor, columns: Tensor,
        way: Tensor, mood: Tensor, style: Tensor,
    ) -> Tensor:  # fmt: skip
        """Planes (N, PLANES, h, w), noise (N, 4, 16, 16), where the trunk is read (N, h, 64) and
        (N, w, 64), shares of ways (N, WAYS), moods (N, 4) and style (N, 16)."""
        tuned = self.tuner(torch.cat([style, way, mood], 1))
        tunes = [tune(tuned) for tune in self.tunes]
        kind = way @ self.kind_of
        grown = rows[:, None] @ self._grown(noise, tunes[0]) @ columns[:, None].mT
        if not self.waves:
            planes = planes * 0
        x = torch.cat([planes, grown], 1)
        count, _, height, width = x.shape
        x = x.flatten(2) * (1 + tunes[1][..., None])
        x = self._bent(self.first(x, kind), tunes[2])
        for layer, tune in zip(self.middle, tunes[3:], strict=True):
            x = (x + self._bent(layer(x, kind), tune)) * 0.7
        return self.last(x, kind).view(count, STATES, height, width)

    def _grown(self, noise: Tensor, tune: Tensor) -> Tensor:
        x = leaky_relu(circular(self.trunk[0], noise) * (1 + tune[..., None, None]), 0.2)
        for layer in self.trunk[1:]:
            x = circular(layer, interpolate(x, scale_factor=2.0, mode="nearest"))
            x = leaky_relu(x, 0.2)
        return x

    @staticmethod
    def _bent(x: Tensor, tune: Tensor) -> Tensor:
        gain, shift = tune[..., None].chunk(2, dim=1)
        return leaky_relu(x * (1 + gain) + shift, 0.2)


class Kernels(nn.Module):
    """A linear map of each position: one kernel for all, and a difference for each kind."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.common = nn.Parameter(torch.randn(outputs, inputs) * (1.6 / inputs) ** 0.5)
        self.own = nn.Parameter(torch.zeros(len(KINDS), outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(len(KINDS), outputs))

    def forward(self, x: Tensor, kind: Tensor) -> Tensor:
        """(N, inputs, P) to (N, outputs, P), for shares of kinds (N, 6)."""
        kernel = self.common + (kind @ self.own.flatten(1)).view(-1, *self.common.shape)
        return kernel @ x + (kind @ self.bias)[..., None]


def awoken(layer: nn.Module) -> None:
    """Give a layer He's weights: PyTorch's own let the signal fade, and nothing listens to it."""
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(layer.weight, 0.2)
        nn.init.zeros_(layer.bias)


def circular(layer: nn.Conv2d, x: Tensor) -> Tensor:
    """A 3 × 3 convolution on a torus."""
    x = torch.cat([x[..., -1:, :], x, x[..., :1, :]], -2)
    return layer(torch.cat([x[..., -1:], x, x[..., :1]], -1))


def inked(logits: Tensor, contrast: Tensor) -> Tensor:
    """Weights (N, 3, h, w) of the inks beside the ground; contrast (N,) fades them into it."""
    weights = torch.from_numpy(WEIGHTS).to(logits)[:, 1:]
    printed = torch.einsum("nshw,sk->nkhw", logits.softmax(1), weights)
    return printed * contrast[:, None, None, None]


class ServedPrinter(nn.Module):
    """The printer as it is exported: a whole tile at `SIDE` pixels."""

    inputs: ClassVar = {
        "planes": (PLANES, SIDE, SIDE),
        "noise": (NOISES, NODES, NODES),
        "way": (len(WAYS),),
        "mood": (MOODS,),
        "style": (STYLE,),
    }
    outputs: ClassVar = ("logits",)

    def __init__(self, printer: Printer) -> None:
        super().__init__()
        self.printer = printer
        self.register_buffer("reading", torch.from_numpy(reading(grid(SIDE))))

    def forward(
        self, planes: Tensor, noise: Tensor, way: Tensor, mood: Tensor, style: Tensor
    ) -> tuple[Tensor]:
        where = self.reading[None]
        way = way / way.sum(1, keepdim=True).clamp_min(1e-6)  # shares, whatever is given
        return (self.printer(planes, noise, where, where, way, mood, style),)


def reading(places: NDArray[np.floating]) -> NDArray[np.float32]:
    """(n, 64): weights that read the trunk's nodes at places (n,), in tiles, in lines between."""
    place = places * TRUNK - 0.5
    low = np.floor(place).astype(np.int64)
    weights = np.zeros((len(place), TRUNK), np.float32)
    lines = np.arange(len(place))
    weights[lines, low % TRUNK] = 1 - (place - low)
    weights[lines, (low + 1) % TRUNK] += place - low
    return weights


class Stylist(nn.Module):
    """Reads the style (mean and log-variance) off a print, so that it can be drawn again."""

    def __init__(self, widths: tuple[int, ...] = (24, 32, 64, 96, 128)) -> None:
        super().__init__()
        layers, given = [], 3
        for width in widths:
            layers += [nn.Conv2d(given, width, 3, 2, padding=1), nn.LeakyReLU(0.2)]
            given = width
        self.body = nn.Sequential(*layers[:-1])
        self.verdict = nn.Sequential(
            nn.Linear(given + len(WAYS), 96), nn.LeakyReLU(0.2), nn.Linear(96, 2 * STYLE)
        )
        self.apply(awoken)
        with torch.no_grad():  # sure of itself at first, or the printer would not listen
            self.verdict[-1].weight[STYLE:] = 0
            self.verdict[-1].bias[STYLE:] = -4

    def forward(self, prints: Tensor, way: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log-variances (N, STYLE) from inks (N, 3, h, w)."""
        seen = leaky_relu(self.body(prints - 0.3), 0.2).mean((2, 3))
        mean, log_variance = self.verdict(torch.cat([seen, way], 1)).chunk(2, dim=1)
        return mean, log_variance.clamp(-8, 2)
