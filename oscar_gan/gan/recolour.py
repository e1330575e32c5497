"""Recolouring as training sees it: serving's own dye model, differentiable, on batches.

`dye` is `imaging.dye.dye` operation by operation (a test compares them), because a network that
learns to correct one model would spoil another. Serving evaluates it on the points of a look-up
table, training on every pixel. OKLab: Ottosson 2020. Images are (N, 3, H, W) throughout; colours
are (N, 3) in OKLab.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from oscar_gan.imaging import colour
from oscar_gan.imaging import dye as model
from oscar_gan.imaging.gain import MAX_LOG_GAIN

SPREAD = 0.09
"""Distance from a material's plane (OKLab) that is still the material, where none was fitted."""


class Grades(NamedTuple):
    """`imaging.dye.Grade` for a batch."""

    tone: Tensor
    """(N, k) rising lightness of the result at k evenly spaced lightnesses of the photo."""
    residual_gain: Tensor
    """(N,)"""
    gate: Tensor
    """(N,)"""
    log_gain: Tensor | None = None
    """(N, 3, h, w) of red, green and blue."""


def srgb_to_linear(images: Tensor) -> Tensor:
    """sRGB in [0, 1] to linear light."""
    bright = _power((images.clamp_min(0.04045) + 0.055) / 1.055, 2.4)
    return torch.where(images <= 0.04045, images / 12.92, bright)


def linear_to_srgb(linear: Tensor) -> Tensor:
    """Linear light to sRGB, clipped to [0, 1]."""
    linear = linear.clamp(0, 1)
    curved = 1.055 * linear.clamp_min(0.0031308) ** (1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, 12.92 * linear, curved)


def linear_to_oklab(linear: Tensor) -> Tensor:
    """Linear light to OKLab; lightness in [0, 1]."""
    lms = _matrix(colour.RGB_TO_LMS, linear)
    roots = _power(lms.clamp_min(1e-7), 1 / 3)  # a cube root's slope is infinite at 0
    return _matrix(colour.LMS_TO_OKLAB, roots)


def oklab_to_linear(lab: Tensor) -> Tensor:
    """OKLab to linear light, not clipped."""
    lms = _matrix(colour.OKLAB_TO_LMS, lab) ** 3
    return _matrix(colour.LMS_TO_RGB, lms)


def srgb_to_oklab(images: Tensor) -> Tensor:
    """sRGB in [0, 1] to OKLab."""
    return linear_to_oklab(srgb_to_linear(images))


def oklab_to_srgb(lab: Tensor) -> Tensor:
    """OKLab to sRGB, clipped to [0, 1]."""
    return linear_to_srgb(oklab_to_linear(lab))


def dye(lab: Tensor, base: Tensor, spread: Tensor, target: Tensor, grades: Grades) -> Tensor:
    """Map OKLab images of a material (`base`, `spread` (N,)) to `target`; see `imaging.dye.dye`.

    Without the gain field: that is `apply_gain`'s, in linear light.
    """
    light, ab = lab[:, :1], lab[:, 1:]
    own, wanted = _column(base), _column(target)
    off_plane = ab - own[:, 1:] * _fade(light, own[:, :1])
    member = _membership(light, off_plane, _column(spread[:, None] * grades.gate[:, None]))
    toned = _toned(light, grades.tone, base[:, 0], target[:, 0])
    toned = toned + _highlight(lab, own) * (light - toned).clamp_min(0)
    residual = _turned(off_plane, base, target) * _column(grades.residual_gain[:, None])
    residual = residual * (light / model.DARK).clamp(0, 1)
    chroma = wanted[:, 1:] * _fade(toned, wanted[:, :1]) + residual
    return torch.lerp(lab, torch.cat([toned, chroma], 1), member)


def apply_gain(linear: Tensor, log_gain: Tensor) -> Tensor:
    """Multiply linear light by the exponential of a field (N, 3, h, w), enlarged to the image."""
    field = log_gain.clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN)
    size = linear.shape[-2:]
    if field.shape[-2:] != size:
        field = torch.nn.functional.interpolate(
            field, size=size, mode="bilinear", align_corners=False
        )
    return linear * field.exp()


def closed_form(base: Tensor, target: Tensor) -> Grades:
    """`imaging.dye.closed_form` for a batch; carries no gradient."""
    curves = [
        model.tone_curve(float(own), float(wanted))
        for own, wanted in zip(base[:, 0], target[:, 0], strict=True)
    ]
    tone = torch.tensor(np.stack(curves), dtype=base.dtype, device=base.device)
    ones = torch.ones_like(base[:, 0])
    return Grades(tone, 0.6 * ones, ones)


def recolour(images: Tensor, matte: Tensor, base: Tensor, target: Tensor) -> Tensor:
    """Composite M ⊙ dyed(x) + (1 − M) ⊙ x of sRGB images; differentiable in the matte."""
    spread = torch.full_like(base[:, 0], SPREAD)
    dyed = dye(srgb_to_oklab(images), base, spread, target, closed_form(base, target))
    return torch.lerp(images, oklab_to_srgb(dyed), matte)


