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

from oscar_gan.inference.layout import (
    ACROSS,
    CORNERS,
    DOWN,
    KINDS,
    MIDDLES,
    MOODS,
    NODES,
    NOISES,
    PLANES,
    grid,
)  # fmt: skip
from oscar_gan.inference.printer import MODES, SIDE, STYLE
from oscar_gan.inference.ways import KIND_OF, WAYS

from .inks import STATES, WEIGHTS

TRUNK = 4 * NODES
"""Nodes per side of the trunk's answer."""
STEPS = 256
"""Of a remembered style, to one."""
SHARPNESS = 8.0
"""Of a stylist's bins of phase: about a twelfth of a turn."""


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
        # Whole numbers, in steps of 1 / STEPS: averaged weights take them over as they are.
        self.register_buffer("modes", torch.zeros(len(WAYS), MODES, 2 * STYLE, dtype=torch.int16))
        self.register_buffer("met", torch.zeros(len(WAYS), dtype=torch.int64))
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

    @torch.no_grad()
    def remember(self, ways: Tensor, mean: Tensor, log_variance: Tensor) -> None:
        """Keep the styles (N, STYLE) of prints of ways (N,), the last `MODES` of each way."""
        found = (torch.cat([mean, log_variance], 1) * STEPS).round().clamp(-(2**15), 2**15 - 1)
        for way, style in zip(ways.tolist(), found.to(torch.int16), strict=True):
            self.modes[way, self.met[way] % MODES] = style
            self.met[way] += 1

    def styled(self, way: Tensor, mode: Tensor, draws: Tensor) -> Tensor:
        """Styles (N, STYLE) about the remembered ones, for shares of ways and modes.

        A mixture of posteriors as the prior (Tomczak and Welling 2018): between the styles that
        prints have there are some that none has, where a printer could not decide. Before
        anything is remembered, draws are styles.
        """
        known = torch.einsum("nw,nm,wms->ns", way, mode, self.modes.float() / STEPS)
        mean, log_variance = known.chunk(2, dim=1)
        return mean + (0.5 * log_variance).exp() * draws

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
        if layer.bias is not None:
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
        "mode": (MODES,),
        "style": (STYLE,),
    }
    outputs: ClassVar = ("logits",)

    def __init__(self, printer: Printer) -> None:
        super().__init__()
        self.printer = printer
        self.register_buffer("reading", torch.from_numpy(reading(grid(SIDE))))

    def forward(
        self,
        planes: Tensor,
        noise: Tensor,
        way: Tensor,
        mood: Tensor,
        mode: Tensor,
        style: Tensor,
    ) -> tuple[Tensor]:
        where = self.reading[None]
        # Shares, whatever is given.
        way, mode = (part / part.sum(1, keepdim=True).clamp_min(1e-6) for part in (way, mode))
        style = self.printer.styled(way, mode, style)
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
    """Reads the style (mean and log-variance) off a print whose layout is known.

    It folds the print up onto its lattice: how much of each ink lies at each phase of either wave,
    at each distance from a motif's middle, and along with every plane that the printer sees.
    """

    def __init__(self, phases: int = 12, rings: int = 8, width: int = 160) -> None:
        super().__init__()
        turns = 2 * torch.pi * torch.arange(phases) / phases
        self.register_buffer("turns", torch.stack([turns.cos(), turns.sin()], 1))
        self.register_buffer("radii", torch.linspace(0.08, 1.2, rings))
        seen = 3 * (PLANES + 2 * phases + 2 * rings + 1)
        self.verdict = nn.Sequential(
            nn.Linear(seen + len(WAYS), width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, 2 * STYLE),
        )
        self.apply(awoken)
        with torch.no_grad():  # sure of itself at first, or the printer would not listen
            self.verdict[-1].weight[STYLE:] = 0
            self.verdict[-1].bias[STYLE:] = -4

    def forward(self, prints: Tensor, planes: Tensor, way: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log-variances (N, STYLE) from inks (N, 3, h, w) and planes alike."""
        planes = planes.flatten(2)
        folds = [planes, torch.ones_like(planes[:, :1])]
        for first in (ACROSS, DOWN):
            angles = self.turns @ planes[:, first : first + 2]
            folds.append((SHARPNESS * (angles - 1)).exp())
        for first in (MIDDLES, CORNERS):
            gaps = planes[:, first + 2 : first + 3] - self.radii[:, None]
            folds.append((-(gaps / 0.1).square()).exp())
        places = torch.cat(folds, 1)
        share = places @ prints.flatten(2).mT / places.abs().mean(2, keepdim=True).clamp_min(1e-3)
        told = torch.cat([4 * share.flatten(1) / planes.shape[2], way], 1)
        mean, log_variance = self.verdict(told).chunk(2, dim=1)
        return mean, log_variance.clamp(-8, 2)
