"""What a run shows while it goes: sample grids and loss curves, as PNG files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from .data import Batch
from .networks import Analyser
from .recolour import base_colours, recolour

INK = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f")
NAVY = (0.32, -0.01, -0.11)
"""OKLab colour that samples are dyed with."""


@torch.no_grad()
def save_samples(analyser: Analyser, batch: Batch, path: Path) -> None:
    """Write one row per picture: it, the wanted and the found matte, keep, and it dyed navy."""
    images = torch.cat([batch.images, batch.photos]) if len(batch.photos) else batch.images
    seen = analyser(images)
    matte, keep = seen.matte.sigmoid(), seen.keep.sigmoid()
    target = torch.tensor(NAVY).expand(len(images), 3)
    dyed = recolour(images, matte * (1 - keep), base_colours(images, matte), target)
    wanted = torch.full_like(matte, 0.5)
    wanted[: len(batch.matte)] = torch.lerp(
        wanted[: len(batch.matte)], batch.matte, batch.matte_weight
    )
    columns = [images, *(mask.expand_as(images) for mask in (wanted, matte, keep)), dyed]
    rows = torch.cat([column.clamp(0, 1) for column in columns], 3)
    halves = torch.chunk(rows, 2)  # two blocks side by side, for a shape that fits a screen
    strips = [torch.cat(list(half), 1) for half in halves]
    height = max(strip.shape[1] for strip in strips)
    padded = [
        torch.nn.functional.pad(strip, (0, 0, 0, height - strip.shape[1])) for strip in strips
    ]
    levels = (torch.cat(padded, 2).permute(1, 2, 0) * 255).round().byte().numpy()
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
