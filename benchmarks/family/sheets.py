"""Pictures of what was made: a grid of each member, each of InfoGAN's codes traversed, curves."""

from collections.abc import Mapping, Sequence
from math import log10

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .course import Mark
from .lesson import SIDE, FamilySettings
from .scores import painted

Grid = NDArray[np.floating]
"""(rows, columns, 28, 28) in [0, 1]"""

SCALE = 2
GAP, CAPTION = 14, 22
REACH = 2.0
"""Values are drawn from ±1 and shown beyond, as in the paper."""
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b")
SEED = 11


def grid(pictures: NDArray[np.floating], columns: int) -> Grid:
    """Pictures (n, 28, 28, 1) row by row."""
    return pictures.reshape(-1, columns, SIDE, SIDE)


def traversals(painter: torch.nn.Module, settings: FamilySettings) -> dict[str, Grid]:
    """Pictures by code: only that code changes along a row, only the noise from row to row.

    Rows of the values are one for each category; their noise is one and the same.
    """
    generator = torch.Generator().manual_seed(SEED)
    kinds = torch.eye(settings.categories)
    rows = settings.categories
    noise = torch.randn(rows, settings.noise, generator=generator)
    still = torch.zeros(settings.values)
    found = {
        "category": [torch.cat([part, kind, still]) for part in noise for kind in kinds],
    }
    for place in range(settings.values):
        steps = torch.zeros(settings.categories, settings.values)
        steps[:, place] = torch.linspace(-REACH, REACH, settings.categories)
        found[f"value {place + 1}: {-REACH:g} to {REACH:g}"] = [
            torch.cat([noise[0], kind, step]) for kind in kinds for step in steps
        ]
    return {
        name: grid(painted(painter, torch.stack(made)), settings.categories)
        for name, made in found.items()
    }


def page(grids: Mapping[str, Grid], across: int) -> Image.Image:
    """Grids with their names, so many across."""
    tiles = [_captioned(name, each) for name, each in grids.items()]
    rows = [tiles[start : start + across] for start in range(0, len(tiles), across)]
    width = max(sum(tile.width + GAP for tile in row) for row in rows) + GAP
    height = sum(max(tile.height for tile in row) + GAP for row in rows) + GAP
    sheet = Image.new("L", (width, height), 255)
    top = GAP
    for row in rows:
        left = GAP
        for tile in row:
            sheet.paste(tile, (left, top))
            left += tile.width + GAP
        top += max(tile.height for tile in row) + GAP
    return sheet


def _captioned(name: str, grid: Grid) -> Image.Image:
    rows, columns = grid.shape[:2]
    levels = (grid.transpose(0, 2, 1, 3).reshape(rows * SIDE, columns * SIDE) * 255).round()
    picture = Image.fromarray(levels.astype(np.uint8))
    picture = picture.resize((picture.width * SCALE, picture.height * SCALE), Image.NEAREST)
    tile = Image.new("L", (picture.width, picture.height + CAPTION), 255)
    tile.paste(picture, (0, CAPTION))
    ImageDraw.Draw(tile).text((0, 2), name, fill=34, font=ImageFont.load_default(15))
    return tile


def curves(runs: Mapping[str, Sequence[Sequence[Mark]]]) -> Image.Image:
    """KID over seconds of one core, both in powers of ten: a line a run, a colour a member."""
    width, height, edge = 760, 420, 56
    sheet = Image.new("RGB", (width, height), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    points = [mark for lines in runs.values() for marks in lines for mark in marks if mark.kid]
    spans = [
        (log10(min(values)), log10(max(values)))
        for values in ([m.seconds for m in points], [max(m.kid, 0.1) for m in points])
    ]

    def place(seconds: float, kid: float) -> tuple[float, float]:
        x, y = (
            (log10(max(value, 0.1)) - low) / max(high - low, 1e-9)
            for value, (low, high) in zip((seconds, kid), spans, strict=True)
        )
        return edge + x * (width - 2 * edge - 70), height - edge - y * (height - 2 * edge)

    for power in range(-1, 5):
        for unit in (1, 3):
            value = unit * 10.0**power
            if spans[0][0] <= log10(value) <= spans[0][1]:
                x = place(value, 1)[0]
                draw.line([(x, edge), (x, height - edge)], fill="#e4e4e4")
                draw.text((x - 10, height - edge + 4), f"{value:g}", fill="#444444", font=font)
            if spans[1][0] <= log10(value) <= spans[1][1]:
                y = place(1, value)[1]
                draw.line([(edge, y), (width - edge - 70, y)], fill="#e4e4e4")
                draw.text((8, y - 8), f"{value:g}", fill="#444444", font=font)
    draw.text((edge, 8), "KID x 1000 (own features)", fill="#222222", font=font)
    draw.text((width - 330, height - 24), "seconds of one core", fill="#222222", font=font)
    for number, (name, lines) in enumerate(runs.items()):
        colour = COLOURS[number % len(COLOURS)]
        for marks in lines:
            line = [place(mark.seconds, mark.kid) for mark in marks if mark.kid]
            if len(line) > 1:
                draw.line(line, fill=colour, width=2)
        draw.text((width - edge - 60, edge + 22 * number), name, fill=colour, font=font)
    return sheet
