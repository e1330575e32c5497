"""python -m benchmarks.print_sheet: what the shipped printer prints, as pictures for docs/images.

`prints.jpg` shows designs of every kind, seeds in turn (none chosen), `prints-codes.jpg` what
scale, contrast, angle and "more like this" do to one design.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.imaging.colour import linear_to_srgb, parse_hex, srgb_to_linear
from oscar_gan.inference.layout import KINDS
from oscar_gan.inference.printer import Design, Printer, open_printer

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PALETTES = (
    ("#F4EBDD", "#1F3A5F", "#C8553D", "#E9B44C"),
    ("#12263A", "#F4EBDD", "#C5D86D", "#F26430"),
    ("#FDF6F0", "#D1495B", "#66A182", "#EDAE49"),
    ("#2F3E46", "#CAD2C5", "#84A98C", "#F2CC8F"),
    ("#FFFFFF", "#0B3D91", "#F4C20D", "#8FB8DE"),
    ("#EFD9CE", "#7A306C", "#DE639A", "#F7B538"),
    ("#F7F3E9", "#3A5A40", "#A3B18A", "#BC6C25"),
    ("#1B1B1E", "#FBFFFE", "#96031A", "#FAA916"),
)
SIDE, GAP = 100, 5
SAMPLES = 8
"""Designs a row; two rows a kind."""
SCALES = (0.35, 0.5, 0.65, 0.8)
STEPS = 7
"""Designs along a code."""


def main() -> int:
    """Write both pictures; a minute on one core."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=IMAGES, metavar="FOLDER")
    parser.add_argument("--first", type=int, default=1, help="seed of the first designs (1)")
    options = parser.parse_args()
    printer = open_printer(device="cpu")
    for name, designs, columns in (
        ("prints", _samples(options.first), SAMPLES),
        ("prints-codes", _traversals(), STEPS),
    ):
        sheet = _sheet([_picture(printer, *each) for each in designs], columns)
        sheet.save(options.output / f"{name}.jpg", quality=62, optimize=True)
    return 0


def _samples(first: int) -> Iterator[tuple[Design, int]]:
    """Two rows a kind, and the palette of each."""
    for kind in KINDS:
        for place in range(2 * SAMPLES):
            scale = SCALES[place % len(SCALES)]
            angle = 45.0 if place % 5 == 3 else 0.0
            yield Design(kind, first + place, scale=scale, angle=angle), place


def _traversals() -> Iterator[tuple[Design, int]]:
    """A row a code."""
    start = Design("floral", seed=7, scale=0.5)
    for place, changes in enumerate(
        (
            [{"scale": value} for value in np.linspace(0, 1, STEPS).tolist()],
            [{"contrast": value} for value in np.linspace(0.2, 1, STEPS).tolist()],
            [{"kind": "stripe", "angle": value} for value in np.linspace(0, 90, STEPS).tolist()],
            [{"kind": "check", "angle": value} for value in np.linspace(0, 90, STEPS).tolist()],
            [{"strays": tuple(range(1, count + 1))} for count in range(STEPS)],
            [
                {"kind": "geometric", "strays": tuple(range(1, count + 1))}
                for count in range(STEPS)
            ],
        )
    ):
        for change in changes:
            yield replace(start, **change), place


def _picture(printer: Printer, design: Design, palette: int) -> NDArray[np.uint8]:
    """The tile in its palette, inks mixed as light."""
    colours = [srgb_to_linear(parse_hex(text)) for text in PALETTES[palette % len(PALETTES)]]
    light = printer.weights(design, side=SIDE) / 255 @ np.stack(colours)
    return np.rint(255 * np.clip(linear_to_srgb(light), 0, 1)).astype(np.uint8)


def _sheet(pictures: list[NDArray[np.uint8]], columns: int) -> Image.Image:
    step = SIDE + GAP
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * step + GAP, columns * step + GAP, 3), 255, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = (GAP + step * number for number in divmod(place, columns))
        sheet[top : top + SIDE, left : left + SIDE] = picture
    return Image.fromarray(sheet)


if __name__ == "__main__":
    sys.exit(main())
