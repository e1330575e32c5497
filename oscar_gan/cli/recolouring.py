"""The command `recolour`: a photo in other colours."""

import argparse
import time
from typing import TYPE_CHECKING

from ..errors import InvalidRequest, UnusableMatte
from .options import KEEP, check_output
from .output import REFUSED
from .pictures import Studio, finish, open_photo, report_refused

if TYPE_CHECKING:
    from ..imaging.targets import Palette, Target


def recolour(options: argparse.Namespace) -> int:
    """Make one picture for each colour, and one for a mapping of colours."""
    from ..imaging.colour import parse_hex, to_hex

    targets: list[Target] = list(dict.fromkeys(to_hex(parse_hex(text)) for text in options.colour))
    if options.mapped:
        targets.append(_mapping(options.mapped))
    check_output(options, len(targets))
    photo, matte, generator = open_photo(options)
    try:
        studio = Studio(photo, generator.analyse(photo, matte=matte), generator)
    except UnusableMatte as error:
        for target in targets:
            report_refused(options, _named(target), generator, error)
        return REFUSED
    named = {_named(target, studio.analysis.palette): target for target in targets}
    return max(_make(options, studio, *pair) for pair in named.items())


def _mapping(pairs: list[tuple[str, str | None]]) -> dict[int | str, str | None]:
    """Turn what --map said into a target; a bare number is a place in the palette."""
    mapping: dict[int | str, str | None] = {}
    for base, colour in pairs:
        key = int(base) if base.isdecimal() and len(base) == 1 else base
        if key in mapping:
            raise InvalidRequest(f"--map names {base} twice. Give one target for it.")
        mapping[key] = colour
    return mapping


def _named(target: "Target", palette: "Palette | None" = None) -> str:
    """Write a target as text; with a palette, every base colour and what becomes of it."""
    from ..imaging.targets import read_target

    if isinstance(target, str):
        return target
    pairs = target.items()
    if palette is not None:
        bases = (colour for colour, _ in palette)
        pairs = zip(bases, read_target(palette, target), strict=True)
    return " ".join(f"{base}={colour or KEEP}" for base, colour in pairs)


def _make(options: argparse.Namespace, studio: Studio, colour: str, target: "Target") -> int:
    """Make one picture, `target` as `colour` names it."""
    started = time.perf_counter()
    result = studio.generator.recolour(studio.photo, studio.analysis, target)
    made = "-".join(part.rpartition("=")[2] for part in colour.split())
    return finish(
        options, studio, result,
        asked=colour, name=made.replace("#", "").lower(), recipe=colour, started=started,
    )  # fmt: skip
