"""The command `restyle`: a photo with a print, a style or another product's look."""

import argparse
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import UnusableMatte, UnusableTile
from .options import check_output
from .pictures import Studio, finish, open_photo, read, report_refused

if TYPE_CHECKING:
    from ..engine import Generator
    from ..imaging.looks import Look


class Asked(NamedTuple):
    """A look, and what to call it."""

    look: "Look"
    text: str
    """As in reports and in the picture's metadata."""
    name: str
    """As in the picture's file name."""
    recipe: str
    """Everything that it depends on."""


def restyle(options: argparse.Namespace) -> int:
    """Lay one look on a photo."""
    check_output(options, 1)
    asked = None if options.reference else _read_look(options)  # before any slow work
    photo, matte, generator = open_photo(options)
    asked = asked or _like(options.reference, generator)
    try:
        studio = Studio(photo, generator.analyse(photo, matte=matte), generator)
    except UnusableMatte as error:
        return report_refused(options, asked.text, generator, error)
    started = time.perf_counter()
    result = generator.restyle(photo, studio.analysis, asked.look)
    return finish(
        options, studio, result,
        asked=asked.text, name=asked.name, recipe=asked.recipe, started=started,
    )  # fmt: skip


def _read_look(options: argparse.Namespace) -> Asked:
    from ..imaging.looks import StyleLook

    colours = tuple(colour for some in options.colour for colour in some)
    if options.print:
        return _read_print(options, colours)
    look = StyleLook(options.style, colours, dict(options.set or ()), options.seed or 0)
    text = ": ".join(filter(None, [look.style, ", ".join(look.colours)]))
    recipe = f"{text} {sorted(look.sliders.items())} {look.seed}"
    return Asked(look, text, look.style, recipe)


def _read_print(options: argparse.Namespace, colours: tuple[str, ...]) -> Asked:
    from ..imaging.looks import PrintLook
    from ..imaging.placing import Placement, scale_for
    from ..imaging.tiles import read_tile

    data = options.print.read_bytes()
    try:
        tile = read_tile(data, **_given(inks=options.inks))
    except UnusableTile as error:
        raise UnusableTile(f"{options.print}: {error}") from error
    if colours:
        tile = tile.recoloured(colours)
    scale = options.scale
    if options.tile_cm is not None:
        scale = scale_for(options.tile_cm, options.product_cm)
    x, y = options.offset or (None, None)
    placement = Placement(
        **_given(scale=scale, rotation=options.rotation, x=x, y=y, drape=options.drape)
    )
    digest = sha256(data).hexdigest()
    text = f"print {digest[:12]}: {', '.join(tile.colours)}"
    recipe = f"print {digest} {tile.colours} {placement}"
    return Asked(PrintLook(tile, placement), text, options.print.stem, recipe)


def _like(path: Path, generator: "Generator") -> Asked:
    from ..imaging.looks import ReferenceLook

    photo = read(path)
    try:
        look = ReferenceLook(photo, generator.analyse(photo))
    except UnusableMatte as error:
        raise UnusableMatte(f"{path}: {error}") from error
    return Asked(look, f"like photo {photo.digest[:12]}", f"like-{path.stem}", photo.digest)


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
