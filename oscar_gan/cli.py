"""The command line: recolour and analyse photos without Django.

Exit codes: 0 done, 1 refused by the quality gate, 2 usage or unreadable input.
"""

import argparse
import json
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .cli_output import as_dict, complain, report, write
from .errors import InvalidRequest, OscarGanError, UnusableMatte, UnusablePhoto

if TYPE_CHECKING:  # the engine takes a moment to load: --help must not wait for it
    from .engine import Analysis, Generator, Photo, Recoloured
    from .imaging.clicks import Click, Kind

DONE, REFUSED, UNUSABLE = 0, 1, 2
CLICKS = {
    "product": "correct the matte: there is product",
    "not-product": "correct the matte: there is no product",
    "keep": "correct the matte: what is there stays as it is",
}
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF"}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except OscarGanError as error:
        complain(str(error))
    except OSError as error:
        complain(f"{error.filename or 'The file'}: {error.strerror or error}.")
    except KeyboardInterrupt:
        complain("Interrupted; nothing half-written is left.")
    except Exception as error:  # a person typed this: a sentence serves better than a traceback
        complain(f"Unexpected {type(error).__name__}: {error}. Please report it with the photo.")
    return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m oscar_gan",
        description="Show a product photo in other colours, or say what is seen in it.",
        epilog="Exit codes: 0 done, 1 refused by the quality gate, 2 usage or unreadable input.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="{recolour,analyse}")
    shared = _shared_options()
    recolour = commands.add_parser(
        "recolour", parents=[shared], help="write the photo with the product in other colours"
    )
    recolour.add_argument(
        "--colour", action="append", required=True, metavar="HEX",
        help="colour wanted, such as '#1F3A93'; may be repeated",
    )  # fmt: skip
    recolour.add_argument(
        "--output", type=Path, metavar="FILE_OR_DIR",
        help="file for one colour (.jpg, .png without loss, .webp, .avif), else a folder;"
        " default: this folder",
    )  # fmt: skip
    recolour.set_defaults(run=_recolour)
    analyse = commands.add_parser(
        "analyse", parents=[shared], help="find the product, its colours and what must stay"
    )
    analyse.add_argument(
        "--output", type=Path, metavar="DIR", help="folder for matte, keep matte and palette"
    )
    analyse.set_defaults(run=_analyse)
    return parser


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


def _recolour(options: argparse.Namespace) -> int:
    from .imaging.colour import parse_hex, to_hex

    colours = list(dict.fromkeys(to_hex(parse_hex(text)) for text in options.colour))
    _check_output(options, len(colours))
    photo, matte, generator = _open(options)
    try:
        analysis = generator.analyse(photo, matte=matte)
    except UnusableMatte as error:
        for colour in colours:
            report(_refused(options, colour, generator, error), as_json=options.json)
        return REFUSED
    verdicts = [_make(options, photo, analysis, generator, colour) for colour in colours]
    return max(verdicts)


def _make(
    options: argparse.Namespace,
    photo: "Photo",
    analysis: "Analysis",
    generator: "Generator",
    colour: str,
) -> int:
    """Make one colour, write it unless it is refused, and report."""
    started = time.perf_counter()
    result = generator.recolour(photo, analysis, colour)
    verdict = result.assessment
    output = None
    if verdict.refusal is None:
        output = _write_variant(options, photo, analysis, generator, result)
    outcome = {
        "photo": str(options.photo),
        "output": str(output) if output else None,
        "colour": colour,
        "made": verdict.made,
        "delta_e": round(verdict.delta_e, 3),
        "structure": round(verdict.structure, 4),
        "background_max": verdict.background_max,
        "protected_max": verdict.protected_max,
        "noise_gain": round(verdict.noise_gain, 3),
        "warnings": [as_dict(finding) for finding in verdict.warnings],
        "refused": as_dict(verdict.refusal),
        "generator": f"{generator.name} {generator.version}",
        "seconds": round(time.perf_counter() - started, 3),
    }
    report(outcome, as_json=options.json)
    return REFUSED if verdict.refusal else DONE


def _write_variant(
    options: argparse.Namespace,
    photo: "Photo",
    analysis: "Analysis",
    generator: "Generator",
    result: "Recoloured",
) -> Path:
    from . import engine

    colour = result.assessment.target
    recipe = "\n".join(
        [photo.digest, sha256(analysis.matte).hexdigest(), generator.digest, colour]
    )
    provenance = engine.Provenance(
        generator=generator.name,
        version=generator.version,
        recipe=sha256(recipe.encode()).hexdigest(),
        source=photo.digest,
        colour=colour,
    )
    wanted = FORMATS.get(options.output.suffix.lower()) if _is_file(options.output) else None
    encoded = engine.encode(
        result.pixels, photo, provenance, lossless=wanted == "PNG", format=wanted
    )
    path = options.output
    if wanted is None:
        name = f"{options.photo.stem}-{colour.removeprefix('#').lower()}{encoded.extension}"
        path = (options.output or Path()) / name
    write(path, encoded.data)
    return path


