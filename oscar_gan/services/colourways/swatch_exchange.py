"""Adobe Swatch Exchange: the palettes that Photoshop, Illustrator and InDesign save, read as CSV.

Written from what is publicly known of the format (its maker publishes no specification): "ASEF", a
version, a count of blocks; each block has a kind and a length, and holds the begin of a group, its
end, or a colour: a name in UTF-16, a model of four letters and its numbers as 32-bit floats; all
big-endian.
"""

from __future__ import annotations

import csv
import io
import math
import struct
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from ...errors import UnusableTable
from ...imaging.colour import to_hex

MAGIC = b"ASEF"
COLOUR, GROUP, GROUP_END = 0x0001, 0xC001, 0xC002
NUMBERS = {"RGB": 3, "CMYK": 4, "LAB": 3, "Gray": 1}
"""How many numbers a colour of each model has."""
COLUMNS = ("name", "hex", "lab", "palette")


class _Swatch(NamedTuple):
    name: str
    model: str
    values: tuple[float, ...]
    group: str


def as_csv(data: bytes) -> str:
    """Turn a swatch file into a table of colourways, a line for each colour, groups as palettes.

    RGB is taken for sRGB. Colours of other models say so in place of a colour, for which the line
    is refused. Raises UnusableTable when the file ends early or holds something else.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    try:
        for swatch in _swatches(data):
            lines.writerow((swatch.name, *_colour(swatch), swatch.group.replace("|", "/")))
    except (struct.error, UnicodeDecodeError) as error:
        raise UnusableTable(
            _("The swatch file is damaged or ends early; save it again as ASE.")
        ) from error
    return text.getvalue()


def _colour(swatch: _Swatch) -> tuple[str, str]:
    """What stands in the columns hex and lab."""
    if not all(math.isfinite(value) for value in swatch.values):
        return "?", ""
    if swatch.model == "LAB":  # lightness from 0 to 1
        light, a, b = swatch.values
        return "", f"{100 * light:.2f} {a:.2f} {b:.2f}"
    if swatch.model in ("RGB", "Gray"):
        levels = swatch.values * (3 // len(swatch.values))
        return to_hex([min(max(value, 0.0), 1.0) for value in levels]), ""
    return _("%(model)s (save it as RGB or Lab)") % {"model": swatch.model}, ""


def _swatches(data: bytes) -> Iterator[_Swatch]:
    count = struct.unpack_from(">I", data, 8)[0]
    place, group = 12, ""
    for _number in range(count):
        kind, length = struct.unpack_from(">HI", data, place)
        block = data[place + 6 : place + 6 + length]
        if len(block) < length:
            raise struct.error("the block is cut off")
        place += 6 + length
        if kind == GROUP:
            group = _name(block)[0]
        elif kind == GROUP_END:
            group = ""
        elif kind == COLOUR:
            name, end = _name(block)
            model = block[end : end + 4].decode("ascii").strip()
            values = struct.unpack_from(f">{NUMBERS.get(model, 0)}f", block, end + 4)
            yield _Swatch(name, model, values, group)


def _name(block: bytes) -> tuple[str, int]:
    """The name that a block begins with, and where it ends."""
    end = 2 + 2 * struct.unpack_from(">H", block)[0]
    if end > len(block):
        raise struct.error("the name is cut off")
    return block[2:end].decode("utf-16-be").rstrip("\0").strip(), end
