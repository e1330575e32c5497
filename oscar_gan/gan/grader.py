"""The grader: how a product's light and shade change with its colour, a small conditional U-Net.

The analyser looks once per photo; the grader once per variant. It sees the photo relative to its
swatch and is told the swatch and the target; it answers with corrections to the closed form: of
the tone curve, of how much unevenness survives, of the gate, and a smooth field of gains.
"""

from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from oscar_gan.imaging.gain import MAX_LOG_GAIN

from .recolour import Grades, srgb_to_oklab

SIDE = 128
"""Cells of the gain field per side, and pixels of the picture that the grader sees."""
SLOPES = 9
"""Places, evenly spaced over lightness, at which the tone curve's slope is corrected."""
STEEPER = 0.7
"""Bound on the natural logarithm of that correction."""
LOOSER = 0.7
"""Bound on the natural logarithm of the gate."""
SEEN, CONDITION = 5, 8
"""Channels of a `relative` picture, and values of a `condition`."""


class Correction(NamedTuple):
    """What the grader answers for N photos."""

    slopes: Tensor
    """(N, SLOPES) natural logarithm of factors on the closed-form tone curve's slope."""
    residual_gain: Tensor
    gate: Tensor
    """(N,)"""
    log_gain: Tensor
    """(N, 3, SIDE, SIDE) of red, green and blue; its mean over the material is about zero."""


