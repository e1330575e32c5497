"""What grades make of photos, in training: calibrated as in serving, compared with the truth."""

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from .pairs import BAND, Subjects
from .recolour import Grades, apply_gain, dye, linear_to_oklab, oklab_to_linear

CALIBRATIONS = 2
"""Fixed-point steps; serving takes up to five."""
WHOLLY = 0.98
"""Share of material from which a pixel is compared: edges are the matte's business."""


def render(lab: Tensor, subjects: Subjects, target: Tensor, grades: Grades) -> Tensor:
    """Linear light (N, 3, H, W) in [0, 1] of OKLab photos dyed `target` (N, 3)."""
    made = dye(lab, subjects.base, subjects.spread, target, grades)
    light = oklab_to_linear(made).clamp(0, 1)
    if grades.log_gain is not None:
        light = apply_gain(light, grades.log_gain).clamp(0, 1)
    return light


@torch.no_grad()
def calibrated(lab: Tensor, subjects: Subjects, grades: Grades) -> Tensor:
    """The target (N, 3) to ask the dye model for, so that the frozen swatch comes out as asked."""
    frozen = subjects.frozen[:, None]
    samples = _at(lab, frozen)
    if grades.log_gain is not None:
        size = lab.shape[-2:]
        field = interpolate(grades.log_gain, size=size, mode="bilinear", align_corners=False)
        grades = grades._replace(log_gain=_at(field, frozen))
    target = subjects.aim
    for _ in range(CALIBRATIONS):
        made = linear_to_oklab(render(samples, subjects, target, grades))[:, :, 0]
        chroma = made[:, 1:, :BAND].median(2).values
        lightness = made[:, :1, BAND:].median(2).values
        target = target + subjects.aim - torch.cat([lightness, chroma], 1)
        target = torch.cat([target[:, :1].clamp(0.05, 1.05), target[:, 1:]], 1)
    return target


def distance(linear: Tensor, wanted: Tensor, material: Tensor) -> Tensor:
    """Mean OKLab distance of linear light from a wanted OKLab picture, inside the material."""
    inside = (material > WHOLLY).float()
    apart = (linear_to_oklab(linear) - wanted).square().sum(1, keepdim=True)
    return ((apart + 1e-6).sqrt() * inside).sum() / inside.sum().clamp_min(1)


def truth_error(linear: Tensor, wanted: Tensor, material: Tensor) -> tuple[Tensor, Tensor]:
    """`distance`, and how far lightness gradients lie from the wanted ones, on average."""
    inside = (material > WHOLLY).float()
    lightness = linear_to_oklab(linear)[:, :1] - wanted[:, :1]
    slopes = sum(
        (lightness.diff(dim=axis).abs() * inside.narrow(axis, 1, inside.shape[axis] - 1)).sum()
        for axis in (2, 3)
    )
    return distance(linear, wanted, material), slopes / inside.sum().clamp_min(1)


def _at(pictures: Tensor, positions: Tensor) -> Tensor:
    """Pixels (N, 3, 1, k) of pictures (N, 3, H, W) at flat positions (N, 1, k)."""
    return pictures.flatten(2).gather(2, positions.expand(-1, 3, -1))[:, :, None]
