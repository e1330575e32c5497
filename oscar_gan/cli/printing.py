"""The command `print`: the seamless tile of a print, from a seed."""

import argparse
import time
from pathlib import Path

from ..errors import InvalidRequest
from .look_options import COLOURS
from .output import DONE, report_print, write

INKS = (2, 4)


def make_print(options: argparse.Namespace) -> int:
    """Make a tile and write it as PNG."""
    from ..imaging.colour import parse_hex, to_hex
    from ..imaging.tiles import Tile, encode_tile
    from ..inference.printer import Design, check_design, open_printer

    started = time.perf_counter()
    given = [colour for some in options.colours or [COLOURS] for colour in some]
    colours = tuple(to_hex(parse_hex(colour)) for colour in given)
    if not INKS[0] <= len(colours) <= INKS[1]:
        raise InvalidRequest(f"A print has {INKS[0]} to {INKS[1]} colours, not {len(colours)}.")
    design = Design(
        options.kind, options.seed, options.scale, options.contrast, options.angle,
        tuple(options.strays),
    )  # fmt: skip
    check_design(design)
    output = options.output or Path(f"{options.kind}-{options.seed}.png")
    if output.suffix.lower() != ".png":
        raise InvalidRequest(f"Cannot write {output}: a tile is a PNG, so end its name in .png.")
    weights = open_printer().weights(design, side=options.size, inks=len(colours))
    write(output, encode_tile(Tile(weights, colours)))
    report_print(
        {
            "output": str(output),
            "kind": design.kind,
            "seed": design.seed,
            "scale": design.scale,
            "contrast": design.contrast,
            "angle": design.angle,
            "strays": list(design.strays),
            "colours": list(colours),
            "size": options.size,
            "seconds": round(time.perf_counter() - started, 3),
        },
        as_json=options.json,
    )
    return DONE
