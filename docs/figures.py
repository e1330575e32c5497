"""python docs/figures.py: the README's picture, made by the shipped generator from our renders."""

from __future__ import annotations

from pathlib import Path

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
    columns, rows = len(COLOURS) + 1, len(PHOTOS)
    size = (columns * (CELL + GAP) - GAP, rows * (CELL + CAPTION + GAP) - GAP)
    page = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(15)
    for y, name in enumerate(PHOTOS):
        photo = read_photo((ROOT / f"demo/photos/{name}.jpg").read_bytes())
        analysis = generator.analyse(photo)
        cells = [("the photo", photo.pixels)]
        for colour in COLOURS:
            made = generator.recolour(photo, analysis, colour)
            cells.append((f"{colour}   dE {made.assessment.delta_e:.1f}", made.pixels))
        for x, (caption, pixels) in enumerate(cells):
            picture = Image.fromarray(pixels).resize((CELL, CELL), Image.Resampling.LANCZOS)
            left, top = x * (CELL + GAP), y * (CELL + CAPTION + GAP)
            page.paste(picture, (left, top))
            draw.text((left + 2, top + CELL + 4), caption, fill="#333333", font=font)
    TARGET.parent.mkdir(exist_ok=True)
    page.save(TARGET, quality=88, optimize=True)


if __name__ == "__main__":
    main()
