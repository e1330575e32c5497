"""Where somebody stands in the print designer: read from the address or the form, and back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from ..errors import InvalidColour
from ..imaging.colour import parse_hex, to_hex
from ..inference import printer
from ..models import PrintSheet
from ..services import palettes, wishes
from ..services.look_names import kind_name

DEFAULT_INKS = 3


@dataclass(frozen=True, kw_only=True)
class DesignerState:
    """The sheet on show, the tile chosen on it, its inks, and the codes for the next sheet."""

    wish: wishes.Wish = wishes.Wish()
    count: int = DEFAULT_INKS
    sheet: str = ""
    tile: int = 0
    lock: bool = False
    inks: tuple[str, ...] = ()
    inks_of: int | None = None
    """The tile that `inks` were set for; others keep their own palette while it is not locked."""
    source: int | None = None
    q: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> DesignerState:
        """Take what makes sense and leave the rest at its default: addresses get mangled."""
        default = wishes.Wish()
        kind = given.get("kind", "")
        wish = wishes.Wish(
            kind=kind if kind in printer.KINDS else "",
            seed=_whole(given.get("seed"), 0, wishes.MAX_SEED, default.seed),
            **{
                name: _number(given.get(name), *CODES[name], getattr(default, name))
                for name in CODES
            },
        )
        return cls(
            wish=wish,
            count=_whole(given.get("count"), *printer.INKS, DEFAULT_INKS),
            sheet=given.get("sheet", "")[:36],
            tile=_whole(given.get("tile"), 0, wishes.TILES - 1, 0),
            lock=bool(given.get("lock")),
            inks=read_inks(given),
            inks_of=_whole(given.get("inks_of"), 0, wishes.TILES - 1, None),
            source=_whole(given.get("source"), 1, 2**63 - 1, None),
            q=given.get("q", "")[:100],
        )

    def of_sheet(self, sheet: PrintSheet) -> DesignerState:
        """The same place with the codes that `sheet` was asked for."""
        wish = wishes.Wish(**sheet.wish)
        if wish.like is not None:
            parent = wishes.read_design(wish.like)
            codes = {name: getattr(parent, name) for name in CODES}
            wish = replace(wish, kind=parent.kind, **codes)
        return replace(self, wish=wish, count=sheet.inks, sheet=str(sheet.pk))

    def inks_for(self, position: int, design: Mapping) -> list[str]:
        """The inks that a tile is shown and saved in."""
        if len(self.inks) == self.count and (self.lock or self.inks_of in (None, position)):
            return list(self.inks)
        return palettes.suggested(design["seed"], self.count)

    @property
    def sheet_id(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.sheet)
        except ValueError:
            return None

    def url(self, **changes) -> str:
        """The designer at this place."""
        state = replace(self, **changes)
        pairs = [("sheet", state.sheet), ("tile", state.tile), ("count", state.count)]
        pairs += [(name, getattr(state.wish, name)) for name in ("kind", "seed", *CODES)]
        pairs += [("ink", ink) for ink in state.inks]
        pairs += [
            ("lock", "on" if state.lock else ""),
            ("inks_of", "" if state.inks_of is None else state.inks_of),
            ("source", state.source or ""),
            ("q", state.q),
        ]
        given = urlencode([(name, value) for name, value in pairs if value != ""])
        return f"{reverse('oscar_gan:gan-print-designer')}?{given}"


CODES: dict[str, tuple[float, float]] = {
    "scale": (0, 1),
    "contrast": (printer.LOWEST_CONTRAST, 1),
    "angle": (-90, 90),
}
"""The printer's continuous codes and their limits."""


def code_fields(state: DesignerState) -> list[dict]:
    """The sliders of the continuous codes."""
    labels = {"scale": _("Scale"), "contrast": _("Contrast"), "angle": _("Angle (degrees)")}
    return [
        {
            "name": name,
            "label": labels[name],
            "low": low,
            "high": high,
            "step": 1 if high - low > 10 else 0.05,
            "value": getattr(state.wish, name),
        }
        for name, (low, high) in CODES.items()
    ]


def sheet_json(sheet: PrintSheet) -> dict:
    """A sheet as the page takes it: what was asked, how far it is, its tiles."""
    tiles = list(sheet.tiles.all())
    finished = sheet.status not in PrintSheet.UNFINISHED
    return {
        "id": str(sheet.pk),
        "finished": finished,
        "problem": sheet.problem if sheet.status == PrintSheet.Status.FAILED else "",
        "count": sheet.inks,
        "url": reverse("oscar_gan:gan-print-designer") + f"?sheet={sheet.pk}",
        "status_url": reverse("oscar_gan:gan-sheet-status", args=[sheet.pk]),
        "total": wishes.TILES,
        "tiles": [tile_json(sheet, tile) for tile in tiles],
        "summary": _summary(len(tiles), finished),
    }


def tile_json(sheet: PrintSheet, tile) -> dict:
    """One tile: what it is called, where its weights are, the palette it is first shown in."""
    design = tile.design
    return {
        "position": tile.position,
        "label": tile_label(tile.position, design),
        "design": design,
        "inks": palettes.suggested(design["seed"], sheet.inks),
        "weights_url": reverse("oscar_gan:gan-sheet-weights", args=[sheet.pk, tile.position]),
        "picture_url": reverse("oscar_gan:gan-sheet-picture", args=[sheet.pk, tile.position]),
    }


def tile_label(position: int, design: Mapping) -> str:
    """E.g. "Floral tile 3, seed 812"."""
    values = {
        "kind": kind_name(design["kind"]),
        "number": position + 1,
        "seed": design["seed"],
    }
    if steps := len(design.get("strays", ())):
        return _("%(kind)s tile %(number)d, seed %(seed)d, step %(steps)d") % {
            **values,
            "steps": steps,
        }
    return _("%(kind)s tile %(number)d, seed %(seed)d") % values


def read_inks(given: QueryDict) -> tuple[str, ...]:
    """The inks in an address or a form; what is no colour is left out."""
    return tuple(filter(None, map(_colour, given.getlist("ink"))))


def _summary(made: int, finished: bool) -> str:
    if finished and made:
        return _("%(count)d tiles are ready.") % {"count": made}
    return _("Printing tiles…")


def _colour(text: str) -> str | None:
    try:
        return to_hex(parse_hex(text))
    except InvalidColour:
        return None


def _whole(text: str | None, low: int, high: int, default: int | None) -> int | None:
    try:
        value = int(text or "")
    except ValueError:
        return default
    return value if low <= value <= high else default


def _number(text: str | None, low: float, high: float, default: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return default
    return value if low <= value <= high else default
