"""The lab's networks: the analyser (a small U-Net) and discriminators without normalisation."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

FEATURES = 64
MAX_SCORE = 80.0
"""Bound on what the colour memory takes the exponential of: beyond, 32 bits hold no such sum."""


class Analysis(NamedTuple):
    """What the analyser sees in N photos of H×W pixels, as logits."""

    matte: Tensor  # (N, 1, H, W): the product, its prints included
    keep: Tensor  # (N, 1, H, W): what a recolouring must leave alone
    features: Tensor  # (N, 64)
    coarse: Tensor  # (N, 1, H/4, W/4): a first guess at the matte, before colours are weighed


class Separable(nn.Module):
    """Depthwise then pointwise convolution, added to its input where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.residual = inputs == outputs and stride == 1
        self.body = nn.Sequential(
            nn.Conv2d(inputs, inputs, kernel, stride, kernel // 2, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class ColourMemory(nn.Module):
    """GrabCut's idea as a layer: is a pixel's colour likelier in this product or in its ground?

    Colours are shared out among `prototypes`; a first guess at the matte says how often each
    occurs inside and outside, in this very photo. So a hole in a handle is told from the handle
    by the ground's colour, wherever both have been seen before.
    """

    def __init__(self, prototypes: int = 48, spread: float = 0.1) -> None:
        super().__init__()
        self.share = nn.Conv2d(3, prototypes, 1)
        centres = torch.rand(prototypes, 3) - 0.5
        with torch.no_grad():  # softmax of these is that of −‖colour − centre‖² / 2σ²
            self.share.weight.copy_((centres / spread**2)[..., None, None])
            self.share.bias.copy_(-centres.square().sum(1) / (2 * spread**2))

    def forward(self, colours: Tensor, guess: Tensor) -> Tensor:
        """Log-likelihood ratio (N, 1, H, W) from RGB in ±0.5 and a guess (N, 1, H/4, W/4)."""
        # A softmax over channels, spelt out as products of matrices: ONNX Runtime's own, and its
        # sums over channels, are several times slower here.
        weights = self.share(colours).clamp(-MAX_SCORE, MAX_SCORE).exp()
        shares = weights / _over_channels(torch.ones_like(weights[:, :, 0, 0]), weights)
        pooled = avg_pool2d(shares, 4)
        inside = (pooled * guess).mean((2, 3)) / (guess.mean((2, 3)) + 1e-3)
        outside = (pooled * (1 - guess)).mean((2, 3)) / ((1 - guess).mean((2, 3)) + 1e-3)
        ratio = (inside + 1e-3).log() - (outside + 1e-3).log()
        return _over_channels(ratio, shares)


class Analyser(nn.Module):
    """Photo (N, 3, H, W), sRGB in [0, 1], sides divisible by 32, to an `Analysis`.

    A U-Net with skips at every scale, the photo's own included: edges are decided at full
    resolution, on eight channels, with the colour memory's opinion beside them. The five
    `widths` are the channels at strides 2, 4, 8, 16 and 32.
    """

    def __init__(self, widths: tuple[int, ...] = (20, 40, 80, 160, 240)) -> None:
        super().__init__()
        self.widths = tuple(widths)
        thin = 8
        self.stem = nn.Sequential(
            nn.Conv2d(3, thin, 3, padding=1, bias=False), nn.BatchNorm2d(thin), nn.ReLU(True)
        )
        levels = (thin, *widths)
        self.down = nn.ModuleList(
            nn.Sequential(
                Separable(inputs, outputs, kernel=5, stride=2), Separable(outputs, outputs)
            )
            for inputs, outputs in zip(levels, levels[1:], strict=False)
        )
        deepest = widths[-1]
        self.context = nn.Sequential(*(Separable(deepest, deepest, kernel=5) for _ in range(2)))
        self.summary = nn.Sequential(
            nn.Linear(deepest, FEATURES), nn.ReLU(True), nn.Linear(FEATURES, FEATURES)
        )
        self.up = nn.ModuleList(
            nn.Sequential(
                # The two finest levels are told what the colour memory thinks, too.
                Separable(below + skip + (level < 2), skip),
                Separable(skip, skip, kernel=5),
            )
            for level, (skip, below) in reversed(
                list(enumerate(zip(levels, widths, strict=False)))
            )
        )
        self.guess = nn.Conv2d(widths[1], 1, 1)
        self.memory = ColourMemory()
        self.head = nn.Conv2d(thin, 2, 3, padding=1)

    def forward(self, photo: Tensor) -> Analysis:
        x = self.stem(photo - 0.5)
        skips = []
        for down in self.down:
            skips.append(x)
            x = down(x)
        pooled = x.mean((2, 3))
        features = self.summary(pooled)
        x = self.context(x) + pooled[..., None, None]
        for up in self.up[:3]:
            x = up(torch.cat([_doubled(x), skips.pop()], 1))
        coarse = self.guess(x)
        opinion = self.memory(photo - 0.5, coarse.sigmoid())
        x = self.up[3](torch.cat([_doubled(x), skips.pop(), avg_pool2d(opinion, 2)], 1))
        x = self.up[4](torch.cat([_doubled(x), skips.pop(), opinion], 1))
        matte, keep = self.head(x).split(1, dim=1)
        return Analysis(matte, keep, features, coarse)


def _over_channels(weights: Tensor, x: Tensor) -> Tensor:
    """The sum (N, 1, h, w) over the channels of x (N, C, h, w), weighted by (N, C)."""
    return (weights[:, None] @ x.flatten(2)).reshape(-1, 1, *x.shape[2:])


def _doubled(x: Tensor) -> Tensor:
    return interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


class Judgement(NamedTuple):
    """What a discriminator says of N images."""

    logits: Tensor  # (N,), higher for real
    code: Tensor  # (N, C): what the image was made from (its OKLab target) as read back from it
    log_variance: Tensor  # (N, C): how unsure the reading is
    categories: int = 0  # first columns of `code` that are logits of one category, not values


class Discriminator(nn.Module):
    """Images (N, 3, H, W), sRGB in [0, 1], to a `Judgement`: the Q head of InfoGAN included.

    No normalisation: statistics of a batch would tell images apart by their neighbours, and
    R1/R2 suppose that a logit depends on one image (R3GAN). `codes` is C, of which the first
    `categories` are a choice among so many.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = (16, 32, 64, 96, 128),
        codes: int = 3,
        categories: int = 0,
    ) -> None:
        super().__init__()
        self.categories = categories
        self.stem = nn.Conv2d(3, widths[0], 3, padding=1)
        self.blocks = nn.ModuleList(
            Strided(inputs, outputs) for inputs, outputs in zip(widths, widths[1:], strict=False)
        )
        self.judge = nn.Linear(widths[-1], 1)
        self.reader = nn.Sequential(
            nn.Linear(widths[-1], 64), nn.LeakyReLU(0.2), nn.Linear(64, 2 * codes)
        )
        nn.init.zeros_(self.judge.weight)  # starts without an opinion
        nn.init.zeros_(self.judge.bias)

    def forward(self, images: Tensor) -> Judgement:
        x = self.stem(images - 0.5)
        for block in self.blocks:
            x = block(x)
        pooled = leaky_relu(x, 0.2).mean((2, 3))
        code, log_variance = self.reader(pooled).chunk(2, dim=1)
        logits = self.judge(pooled)[:, 0]
        return Judgement(logits, code, log_variance.clamp(-6, 2), self.categories)


class Strided(nn.Module):
    """Halve the image: a residual pair of convolutions that starts as a plain average."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.second = nn.Conv2d(outputs, outputs, 3, stride=2, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, bias=False)
        nn.init.zeros_(self.second.weight)  # fix-up initialisation: the block begins linear
        nn.init.zeros_(self.second.bias)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(leaky_relu(self.first(leaky_relu(x, 0.2)), 0.2))
        return self.shortcut(avg_pool2d(x, 2, ceil_mode=True)) + y


def count_parameters(network: nn.Module) -> int:
    """Number of trainable values."""
    return sum(value.numel() for value in network.parameters())
