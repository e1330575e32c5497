"""Options of the commands `restyle` and `print`."""

import argparse
from pathlib import Path

PRINT_ONLY = ("scale", "rotation", "offset", "drape", "tile_cm", "product_cm", "inks")
STYLE_ONLY = ("set", "seed")
COLOURS = ["#F3EFE6", "#1F3A5F", "#C8553D", "#E3B23C"]


def add_restyle(parser: argparse.ArgumentParser) -> None:
    """Add the options of `restyle`."""
    look = parser.add_mutually_exclusive_group(required=True)
    look.add_argument("--style", metavar="NAME", help="such as stone-wash; a wrong one lists all")
    look.add_argument("--print", type=Path, metavar="TILE.png", help="the tile of a print")
    look.add_argument(
        "--reference",
        type=Path,
        metavar="PHOTO",
        help="another product: its colours and tone, and its print if it has one",
    )
    parser.add_argument(
        "--colour",
        "--colours",
        action="append",
        default=[],
        type=_colours,
        metavar="HEX[,HEX]",
        help="of a style: for the product's colours, the largest first; of a print: its inks anew",
    )
    parser.add_argument(
        "--set",
        action="append",
        type=_setting,
        metavar="SLIDER=VALUE",
        help="a style's slider, such as strength=0.8; may be repeated",
    )
    parser.add_argument("--seed", type=int, help="of a style: other blotches and fibres")
    parser.add_argument(
        "--scale",
        type=float,
        metavar="SHARE",
        help="a tile's width as a share of the product's, 0.02 to 2 (0.25)",
    )
    parser.add_argument(
        "--tile-cm",
        type=float,
        metavar="CM",
        help="a tile's width, with --product-cm instead of --scale",
    )
    parser.add_argument("--product-cm", type=float, metavar="CM", help="the product's width")
    parser.add_argument("--rotation", type=float, metavar="DEGREES", help="clockwise (0)")
    parser.add_argument(
        "--offset", type=_offset, metavar="X,Y", help="right and down, in tiles, 0 to 1 each (0,0)"
    )
    parser.add_argument(
        "--drape",
        type=float,
        metavar="SHARE",
        help="how far the print follows the folds, 0 to 1 (0.5)",
    )
    parser.add_argument(
        "--inks",
        type=int,
        metavar="N",
        help="most inks looked for in a tile that was not made here (6)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE_OR_DIR",
        help="file (.jpg, .png without loss, .webp, .avif) or folder; default: this folder",
    )


def check_restyle(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End with a message for options that the look does not have."""
    for names, look in ((PRINT_ONLY, "print"), (STYLE_ONLY, "style")):
        given = [name for name in names if getattr(options, name) is not None]
        if given and getattr(options, look) is None:
            parser.error(f"--{given[0].replace('_', '-')} goes with --{look} only")
    if options.colour and options.reference:
        parser.error("--colour goes with --style or --print only: a reference brings its own")
    if (options.tile_cm is None) != (options.product_cm is None):
        parser.error("--tile-cm and --product-cm go together: their ratio is the scale")
    if options.tile_cm is not None and options.scale is not None:
        parser.error("give either --scale or --tile-cm and --product-cm")


def add_print(parser: argparse.ArgumentParser) -> None:
    """Add the options of `print`."""
    parser.add_argument(
        "--kind", required=True, metavar="NAME", help="such as floral; a wrong one lists all"
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed, another print (0)")
    parser.add_argument(
        "--colours",
        "--colour",
        action="append",
        type=_colours,
        metavar="HEX,HEX[,HEX[,HEX]]",
        help=f"2 to 4 inks, the ground first; default {','.join(COLOURS)}",
    )
    parser.add_argument(
        "--size", type=int, default=1024, metavar="PIXELS", help="side of the tile (1024)"
    )
    parser.add_argument(
        "--scale", type=float, default=0.5, help="size of the motifs, 0 to 1 (0.5)"
    )
    parser.add_argument("--contrast", type=float, default=1.0, help="0.1 (tone on tone) to 1")
    parser.add_argument("--angle", type=float, default=0.0, metavar="DEGREES", help="(0)")
    parser.add_argument(
        "--more-like-this",
        type=int,
        action="append",
        default=[],
        metavar="SEED",
        dest="strays",
        help="a small step away from the seed's print; may be repeated, each from the one before",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE.png", help="default: <kind>-<seed>.png in this folder"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _colours(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _setting(text: str) -> tuple[str, float]:
    """Read `strength=0.8`."""
    name, _, value = (part.strip() for part in text.partition("="))
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} sets no slider; write its name and a number, such as strength=0.8."
        ) from None


def _offset(text: str) -> tuple[float, float]:
    """Read `0.5,0.25`."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no offset; write two numbers from 0 to 1, such as 0.5,0."
        ) from None
    return x, y
