"""What the command line takes: commands, their options, and where results may be written."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import InvalidRequest
from .look_options import add_print, add_restyle, check_restyle

if TYPE_CHECKING:
    from ..imaging.clicks import Click, Kind

Command = Callable[[argparse.Namespace], int]
KEEP = "keep"
CLICKS = {
    "product": "correct the matte: there is product",
    "not-product": "correct the matte: there is no product",
    "keep": "correct the matte: what is there stays as it is",
}
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF"}


def parse(
    arguments: list[str] | None,
    *,
    recolour: Command,
    restyle: Command,
    analyse: Command,
    make_print: Command,
) -> argparse.Namespace:
    """Read the command line; `run` of what is returned is the command."""
    parser = argparse.ArgumentParser(
        prog="python -m oscar_gan",
        description="Show a product photo in other colours, prints and styles; make prints; or say"
        " what is seen in a photo.",
        epilog="Exit codes: 0 done, 1 refused by the quality gate, 2 usage or unreadable input.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="{recolour,restyle,analyse,print}")
    shared = _shared_options()
    recolouring = commands.add_parser(
        "recolour", parents=[shared], help="write the photo with the product in other colours"
    )
    _add_recolour(recolouring)
    recolouring.set_defaults(run=recolour)
    restyling = commands.add_parser(
        "restyle", parents=[shared],
        help="write the photo with a print or a style on the product, or like another product",
    )  # fmt: skip
    add_restyle(restyling)
    restyling.set_defaults(run=restyle)
    analysing = commands.add_parser(
        "analyse", parents=[shared], help="find the product, its colours and what must stay"
    )
    analysing.add_argument(
        "--output", type=Path, metavar="DIR", help="folder for matte, keep matte and palette"
    )
    analysing.set_defaults(run=analyse)
    printing = commands.add_parser("print", help="make the seamless tile of a print from a seed")
    add_print(printing)
    printing.set_defaults(run=make_print)
    options = parser.parse_args(arguments)
    if options.run is recolour and not (options.colour or options.mapped):
        recolouring.error("one of the arguments --colour --map is required")
    if options.run is restyle:
        check_restyle(restyling, options)
    return options


def _add_recolour(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--colour", action="append", default=[], metavar="HEX",
        help="colour wanted, such as '#1F3A93'; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--map", action="append", default=[], type=_mapped, metavar="BASE=HEX", dest="mapped",
        help="one more picture: this colour of the product becomes that one, or BASE=keep; may be"
        " repeated, once for each colour of the product",
    )  # fmt: skip
    parser.add_argument(
        "--output", type=Path, metavar="FILE_OR_DIR",
        help="file for one colour (.jpg, .png without loss, .webp, .avif), else a folder;"
        " default: this folder",
    )  # fmt: skip


def _shared_options() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("photo", type=Path, metavar="PHOTO")
    shared.add_argument(
        "--matte", type=Path, metavar="MASK.png", help="white product on black, instead of ours"
    )
    for kind, meaning in CLICKS.items():
        shared.add_argument(
            f"--{kind}", action="append", dest="clicks", type=partial(_click, kind), metavar="X,Y",
            help=f"{meaning} at this point: fractions of width and height; may be repeated",
        )  # fmt: skip
    shared.add_argument(
        "--generator", metavar="NAME", help="classic or recolour; default: the best installed"
    )
    shared.add_argument("--json", action="store_true", help="one JSON object per line and result")
    return shared


def _click(kind: "Kind", text: str) -> "Click":
    """Read a point given as `0.5,0.25`."""
    from ..imaging.clicks import Click

    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = -1.0
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no point; write two fractions from 0 to 1, such as 0.5,0.25."
        )
    return Click(kind, x, y)


def _mapped(text: str) -> tuple[str, str | None]:
    """Read `#C0392B=#0B3D91`; None for `#C0392B=keep`."""
    base, equals, target = (part.strip() for part in text.partition("="))
    if not (base and equals and target):
        raise argparse.ArgumentTypeError(
            f"{text!r} maps no colour; write the product's and the wanted one, such as"
            " '#C0392B=#0B3D91', or '#C0392B=keep'."
        )
    return base, None if target.lower() == KEEP else target


def is_file(output: Path | None) -> bool:
    return output is not None and output.suffix.lower() in FORMATS and not output.is_dir()


def check_output(options: argparse.Namespace, pictures: int) -> None:
    """Refuse an output that could not hold so many pictures, before any work is done."""
    output = options.output
    if output is None or output.is_dir():
        return
    if not is_file(output):
        if output.suffix or output.exists():
            raise InvalidRequest(
                f"Cannot write {output}: its ending is none of {', '.join(FORMATS)}, nor is it a"
                " folder."
            )
    elif pictures > 1:
        raise InvalidRequest(
            f"{output} is one file, but {pictures} pictures were asked for. Name a folder."
        )
    elif output.resolve() == options.photo.resolve():
        raise InvalidRequest(f"{output} is the photo itself. Name another file or a folder.")
