"""python docs/figures.py: the README's picture, made by the shipped generator from our renders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from oscar_gan.engine import open_generator, read_photo

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/images/colours.jpg"
PHOTOS = ["harbour-t-shirt-red", "galley-mug", "cove-armchair", "quayside-striped-top"]
COLOURS = ["#24345C", "#2F6B4A", "#D29B2A", "#EFEDE8"]
CELL, CAPTION, GAP = 300, 26, 6


def main() -> None:
    """One row a product: the photo, then each colour with its ΔE (Pillow's font has no Greek)."""
    generator = open_generator("recolour")
    rows = []
    for name in PHOTOS:
        photo = read_photo((ROOT / f"demo/photos/{name}.jpg").read_bytes())
        analysis = generator.analyse(photo)
        cells = [("the photo", photo.pixels)]
        for colour in COLOURS:
            made = generator.recolour(photo, analysis, colour)
            cells.append((f"{colour}   dE {made.assessment.delta_e:.1f}", made.pixels))
        rows.append(cells)
    save(rows, TARGET)


def save(rows: list[list[tuple[str, np.ndarray]]], target: Path, cell: int = CELL) -> None:
    """Write captioned pictures, row by row, as one."""
    size = (len(rows[0]) * (cell + GAP) - GAP, len(rows) * (cell + CAPTION + GAP) - GAP)
    page = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(15)
    for y, cells in enumerate(rows):
        for x, (caption, pixels) in enumerate(cells):
            picture = Image.fromarray(pixels).resize((cell, cell), Image.Resampling.LANCZOS)
            left, top = x * (cell + GAP), y * (cell + CAPTION + GAP)
            page.paste(picture, (left, top))
            draw.text((left + 2, top + cell + 4), caption, fill="#333333", font=font)
    target.parent.mkdir(exist_ok=True)
    page.save(target, quality=88, optimize=True)


if __name__ == "__main__":
    main()
