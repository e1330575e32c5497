"""What a run shows while it goes: sample grids and loss curves, as PNG files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn.functional import pad

INK = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f")


def contact_sheet(*columns: Tensor) -> NDArray[np.uint8]:
    """Levels (H, W, 3) of a sheet with one picture per row and two blocks of rows side by side.

    Each column is a batch of pictures (N, 3, S, S) or masks (N, 1, S, S) in [0, 1].
    """
    shown = [column.clamp(0, 1).expand(-1, 3, -1, -1) for column in columns]
    strips = [torch.cat(list(half), 1) for half in torch.cat(shown, 3).chunk(2)]
    height = max(strip.shape[1] for strip in strips)
    padded = [pad(strip, (0, 0, 0, height - strip.shape[1])) for strip in strips]
    return (torch.cat(padded, 2).permute(1, 2, 0) * 255).round().byte().cpu().numpy()


def save_levels(levels: NDArray[np.uint8], path: Path) -> None:
    """Write levels (H, W, 3) as a PNG."""
    Image.fromarray(np.ascontiguousarray(levels)).save(path)


def save_curves(history: Mapping[str, Sequence[tuple[int, float]]], path: Path) -> None:
    """Write a small panel per series of (step, value), smoothed, with its first and last value."""
    width, height = 420, 130
    sheet = Image.new("RGB", (2 * width, height * max(1, (len(history) + 1) // 2)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (name, series) in enumerate(sorted(history.items())):
        left, top = index % 2 * width, index // 2 * height
        values = _smoothed([value for _, value in series])
        low, high = min(values), max(values)
        span = max(high - low, 1e-9)
        x = np.linspace(left + 12, left + width - 12, len(values))
        y = top + height - 12 - (np.array(values) - low) / span * (height - 40)
        draw.line(list(zip(x, y, strict=True)), fill=INK[index % len(INK)], width=2)
        label = f"{name}: {values[0]:.4g} to {values[-1]:.4g} (step {series[-1][0]})"
        draw.text((left + 12, top + 6), label, fill="black")
    sheet.save(path)


def _smoothed(values: list[float]) -> list[float]:
    window = max(1, len(values) // 50)
    return [float(np.mean(values[max(0, k - window) : k + 1])) for k in range(len(values))]
