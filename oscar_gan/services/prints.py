"""Prints: keep a tile that somebody chose under a name, colour it anew, hand one in, delete it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.db import IntegrityError, transaction

from ..conf import get_config
from ..errors import InvalidRequest
from ..imaging.colour import parse_hex, to_hex
from ..imaging.tiles import Tile, encode_tile, read_tile
from ..inference import printer
from ..inference.printer import Design
from ..models import Print, SheetTile
from . import access, looks, media, registry, sheets

FOLDER = "prints"
MAX_TILE_BYTES = 20_000_000


def keep_tile(*, tile: SheetTile, inks: Sequence[str], name: str, created_by=None) -> Print:
    """Save a tile of a sheet in these inks as a print; raises InvalidRequest or InvalidColour."""
    if created_by is not None:
        access.require(created_by, "manage_prints")
    sheet = tile.sheet
    return _create(
        sheets.coloured(tile, _normalised(inks)),
        name=name,
        design=tile.design,
        generator=sheet.generator,
        created_by=created_by,
    )


def print_tile(*, design: Design, inks: Sequence[str], name: str) -> Print:
    """Print a design and save it, in a worker or a command: it runs the printer itself."""
    inks = _normalised(inks)
    version = registry.printer_version()
    shipped = printer.open_printer(device=get_config().device)
    weights = shipped.weights(design, side=sheets.SIDE, inks=len(inks))
    made = {"design": asdict(design), "generator": version}
    return _create(Tile(weights, tuple(inks)), name=name, **made)


def keep_picture(*, data: bytes, inks: int, name: str, created_by=None) -> Print:
    """Save a picture of a tile that somebody made elsewhere; raises UnusableTile."""
    if created_by is not None:
        access.require(created_by, "manage_prints")
    return _create(read_tile(data, inks=inks), name=name, created_by=created_by)


def change(*, design: Print, inks: Sequence[str], name: str, by=None) -> Print:
    """Name a print and colour it; pictures made with it before keep the inks they had."""
    if by is not None:
        access.require_print(by, design)
    inks = _normalised(inks)
    if len(inks) != len(design.inks):
        raise InvalidRequest(f"This print has {len(design.inks)} inks, not {len(inks)}.")
    if inks != list(design.inks):
        # A file of its own: recipes name the old one by its digest.
        _keep_file(design, looks.read_print(design).recoloured(tuple(inks)))
    design.name = name.strip()
    _save(design)
    return design


def remove(*, design: Print, by=None) -> None:
    """Delete a print; its variant images stay, and the sweeper leaves the tile they need."""
    if by is not None:
        access.require_print(by, design)
    design.delete()


def _create(tile: Tile, *, name: str, **fields) -> Print:
    design = Print(name=name.strip(), **fields)
    _keep_file(design, tile)
    _save(design)
    return design


def _keep_file(design: Print, tile: Tile) -> None:
    design.inks = list(tile.colours)
    design.file_name, design.digest = media.store_draft(
        encode_tile(tile), folder=FOLDER, extension=".png"
    )


def _save(design: Print) -> None:
    if not design.name:
        raise InvalidRequest("A print needs a name.")
    try:
        with transaction.atomic():
            design.save()
    except IntegrityError as error:
        raise InvalidRequest(
            f"There is a print called {design.name!r} already; choose another name."
        ) from error


def _normalised(inks: Sequence[str]) -> list[str]:
    return [to_hex(parse_hex(ink)) for ink in inks]
