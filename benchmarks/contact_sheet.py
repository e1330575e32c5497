"""python -m benchmarks.contact_sheet PHOTO_OR_FOLDER …: sheets of photos in many colours.

One row a photo: the photo, what the generator takes for the product, and each colour with its ΔE.
Sheets go to out/, which git ignores, since most people's photos are not ours to publish. From a
folder (and those below it) `--limit` photos are taken, evenly spread; a folder's index.csv, with
columns group, image and mask, names one photo a group and its matte.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from oscar_gan.engine import Generator, default_generator, open_generator, read_photo
from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.matte import read_matte

COLOURS = ["#1F3A93", "#AF2430", "#2E7D32", "#E9B44C", "#F2EFE9", "#1E1E20"]
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}
CELL = 320
CAPTION = 16
ROWS = 10
"""Photos on one sheet."""

Cell = tuple[str, Image.Image | None]
Subject = tuple[Path, Path | None]
"""A photo and its matte, if it has one."""


def main() -> int:
    """Write the sheets; 0 when every photo could be read, 1 otherwise, 2 without any photo."""
    parser = argparse.ArgumentParser(prog="make contact-sheet", description=__doc__)
    parser.add_argument("photos", type=Path, nargs="*", help="files or folders")
    parser.add_argument("--limit", type=int, default=10, help="photos taken from each folder")
    parser.add_argument("--generator", help="classic or recolour; default: the best installed")
    parser.add_argument(
        "--colour", action="append", metavar="HEX", help="instead of the usual six"
    )
    parser.add_argument("--output", type=Path, default=Path("out"))
    options = parser.parse_args()
    photos = [photo for path in options.photos for photo in chosen(path, options.limit)]
    if not photos:
        print("No photos. Say where they are: make contact-sheet PHOTOS=/folder", file=sys.stderr)
        return 2
    generator = open_generator(options.generator or default_generator())
    options.output.mkdir(parents=True, exist_ok=True)
    unread = 0
    for first in range(0, len(photos), ROWS):
        rows = []
        for subject in photos[first : first + ROWS]:
            cells = list(row(*subject, generator, options.colour or COLOURS))
            unread += len(cells) == 1
            rows.append(cells)
        target = options.output / f"contact-sheet-{first // ROWS + 1}.jpg"
        sheet(rows).save(target, quality=90)
        print(target)
    return 1 if unread else 0


def chosen(path: Path, limit: int) -> list[Subject]:
    """The photo itself, or `limit` photos of a folder, evenly spread over all of them."""
    if path.is_file():
        return [(path, None)]
    if (path / "index.csv").is_file():
        found = indexed(path)
    else:
        photos = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES)
        found = [(photo, None) for photo in photos]
    step = max(1, len(found) // limit)
    return found[::step][:limit]


def indexed(folder: Path) -> list[Subject]:
    """The first photo of every group in a folder's index.csv, with its matte."""
    first = {}
    with (folder / "index.csv").open() as file:
        for line in csv.DictReader(file):
            if line["mask"]:
                first.setdefault(line["group"], (folder / line["image"], folder / line["mask"]))
    return list(first.values())


def row(
    path: Path, matte_path: Path | None, generator: Generator, colours: list[str]
) -> Iterator[Cell]:
    """Captioned pictures of one photo; only the reason where it cannot be used."""
    try:
        photo = read_photo(path.read_bytes())
        matte = read_matte(matte_path.read_bytes(), photo) if matte_path else None
        original = Image.fromarray(photo.on_white())
        analysis = generator.analyse(photo, matte=matte)
    except OscarGanError as error:
        yield f"{path.name}: {error}", None
        return
    yield path.name, original
    yield f"matte, {analysis.coverage:.0%}, {analysis.swatch}", Image.fromarray(analysis.matte)
    for colour in colours:
        made = generator.recolour(photo, analysis, colour)
        assessment = made.assessment
        if assessment.refusal:
            yield f"{colour} refused: {assessment.refusal.code}", Image.fromarray(made.pixels)
        else:
            flags = " ".join(finding.code for finding in assessment.warnings)
            yield f"{colour} dE {assessment.delta_e:.1f} {flags}", Image.fromarray(made.pixels)


def sheet(rows: list[list[Cell]]) -> Image.Image:
    """All rows below each other, each picture fitted into a square."""
    width = max(len(cells) for cells in rows) * CELL
    page = Image.new("RGB", (width, len(rows) * (CELL + CAPTION)), "white")
    draw = ImageDraw.Draw(page)
    for y, cells in enumerate(rows):
        for x, (caption, picture) in enumerate(cells):
            left, top = x * CELL, y * (CELL + CAPTION)
            if picture:
                picture.thumbnail((CELL - 4, CELL - 4))
                page.paste(picture, (left, top))
            draw.text((left + 2, top + CELL - 2), caption[:52], fill="black")
    return page


if __name__ == "__main__":
    sys.exit(main())
