"""Put the demo photos on one sheet for the documentation: ``python demo/contact_sheet.py``."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image
from render import save_photo

HERE = Path(__file__).parent
SHEET = HERE.parent / "docs" / "images" / "catalogue.jpg"
CELL, GAP, COLUMNS = 400, 12, 3


def photos() -> list[Path]:
    """All photos in the catalogue's order."""
    catalogue = json.loads((HERE / "catalogue.json").read_text(encoding="utf-8"))
    files = [photo["file"] for product in catalogue["products"] for photo in product["photos"]]
    return [HERE / "photos" / name for name in files]


def sheet(files: list[Path]) -> Image.Image:
    """The photos as squares of ``CELL`` pixels on white, ``COLUMNS`` in a row."""
    rows = -(-len(files) // COLUMNS)
    size = [count * (CELL + GAP) + GAP for count in (COLUMNS, rows)]
    page = Image.new("RGB", tuple(size), "white")
    for i, file in enumerate(files):
        place = tuple(GAP + k * (CELL + GAP) for k in (i % COLUMNS, i // COLUMNS))
        with Image.open(file) as photo:
            page.paste(photo.resize((CELL, CELL), Image.Resampling.LANCZOS), place)
    return page


if __name__ == "__main__":
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    draft = SHEET.with_suffix(".png")
    sheet(photos()).save(draft)
    save_photo(draft, SHEET, quality=86)
    draft.unlink()
