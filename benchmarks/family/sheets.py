"""Pictures of what was made: a grid of each member, each of InfoGAN's codes traversed."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .lesson import SIDE, FamilySettings
from .scores import painted

Grid = NDArray[np.floating]
"""(rows, columns, 28, 28) in [0, 1]"""

SCALE = 2
GAP, CAPTION = 14, 22
REACH = 2.0
"""Values are drawn from ±1 and shown beyond, as in the paper."""
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