def _analyse(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    if options.output and options.output.exists() and not options.output.is_dir():
        raise InvalidRequest(f"{options.output} is a file; --output needs a folder here.")
    photo, matte, generator = _open(options)
    try:
        analysis = generator.analyse(photo, matte=matte)
    except UnusableMatte as error:
        report({"photo": str(options.photo), "refused": as_dict(error)}, as_json=options.json)
        return REFUSED
    found: dict[str, Any] = {
        "photo": str(options.photo),
        "swatch": analysis.swatch,
        "palette": [{"colour": colour, "weight": weight} for colour, weight in analysis.palette],
        "coverage": round(analysis.coverage, 4),
        "warnings": [as_dict(finding) for finding in analysis.findings],
        "refused": None,
        "generator": f"{generator.name} {generator.version}",
    }
    if options.output:
        found["output"] = _write_analysis(options, analysis, found)
    found["seconds"] = round(time.perf_counter() - started, 3)
    report(found, as_json=options.json)
    return DONE


def _write_analysis(
    options: argparse.Namespace, analysis: "Analysis", found: dict[str, Any]
) -> dict[str, str]:
    """Write matte, keep matte and palette; return their paths by kind."""
    import io

    from PIL import Image

    stem, files = options.photo.stem, {}
    for kind, pixels in (("matte", analysis.matte), ("keep", analysis.keep)):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        files[kind] = options.output / f"{stem}-{kind}.png", buffer.getvalue()
    palette = {key: found[key] for key in ("swatch", "palette", "coverage")}
    text = json.dumps(palette, indent=2) + "\n"
    files["palette"] = options.output / f"{stem}-palette.json", text.encode()
    for path, data in files.values():
        write(path, data)
    return {kind: str(path) for kind, (path, _) in files.items()}


def _open(options: argparse.Namespace) -> tuple["Photo", Any, "Generator"]:
    """Read the photo, staff's matte if any, and open the generator."""
    from . import engine
    from .imaging.matte import read_matte

    generator = engine.open_generator(options.generator or engine.default_generator())
    try:
        photo = engine.read_photo(options.photo.read_bytes())
    except UnusablePhoto as error:
        raise UnusablePhoto(f"{options.photo}: {error}") from error
    matte = read_matte(options.matte.read_bytes(), photo) if options.matte else None
    if options.clicks:
        matte = _corrected(options.clicks, photo, matte, generator)
    return photo, matte, generator


def _click(kind: "Kind", text: str) -> "Click":
    """Read a point given as `0.5,0.25`."""
    from .imaging.clicks import Click

    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = -1.0
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no point; write two fractions from 0 to 1, such as 0.5,0.25."
        )
    return Click(kind, x, y)


def _corrected(clicks: "list[Click]", photo: "Photo", matte: Any, generator: "Generator") -> Any:
    """Correct staff's matte, else the generator's (an empty one if it found none), by clicks."""
    import numpy as np

    from .imaging.clicks import matte_from_clicks

    if matte is None:
        try:
            matte = generator.analyse(photo).matte
        except UnusableMatte:
            matte = np.zeros((photo.height, photo.width), np.uint8)
    return matte_from_clicks(photo.on_white(), matte, clicks)


def _is_file(output: Path | None) -> bool:
    return output is not None and output.suffix.lower() in FORMATS and not output.is_dir()


def _check_output(options: argparse.Namespace, colours: int) -> None:
    """Refuse an output that could not be written, before any work is done."""
    output = options.output
    if output is None or output.is_dir():
        return
    if not _is_file(output):
        if output.suffix or output.exists():
            raise InvalidRequest(
                f"Cannot write {output}: its ending is none of {', '.join(FORMATS)}, nor is it a"
                " folder."
            )
    elif colours > 1:
        raise InvalidRequest(
            f"{output} is one file, but {colours} colours were asked for. Name a folder."
        )
    elif output.resolve() == options.photo.resolve():
        raise InvalidRequest(f"{output} is the photo itself. Name another file or a folder.")


def _refused(
    options: argparse.Namespace, colour: str, generator: "Generator", refusal: UnusableMatte
) -> dict[str, Any]:
    """Describe a result that was never made, with the same keys as one that was."""
    measured = ("output", "made", "delta_e", "structure", "background_max", "protected_max")
    return {
        "photo": str(options.photo),
        "colour": colour,
        **dict.fromkeys(measured),
        "warnings": [],
        "refused": as_dict(refusal),
        "generator": f"{generator.name} {generator.version}",
        "seconds": 0.0,
    }
