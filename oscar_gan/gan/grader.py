"""The grader: how a product's light and shade change with its colour, a small conditional U-Net.

The analyser looks once per photo; the grader once per variant. It sees the photo relative to its
swatch, and what the closed form would make of it relative to the target, and it is told both
colours. It answers with corrections to the closed form: of the tone curve, of how much unevenness
survives, of the gate, and a smooth field of gains.

Light bounces within each channel on its own, so one U-Net reads the folds and one small perceptron
turns its maps into gains, for red, green and blue alike. And a channel's shading after dyeing
resembles that of the channel which was as bright before: a red cloth's folds, seen in red light,
are those of a white cloth, while in blue it shows little but its sheen.
"""

import math
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from oscar_gan.imaging.gain import MAX_LOG_GAIN

from .recolour import Grades, linear_to_oklab, oklab_to_linear, srgb_to_linear

SIDE = 128
"""Cells of the gain field per side, and pixels of the picture that the grader sees."""
SLOPES = 9
"""Places, evenly spaced over lightness, at which the tone curve's slope is corrected."""
STEEPER = 0.7
"""Bound on the natural logarithm of that correction."""
LOOSER = 0.7
"""Bound on the natural logarithm of the gate."""
SEEN, TOLD = 8, 8
"""Channels of a `relative` picture, and values of a `condition`."""
CODE = 32
"""What the network makes of a condition."""
MAPS = 12
"""Maps of light and shade that the channels' gains are read from."""
NEAREST = 6.0
"""How decidedly shading is taken from the photo's channel of nearest brightness."""
CLOSED_RESIDUAL = 0.6
"""The closed form's residual gain, where the grader starts."""
FLOOR = 0.005
"""Linear light added before logarithms are taken: darker is noise."""


class View(NamedTuple):
    """What the grader sees and is told of N photos."""

    relative: Tensor
    """(N, 8, 128, 128): photo and closed form around their swatches; the material last."""
    ratios: Tensor
    """(N, 3, 3, 128, 128): per channel, logarithms of light over the swatch's: of the photo where
    it is as bright as the target, of the photo in this channel, of the closed form."""
    told: Tensor
    """(N, 8): swatch and target, of the order of one."""
    lights: Tensor
    """(N, 3, 2): per channel, the logarithm of both colours' linear light."""


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
        self.condition = nn.Linear(CODE, 2 * outputs)
        nn.init.zeros_(self.condition.weight)
        nn.init.zeros_(self.condition.bias)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.condition(condition)[..., None, None].chunk(2, dim=1)
        return self.second(self.first(x) * (1 + scale) + shift)


class Readout(nn.Module):
    """Gains of one channel from maps of light and shade and its ratios: three times the same.

    `share` says how far the photo's ratios of light are kept instead of the closed form's; half at
    the start.
    """

    def __init__(self, hidden: int = 24) -> None:
        super().__init__()
        self.enter = nn.Conv2d(MAPS + 3, hidden, 1)
        self.condition = nn.Linear(CODE + 2, 2 * hidden + 1)
        self.leave = nn.Conv2d(hidden, 1, 1)
        for layer in (self.condition, self.leave):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        nn.init.constant_(self.condition.bias[-1:], 0.5)

    def forward(self, maps: Tensor, view: View, code: Tensor) -> Tensor:
        # One after the other: three times as large arrays cost more to get than to fill.
        channels = zip(view.ratios.unbind(1), view.lights.unbind(1), strict=True)
        return torch.cat([self._gain(maps, *channel, code) for channel in channels], 1)

    def _gain(self, maps: Tensor, ratios: Tensor, lights: Tensor, code: Tensor) -> Tensor:
        """Gains (N, 1, h, w) of the channel with these ratios (N, 3, h, w) and lights (N, 2)."""
        steer = self.condition(torch.cat([code, lights], 1))[..., None]
        scale, shift, share = steer.split([self.leave.in_channels] * 2 + [1], dim=1)
        x = torch.cat([maps, ratios, torch.ones_like(ratios[:, :1])], 1)
        # Products of matrices instead of convolutions, a product and a sum: a third of the time.
        # Weights meet what is given before they are reshaped, or the export forgets their names.
        weight = (self.enter.weight * (1 + scale)[..., None, None]).flatten(2)
        bias = (self.enter.bias * (1 + scale[..., 0]) + shift[..., 0])[..., None]
        x = leaky_relu(torch.cat([weight, bias], 2) @ x.flatten(2), 0.2)
        leave = self.leave.weight.expand(x.shape[0], -1, -1, -1).flatten(2).mT
        gains = (leave @ x).reshape(-1, 1, *maps.shape[2:])
        return gains + self.leave.bias + share[..., None] * (ratios[:, :1] - ratios[:, 2:])


