"""Screen-print artwork, drawn here so that the shop owes nobody for it."""

from __future__ import annotations

import bpy
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from textures import to_image


def sunrise(words: str = "NORTH HARBOUR", side: int = 1400) -> bpy.types.Image:
    """A sun with rays over waves inside a circle, words below; white is ink, (side, side)."""
    big = side * 2
    art = Image.new("L", (big, big), 0)
    draw = ImageDraw.Draw(art)
    centre, horizon, radius = big / 2, big * 0.47, big * 0.37
    _rays(draw, centre, horizon, big * 0.17, radius)
    sun = big * 0.145
    draw.pieslice((centre - sun, horizon - sun, centre + sun, horizon + sun), 180, 360, fill=255)
    _waves(draw, centre, horizon, radius)
    _spaced(draw, words, centre, big * 0.9, big * 0.07)
    art = art.resize((side, side), Image.Resampling.LANCZOS)
    return to_image("sunrise", np.asarray(art, np.float32)[::-1] / 255)


def _rays(draw: ImageDraw.ImageDraw, x: float, y: float, near: float, far: float) -> None:
    for i in range(19):
        angle = np.pi * (i + 0.5) / 19
        reach = far * (1.0 if i % 2 else 0.86)
        half = 0.052
        corners = [
            (near, half * 0.75),
            (reach, half * 0.62),
            (reach, -half * 0.62),
            (near, -half * 0.75),
        ]
        points = [(x + r * np.cos(angle + a), y - r * np.sin(angle + a)) for r, a in corners]
        draw.polygon(points, fill=255)


def _waves(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    for row in range(6):
        depth = radius * (0.09 + 0.145 * row)
        half = np.sqrt(max(radius**2 - depth**2, 0))
        t = np.linspace(-half, half, 240)
        crest = np.sin(t / radius * 21 + row * 1.9) * radius * 0.028
        thick = radius * (0.030 + 0.004 * row) * np.sqrt(np.clip(1 - (t / half) ** 4, 0.02, 1))
        upper = np.stack([x + t, y + depth + crest - thick], 1)
        lower = np.stack([x + t, y + depth + crest + thick], 1)[::-1]
        draw.polygon([tuple(p) for p in np.vstack([upper, lower])], fill=255)


def _spaced(draw: ImageDraw.ImageDraw, words: str, x: float, y: float, size: float) -> None:
    font = ImageFont.load_default(size)
    gap = size * 0.28
    widths = [draw.textlength(letter, font=font) for letter in words]
    pen = x - (sum(widths) + gap * (len(words) - 1)) / 2
    for letter, width in zip(words, widths, strict=True):
        draw.text((pen, y), letter, font=font, fill=255, anchor="lm", stroke_width=size * 0.02)
        pen += width + gap


def stars(side: int = 1000, *, points: int = 6) -> bpy.types.Image:
    """A compass rose with ``points`` × 2 spikes; white is ink."""
    art = Image.new("L", (side * 2, side * 2), 0)
    draw = ImageDraw.Draw(art)
    for ring, count, turn in ((0.9, points, 0.0), (0.6, points, np.pi / points)):
        for i in range(count):
            angle = 2 * np.pi * i / count + turn
            tip = side + side * ring * np.array([np.cos(angle), np.sin(angle)])
            wide = 0.16 * ring
            flank = [
                side + side * wide * np.array([np.cos(angle + s), np.sin(angle + s)])
                for s in (-0.6, 0.6)
            ]
            draw.polygon([tuple(tip), tuple(flank[0]), (side, side), tuple(flank[1])], fill=255)
    small = art.resize((side, side), Image.Resampling.LANCZOS)
    return to_image("rose", np.asarray(small, np.float32)[::-1] / 255)
