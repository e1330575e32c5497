"""Tables of colourways written so that no spreadsheet runs what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...models import Colourway

COLUMNS = ("name", "hex", "L", "a", "b", "tolerance", "option", "palette")
"""Of an export."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


def write_table(colourways: Iterable[Colourway]) -> Iterator[list[str]]:
    """Header and one line for each colourway (with `palettes` prefetched), safe to open."""
    yield list(COLUMNS)
    for colourway in colourways:
        lab = colourway.lab or ("", "", "")
        option = colourway.option.option if colourway.option else ""
        palettes = "|".join(palette.name for palette in colourway.palettes.all())
        cells = (colourway.name, colourway.colour, *lab, colourway.tolerance, option, palettes)
        yield [safe_cell(str(cell)) for cell in cells]


def safe_cell(text: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run; numbers stay."""
    if text.startswith(FORMULA) and not NUMBER.match(text):
        return f"'{text}"
    return text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