def base_colours(images: Tensor, mattes: Tensor) -> Tensor:
    """The colour people would name: medians of the p40–p80 band of lightness in each matte.

    `mattes` (N, 1, H, W). Not differentiable on purpose: the matte must not be rewarded for
    choosing convenient pixels. A matte without a pixel above one half falls back to its peak.
    """
    colours = []
    with torch.no_grad():
        for lab, matte in zip(srgb_to_oklab(images), mattes, strict=True):
            inside = matte[0] > min(0.5, float(matte.max()) * 0.99)
            pixels = lab[:, inside] if inside.any() else lab.flatten(1)
            low, high = pixels[0].quantile(0.4), pixels[0].quantile(0.8)
            band = pixels[:, (pixels[0] >= low) & (pixels[0] <= high)]
            colours.append(band.median(1).values)
    return torch.stack(colours)


def interpolate_curve(values: Tensor, curve: Tensor) -> Tensor:
    """Read curves (N, k) over [0, 1] at values (N, …) in [0, 1], linearly."""
    count, last = len(curve), curve.shape[1] - 1
    flat = values.reshape(count, -1).clamp(0, 1) * last
    low = flat.detach().long().clamp_max(last - 1)
    left, right = curve.gather(1, low), curve.gather(1, low + 1)
    return torch.lerp(left, right, flat - low).reshape(values.shape)


def _toned(light: Tensor, tone: Tensor, base: Tensor, target: Tensor) -> Tensor:
    reached = interpolate_curve(base[:, None], tone).clamp(1e-3, 1 - 1e-3)
    goal = target[:, None].clamp(1e-3, 1 - 1e-3)
    below = tone * goal / reached
    above = goal + (tone - reached) * (1 - goal) / (1 - reached)
    bent = torch.where(tone < reached, below, above).clamp(0, 1)
    return interpolate_curve(light, bent)


def _fade(light: Tensor, own: Tensor) -> Tensor:
    part = (light / own.clamp_min(0.02)).clamp_max(1)
    rising = part + _between(own, model.ROUND_SHADE) * part * (1 - part)
    fading = _between(own, model.HIGHLIGHT_ROOM) * (1 - light) / (1 - own).clamp_min(0.05)
    middle, gap = (rising + fading) / 2, (rising - fading) / 2
    return (middle - (gap**2 + model.CORNER**2 / 4).sqrt()).clamp_min(0)


def _between(own: Tensor, ends: tuple[float, float]) -> Tensor:
    """Interpolate between a dark and a light material's constant."""
    dark, light = model.DARK_TO_LIGHT
    return ends[0] + (ends[1] - ends[0]) * ((own - dark) / (light - dark)).clamp(0, 1)


def _membership(light: Tensor, off_plane: Tensor, spread: Tensor) -> Tensor:
    allowed = spread * (1 + ((model.DARK - light) / model.DARK).clamp(0, 1))
    distance = (off_plane.square().sum(1, keepdim=True) + 1e-12).sqrt()
    return _smooth_step(2 - distance / allowed)


def _highlight(lab: Tensor, own: Tensor) -> Tensor:
    strength = own[:, 1:].square().sum(1, keepdim=True)
    along = (lab[:, 1:] * own[:, 1:]).sum(1, keepdim=True) / strength.clamp_min(1e-6)
    low, high = model.WASHED_OUT
    lost = _smooth_step((1 - along - low) / (high - low))
    bright = ((lab[:, :1] / own[:, :1].clamp_min(1e-3) - 0.85) / 0.15).clamp(0, 1)
    return strength / (strength + model.NEUTRAL**2) * bright * lost


def _turned(off_plane: Tensor, base: Tensor, target: Tensor) -> Tensor:
    """Turn and scale unevenness as `imaging.dye._carried_over` does, without its gain."""
    own, wanted = (torch.complex(each[:, 1], each[:, 2]) for each in (base, target))
    hue = own.abs() ** 2 / (own.abs() ** 2 + model.NEUTRAL**2)
    turn = torch.where(own.abs() > 1e-6, wanted / torch.where(own.abs() > 1e-6, own, 1), 0)
    turn = turn / turn.abs().clamp_min(1)
    factor = (base[:, 0] / target[:, 0]).clamp_max(1) * (hue * turn + (1 - hue))
    real, imaginary = _column(factor.real[:, None]), _column(factor.imag[:, None])
    a, b = off_plane[:, :1], off_plane[:, 1:]
    return torch.cat([a * real - b * imaginary, a * imaginary + b * real], 1)


def _smooth_step(values: Tensor) -> Tensor:
    values = values.clamp(0, 1)
    return values**2 * (3 - 2 * values)


def _matrix(matrix: NDArray[np.floating], images: Tensor) -> Tensor:
    weights = torch.as_tensor(matrix, dtype=images.dtype, device=images.device)
    return (weights @ images.flatten(2)).reshape(images.shape)


def _power(images: Tensor, exponent: float) -> Tensor:
    """Positive numbers to a power: ONNX Runtime's own takes five times as long."""
    return (exponent * images.log()).exp()


def _column(values: Tensor) -> Tensor:
    return values[..., None, None]
