"""Tables of colourways: CSV, or ASE turned into it, read with line numbers of what is wrong.

A line is a colourway: name, its colour (`hex`, or `rgb` as three numbers to 255, or `lab` as L*,
a*, b*), and if wanted `tolerance`, `option` and `palette` (several with `|` between them).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...conf import get_config
from ...errors import InvalidColour, UnusableTable
from ...imaging.colour import delta_e00, lab_to_srgb, parse_hex, srgb_to_lab, to_hex
from . import swatch_exchange
from .exporting import plain_cell

MAX_BYTES = 512_000
ALIASES = {
    "name": ("name", "colour name", "color name", "colourway", "title", "名称"),
    "hex": ("hex", "colour", "color", "html", "web", "#rrggbb", "hex code", "srgb hex"),
    "rgb": ("rgb", "srgb", "r,g,b"),
    "lab": ("lab", "cielab", "l*a*b*", "l,a,b"),
    "r": ("r", "red"),
    "g": ("g", "green"),
    "blue": ("blue",),
    "L": ("l", "l*", "lab l", "lightness"),
    "a": ("a", "a*", "lab a"),
    "b": ("b", "b*", "lab b"),
    "tolerance": ("tolerance", "tolerance (δe)", "delta e", "δe", "de", "tol"),
    "option": ("option", "attribute option", "oscar option"),
    "palette": ("palette", "palettes", "group", "collection"),
}
FAR = 1.0
"""ΔE00 from which a Lab colour outside sRGB is pointed out."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line that can be imported; `note` is something to know about it."""

    line: int
    name: str
    colour: str
    lab: tuple[float, float, float] | None = None
    tolerance: float | None = None
    option: str = ""
    palettes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a line cannot be imported."""

    line: int
    text: str


@dataclass(frozen=True)
class Table:
    """What a file says: nothing is written yet."""

    rows: list[Row]
    problems: list[Problem]


def read_table(data: bytes) -> Table:
    """Read a CSV or ASE file; raises UnusableTable when it is none, too large or lacks a column.

    Comma, semicolon or tab between the cells; UTF-8, or UTF-16 as spreadsheets write it.
    """
    if len(data) > MAX_BYTES:
        raise UnusableTable(
            _("The file has %(size)d kB; the limit is %(limit)d kB. Import it in parts.")
            % {"size": len(data) // 1000, "limit": MAX_BYTES // 1000}
        )
    text = decoded(data)
    separator = _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = next(lines, [])
        columns = _columns(header)
        return _rows(lines, columns, decimal_comma=separator != ",")
    except csv.Error as error:
        raise UnusableTable(
            _("Line %(line)d is not CSV (%(error)s); look at its quotation marks.")
            % {"line": lines.line_num, "error": error}
        ) from error


def decoded(data: bytes) -> str:
    """The text of a file; UnusableTable when it is in no encoding that is read."""
    if data.startswith(swatch_exchange.MAGIC):
        return swatch_exchange.as_csv(data)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableTable(
            _("Byte %(number)d is not UTF-8; save the table as “CSV UTF-8”.")
            % {"number": error.start + 1}
        ) from error
    if "\x00" in text:
        raise UnusableTable(_("This is no text; save the table as “CSV UTF-8”."))
    return text


def _separator(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _columns(header: list[str]) -> dict[str, int]:
    known = {alias: column for column, aliases in ALIASES.items() for alias in aliases}
    found: dict[str, int] = {}
    for position, cell in enumerate(header):
        column = known.get(" ".join(cell.casefold().split()))
        if column in found:
            text = _("Line 1: there are two columns “%(column)s”; leave one out.")
            raise UnusableTable(text % {"column": cell})
        if column:
            found[column] = position
    if "b" in found and {"r", "g"} <= found.keys() and "L" not in found:
        found["blue"] = found.pop("b")
    colour = (
        {"hex", "rgb", "lab"} & found.keys()
        or {"r", "g", "blue"} <= found.keys()
        or {"L", "a", "b"} <= found.keys()
    )
    if "name" not in found or not colour:
        raise UnusableTable(
            _(
                "Line 1 must name the columns: “name”, and “hex”, “rgb” or “lab” (or L, a, b); it"
                " says: %(header)s."
            )
            % {"header": ", ".join(header)[:200] or "—"}
        )
    return found


def _rows(lines, columns: dict[str, int], *, decimal_comma: bool) -> Table:
    limit = get_config().max_colourway_rows
    rows, problems, names = [], [], {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        line = lines.line_num
        if len(rows) + len(problems) == limit:
            raise UnusableTable(
                _("The table has more than %(limit)d lines, the limit. Import it in parts.")
                % {"limit": limit}
            )
        given = {
            column: plain_cell(cells[position]) if position < len(cells) else ""
            for column, position in columns.items()
        }
        try:
            row = _row(line, given, decimal_comma=decimal_comma)
            if (first := names.setdefault(row.name.casefold(), line)) != line:
                text = _("“%(name)s” is on line %(line)d already.")
                raise ValueError(text % {"name": row.name, "line": first})
            rows.append(row)
        except (ValueError, InvalidColour) as error:
            problems.append(Problem(line, str(error)))
    return Table(rows, problems)


def _row(line: int, given: dict[str, str], *, decimal_comma: bool) -> Row:
    name = given["name"]
    if not name or len(name) > 100:
        text = _("The name is over 100 characters.") if name else _("The name is missing.")
        raise ValueError(text)
    colour, lab = _colour(given, decimal_comma)
    tolerance = given.get("tolerance")
    value = _numbers(tolerance, decimal_comma, 1)[0] if tolerance else None
    if value is not None and not 0.1 <= value <= 10:
        text = _("The tolerance is %(tolerance)s; it must be between 0.1 and 10.")
        raise ValueError(text % {"tolerance": tolerance})
    palettes = (text.strip() for text in given.get("palette", "").split("|"))
    return Row(
        line=line,
        name=name,
        colour=colour,
        lab=lab,
        tolerance=value,
        option=given.get("option", ""),
        palettes=tuple(dict.fromkeys(text[:100] for text in palettes if text)),
        note=_note(colour, lab),
    )


def _colour(given: dict[str, str], decimal_comma: bool):
    """#RRGGBB and, where Lab is given (it is the more exact), the Lab."""
    lab = given.get("lab") or " ".join(given.get(key, "") for key in ("L", "a", "b")).strip()
    if lab:
        light, a, b = _numbers(lab, decimal_comma, 3)
        if not (0 <= light <= 100 and abs(a) <= 150 and abs(b) <= 150):
            text = _("%(lab)s is no Lab colour: L* from 0 to 100, a* and b* to ±150.")
            raise ValueError(text % {"lab": lab})
        return to_hex(lab_to_srgb((light, a, b))), (light, a, b)
    if given.get("hex"):
        return to_hex(parse_hex(given["hex"])), None
    rgb = given.get("rgb") or " ".join(given.get(key, "") for key in ("r", "g", "blue")).strip()
    if not rgb:
        raise ValueError(_("The colour is missing."))
    values = _numbers(rgb, decimal_comma, 3)
    if not all(0 <= value <= 255 for value in values):
        text = _("%(rgb)s is no sRGB colour: three numbers from 0 to 255.")
        raise ValueError(text % {"rgb": rgb})
    return to_hex(np.array(values) / 255), None


def _numbers(text: str, decimal_comma: bool, count: int) -> list[float]:
    """`count` numbers, whatever stands between them."""
    cleaned = text.replace("−", "-")  # the typographer's minus
    if decimal_comma:
        cleaned = re.sub(r"(?<=\d),(?=\d)", ".", cleaned)
    found = re.findall(r"-?\d+(?:\.\d+)?", cleaned)
    if len(found) != count or re.search(r"[^\d\s.,;:()/*+LlabRrGgBbS-]", cleaned):
        raise ValueError(
            ngettext("“%(text)s” is no number.", "“%(text)s” are not %(count)d numbers.", count)
            % {"text": text, "count": count}
        )
    return [float(number) for number in found]


def _note(colour: str, lab) -> str:
    if lab is None:
        return ""
    away = float(delta_e00(srgb_to_lab(parse_hex(colour)), np.array(lab)))
    if away <= FAR:
        return ""
    return _("Outside sRGB; the nearest colour is ΔE %(away).1f away.") % {"away": away}