class Grader(nn.Module):
    """A `View` to a `Correction`; before any training it only moves light between channels."""

    def __init__(self, widths: tuple[int, ...] = (24, 40, 64, 96)) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.told = nn.Sequential(
            nn.Linear(TOLD, CODE), nn.ReLU(True), nn.Linear(CODE, CODE), nn.ReLU(True)
        )
        levels = (SEEN, *widths)
        self.down = nn.ModuleList(
            Modulated(inputs, outputs, stride=2)
            for inputs, outputs in zip(levels, levels[1:], strict=False)
        )
        self.up = nn.ModuleList(
            Modulated(below + skip, skip)
            for skip, below in reversed(list(zip(widths, widths[1:], strict=False)))
        )
        self.maps = Separable(widths[0] + SEEN, MAPS)
        self.readout = Readout()
        self.overall = nn.Sequential(
            nn.Linear(widths[-1] + CODE, 64), nn.ReLU(True), nn.Linear(64, SLOPES + 2)
        )
        nn.init.zeros_(self.overall[-1].weight)
        nn.init.zeros_(self.overall[-1].bias)

    def forward(self, view: View) -> Correction:
        code, x = self.told(view.told), view.relative
        skips = []
        for down in self.down:
            x = down(x, code)
            skips.append(x)
        skips.pop()
        pooled = x.mean((2, 3))
        for up in self.up:
            x = up(torch.cat([_doubled(x), skips.pop()], 1), code)
        maps = self.maps(torch.cat([_doubled(x), view.relative], 1))
        slopes, residual, gate = self.overall(torch.cat([pooled, code], 1)).split(
            [SLOPES, 1, 1], dim=1
        )
        return Correction(
            STEEPER * slopes.tanh(),
            (residual[:, 0] + math.log(CLOSED_RESIDUAL / (1 - CLOSED_RESIDUAL))).sigmoid(),
            (LOOSER * gate[:, 0].tanh()).exp(),
            _levelled(self.readout(maps, view, code), view.relative[:, -1:]),
        )


def _levelled(field: Tensor, material: Tensor) -> Tensor:
    """Bound a field and take out its mean over the material.

    Calibration answers for the level: left free, field and calibration drift apart.
    """
    area = material.sum((2, 3), keepdim=True).clamp_min(1)
    field = field - (field * material).sum((2, 3), keepdim=True) / area
    return MAX_LOG_GAIN * (field / MAX_LOG_GAIN).tanh()


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


def view_for(photo: Tensor, plain: Tensor, material: Tensor, base: Tensor, target: Tensor) -> View:
    """Make the grader's view of photos (N, 3, h, w) sRGB and their closed form `plain`, alike.

    `material` is (N, 1, h, w), the colours are (N, 3) OKLab.
    """
    colours = [colour[..., None, None] for colour in (base, target)]
    linear = [srgb_to_linear(picture) for picture in (photo, plain)]
    labs = [linear_to_oklab(picture) for picture in linear]
    around = [
        torch.cat([lab[:, :1] - own[:, :1], 4 * (lab[:, 1:] - own[:, 1:])], 1)
        for lab, own in zip(labs, colours, strict=True)
    ]
    darkness = (labs[0][:, :1].clamp_min(0.02) / colours[0][:, :1].clamp_min(0.05)).log()
    lights = [_light(oklab_to_linear(colour))[:, :, 0, 0] for colour in colours]
    ratios = [
        (_light(picture) - light[..., None, None]).clamp(-3, 3)
        for picture, light in zip(linear, lights, strict=True)
    ]
    apart = (lights[1][:, :, None] - lights[0][:, None]).abs()
    nearest = torch.einsum("ncs,nshw->nchw", (-NEAREST * apart).softmax(2), ratios[0])
    relative = torch.cat([*around, darkness.clamp(-2, 2), material], 1)
    return View(
        relative,
        torch.stack([nearest, *ratios], 2),
        _told(base, target),
        torch.stack(lights, 2),
    )


def _light(linear: Tensor) -> Tensor:
    return (linear.clamp(0, 1) + FLOOR).log()


def _told(base: Tensor, target: Tensor) -> Tensor:
    ratio = (target[:, :1].clamp_min(0.05) / base[:, :1].clamp_min(0.05)).log()
    lightness = torch.cat([base[:, :1], target[:, :1]], 1) - 0.5
    chroma = torch.cat([base[:, 1:], target[:, 1:]], 1)
    change = target[:, 1:].norm(dim=1, keepdim=True) - base[:, 1:].norm(dim=1, keepdim=True)
    return torch.cat([lightness, 4 * chroma, ratio, 4 * change], 1)


class ServedGrader(nn.Module):
    """The grader as it is exported: from a photo's small view, its closed form and two colours."""

    inputs: ClassVar = {
        "photo": (3, SIDE, SIDE), "plain": (3, SIDE, SIDE), "material": (1, SIDE, SIDE),
        "base": (3,), "target": (3,),
    }  # fmt: skip
    outputs: ClassVar = ("slopes", "residual_gain", "gate", "log_gain")

    def __init__(self, grader: Grader, strength: float) -> None:
        """`strength` weakens every correction: 0 is the closed form, 1 what was learnt."""
        super().__init__()
        self.grader = grader
        self.strength = strength

    def forward(
        self, photo: Tensor, plain: Tensor, material: Tensor, base: Tensor, target: Tensor
    ) -> tuple[Tensor, ...]:
        slopes, residual_gain, gate, log_gain = self.grader(
            view_for(photo, plain, material, base, target)
        )
        part = self.strength
        residual_gain = (1 - part) * CLOSED_RESIDUAL + part * residual_gain
        return part * slopes, residual_gain, gate**part, part * log_gain


def _doubled(x: Tensor) -> Tensor:
    return interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