class Separable(nn.Module):
    """Depthwise then pointwise convolution without normalisation, added to its input if it fits.

    Statistics of a batch would tie a photo's grade to its neighbours, and small batches make
    them noisy: here every level counts.
    """

    def __init__(self, inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.residual = inputs == outputs and stride == 1
        self.body = nn.Sequential(
            nn.Conv2d(inputs, inputs, kernel, stride, kernel // 2, groups=inputs),
            nn.Conv2d(inputs, outputs, 1),
            nn.LeakyReLU(0.2),
        )
        nn.init.kaiming_normal_(self.body[1].weight, a=0.2)
        nn.init.zeros_(self.body[1].bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class Modulated(nn.Module):
    """Separable convolutions whose channels are scaled and shifted by a condition (FiLM)."""

    def __init__(self, inputs: int, outputs: int, *, kernel: int = 5, stride: int = 1) -> None:
        super().__init__()
        self.first = Separable(inputs, outputs, kernel=kernel, stride=stride)
        self.second = Separable(outputs, outputs)
        self.condition = nn.Linear(CONDITION * 4, 2 * outputs)
        nn.init.zeros_(self.condition.weight)
        nn.init.zeros_(self.condition.bias)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.condition(condition)[..., None, None].chunk(2, dim=1)
        return self.second(self.first(x) * (1 + scale) + shift)


class Grader(nn.Module):
    """A `relative` picture (N, 5, 128, 128) and a `condition` (N, 8) to a `Correction`.

    Before any training it corrects nothing.
    """

    def __init__(self, widths: tuple[int, ...] = (24, 40, 64, 96)) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.told = nn.Sequential(
            nn.Linear(CONDITION, 4 * CONDITION), nn.ReLU(True),
            nn.Linear(4 * CONDITION, 4 * CONDITION), nn.ReLU(True),
        )  # fmt: skip
        levels = (SEEN, *widths)
        self.down = nn.ModuleList(
            Modulated(inputs, outputs, stride=2)
            for inputs, outputs in zip(levels, levels[1:], strict=False)
        )
        self.up = nn.ModuleList(
            Modulated(below + skip, skip)
            for skip, below in reversed(list(zip(widths, widths[1:], strict=False)))
        )
        self.field = nn.Sequential(Separable(widths[0] + SEEN, 16), nn.Conv2d(16, 3, 3, padding=1))
        self.overall = nn.Sequential(
            nn.Linear(widths[-1] + 4 * CONDITION, 64), nn.ReLU(True), nn.Linear(64, SLOPES + 2)
        )
        for last in (self.field[-1], self.overall[-1]):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, seen: Tensor, condition: Tensor) -> Correction:
        condition, x = self.told(condition), seen
        skips = []
        for down in self.down:
            x = down(x, condition)
            skips.append(x)
        skips.pop()
        pooled = x.mean((2, 3))
        for up in self.up:
            x = up(torch.cat([_doubled(x), skips.pop()], 1), condition)
        field = self.field(torch.cat([_doubled(x), seen], 1))
        overall = self.overall(torch.cat([pooled, condition], 1))
        slopes, residual, gate = overall.split([SLOPES, 1, 1], dim=1)
        # Calibration answers for the level: left free, field and calibration drift apart.
        material = seen[:, -1:]
        area = material.sum((2, 3), keepdim=True).clamp_min(1)
        field = field - (field * material).sum((2, 3), keepdim=True) / area
        return Correction(
            STEEPER * slopes.tanh(),
            (residual[:, 0] + 0.405).sigmoid(),  # 0.6, the closed form's, at the start
            (LOOSER * gate[:, 0].tanh()).exp(),
            MAX_LOG_GAIN * field.tanh(),
        )


def graded(closed_form: Tensor, correction: Correction) -> Grades:
    """Correct closed-form tone curves (N, k), as `inference.grader` does in serving."""
    count, knots = closed_form.shape
    steps = closed_form.diff(dim=1)
    factors = interpolate(
        correction.slopes[:, None], size=knots - 1, mode="linear", align_corners=True
    )[:, 0].exp()
    tone = torch.cat([closed_form.new_zeros(count, 1), (steps * factors).cumsum(1)], 1)
    tone = tone + closed_form[:, :1]
    tone = tone / tone[:, -1:].clamp_min(1)
    return Grades(tone, correction.residual_gain, correction.gate, correction.log_gain)


def view_of(images: Tensor) -> Tensor:
    """Reduce images (N, C, S, S) to what the grader sees, by averaging."""
    return avg_pool2d(images, images.shape[-1] // SIDE)


def condition(base: Tensor, target: Tensor) -> Tensor:
    """What the grader is told of swatch and target (N, 3) OKLab: (N, 8), of the order of one."""
    ratio = (target[:, :1].clamp_min(0.05) / base[:, :1].clamp_min(0.05)).log()
    change = target[:, 1:].norm(dim=1, keepdim=True) - base[:, 1:].norm(dim=1, keepdim=True)
    lightness = torch.cat([base[:, :1], target[:, :1]], 1) - 0.5
    chroma = torch.cat([base[:, 1:], target[:, 1:]], 1) * 4
    return torch.cat([lightness, chroma, ratio, change * 4], 1)


def relative(photo: Tensor, material: Tensor, base: Tensor) -> Tensor:
    """A photo (N, 3, h, w) sRGB as seen from its swatch (N, 3), and its material: (N, 5, h, w)."""
    lab = srgb_to_oklab(photo)
    own = base[..., None, None]
    ratio = (lab[:, :1].clamp_min(0.02) / own[:, :1].clamp_min(0.05)).log().clamp(-2, 2)
    return torch.cat([lab[:, :1] - own[:, :1], 4 * (lab[:, 1:] - own[:, 1:]), ratio, material], 1)


class ServedGrader(nn.Module):
    """The grader as it is exported: from a photo's small view and two colours."""

    inputs: ClassVar = {
        "photo": (3, SIDE, SIDE), "material": (1, SIDE, SIDE), "base": (3,), "target": (3,)
    }  # fmt: skip
    outputs: ClassVar = ("slopes", "residual_gain", "gate", "log_gain")

    def __init__(self, grader: Grader) -> None:
        super().__init__()
        self.grader = grader

    def forward(
        self, photo: Tensor, material: Tensor, base: Tensor, target: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(self.grader(relative(photo, material, base), condition(base, target)))


def _doubled(x: Tensor) -> Tensor:
    return interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
