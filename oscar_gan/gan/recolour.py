"""Recolouring as training sees it: the dichromatic map in OKLab, differentiable, at small size.

Serving builds a calibrated LUT instead; this is the same idea in closed form. Dyed cloth keeps
its own plane of colours: chroma follows lightness up to the cloth's own colour and fades towards
white in the highlights, which have the light's colour (Shafer 1985). OKLab: Ottosson 2020.
Images are (N, 3, H, W) throughout; colours are (N, 3) in OKLab.
"""

import torch
from torch import Tensor

TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
STEEPEST = 1.6
"""Largest slope of the tone curve: more would turn noise into texture."""


def srgb_to_oklab(images: Tensor) -> Tensor:
    """sRGB in [0, 1] to OKLab; lightness in [0, 1]."""
    linear = torch.where(
        images <= 0.04045, images / 12.92, ((images.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4
    )
    lms = _matrix(TO_LMS, linear)
    roots = lms.clamp_min(1e-7) ** (1 / 3)  # a cube root's slope is infinite at 0
    return _matrix(TO_LAB, roots)


def oklab_to_srgb(lab: Tensor) -> Tensor:
    """OKLab to sRGB, clipped to [0, 1]."""
    lms = _matrix(torch.linalg.inv(torch.tensor(TO_LAB, dtype=torch.float64)), lab) ** 3
    linear = _matrix(torch.linalg.inv(torch.tensor(TO_LMS, dtype=torch.float64)), lms)
    linear = linear.clamp(0, 1)
    curved = 1.055 * linear.clamp_min(0.0031308) ** (1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, 12.92 * linear, curved)


def dichromatic(
    lab: Tensor, base: Tensor, target: Tensor, *, residual: float = 0.7, gate: float = 0.12
) -> Tensor:
    """Move a material of colour `base` to `target` in OKLab images, highlights staying white.

    `residual`: share kept of what is off the material's plane (heather, weave). `gate`: distance
    from the plane, in OKLab units, at which half or so of the change is withheld: prints.
    """
    lightness, ab = lab[:, :1], lab[:, 1:]
    base_l, base_ab = _column(base[:, :1]).clamp(0.05, 0.95), _column(base[:, 1:])
    target_l, target_ab = _column(target[:, :1]).clamp(0.02, 0.98), _column(target[:, 1:])
    fade = torch.minimum(lightness / base_l, (1 - lightness) / (1 - base_l)).clamp(0, 1)
    off_plane = ab - base_ab * fade
    below = (target_l / base_l).clamp_max(STEEPEST)
    above = ((1 - target_l) / (1 - base_l)).clamp_max(STEEPEST)
    change = lightness - base_l
    toned = target_l + torch.where(change < 0, below, above) * change
    moved = torch.cat([toned.clamp(0, 1), target_ab * fade + residual * off_plane], 1)
    weight = torch.exp(-off_plane.square().sum(1, keepdim=True) / gate**2)
    return torch.lerp(lab, moved, weight)


def recolour(images: Tensor, matte: Tensor, base: Tensor, target: Tensor) -> Tensor:
    """Composite M ⊙ dyed(x) + (1 − M) ⊙ x of sRGB images; differentiable in the matte."""
    dyed = oklab_to_srgb(dichromatic(srgb_to_oklab(images), base, target))
    return torch.lerp(images, dyed, matte)


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


def _matrix(matrix: Tensor | tuple, images: Tensor) -> Tensor:
    weights = torch.as_tensor(matrix, dtype=images.dtype, device=images.device)
    return torch.einsum("ij,njhw->nihw", weights, images)


def _column(values: Tensor) -> Tensor:
    return values[..., None, None]
