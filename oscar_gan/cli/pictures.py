"""What commands that make pictures share: photo and generator, writing, and the report."""

import argparse
import time
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import UnusableMatte, UnusablePhoto
from .options import FORMATS, is_file
from .output import DONE, REFUSED, as_dict, report, write

if TYPE_CHECKING:  # the engine takes a moment to load: --help must not wait for it
    from ..engine import Analysis, Generator, Photo, Recoloured
    from ..imaging.clicks import Click


class Studio(NamedTuple):
    """A photo, what was found in it, and who found it."""

    photo: "Photo"
    analysis: "Analysis"
    generator: "Generator"


def open_photo(options: argparse.Namespace) -> tuple["Photo", Any, "Generator"]:
    """Read the photo, staff's matte if any, and open the generator."""
    from .. import engine
    from ..imaging.matte import read_matte

    generator = engine.open_generator(options.generator or engine.default_generator())
    photo = read(options.photo)
    matte = read_matte(options.matte.read_bytes(), photo) if options.matte else None
    if options.clicks:
        matte = _corrected(options.clicks, photo, matte, generator)
    return photo, matte, generator


def read(path: Path) -> "Photo":
    """Read a photo; what is wrong with it names the file."""
    from ..engine import read_photo

    try:
        return read_photo(path.read_bytes())
    except UnusablePhoto as error:
        raise UnusablePhoto(f"{path}: {error}") from error


def _corrected(clicks: "list[Click]", photo: "Photo", matte: Any, generator: "Generator") -> Any:
    """Correct staff's matte, else the generator's (an empty one if it found none), by clicks."""
    import numpy as np

    from ..imaging.clicks import matte_from_clicks

    if matte is None:
        try:
            matte = generator.analyse(photo).matte
        except UnusableMatte:
            matte = np.zeros((photo.height, photo.width), np.uint8)
    return matte_from_clicks(photo.on_white(), matte, clicks)


def finish(
    options: argparse.Namespace,
    studio: Studio,
    result: "Recoloured",
    *,
    asked: str,
    name: str,
    recipe: str,
    started: float,
) -> int:
    """Write a picture unless it is refused, report it, and return the exit code.

    `asked` names what was asked for, `recipe` everything that it depends on besides the photo;
    `name` ends the file's name in a folder.
    """
    verdict, output = result.assessment, None
    if verdict.refusal is None:
        output = _write(options, studio, result, asked, name, recipe)
    outcome = {
        "photo": str(options.photo),
        "output": str(output) if output else None,
        "colour": asked,
        "made": verdict.made,
        "delta_e": round(verdict.delta_e, 3),
        "colours": [
            asdict(made) | {"delta_e": round(made.delta_e, 3)} for made in verdict.colours
        ],
        "structure": round(verdict.structure, 4),
        "background_max": verdict.background_max,
        "protected_max": verdict.protected_max,
        "noise_gain": round(verdict.noise_gain, 3),
        "warnings": [as_dict(finding) for finding in verdict.warnings],
        "refused": as_dict(verdict.refusal),
        "generator": f"{studio.generator.name} {studio.generator.version}",
        "seconds": round(time.perf_counter() - started, 3),
    }
    report(outcome, as_json=options.json)
    return REFUSED if verdict.refusal else DONE


def _write(
    options: argparse.Namespace,
    studio: Studio,
    result: "Recoloured",
    asked: str,
    name: str,
    recipe: str,
) -> Path:
    from .. import engine

    photo, analysis, generator = studio
    parts = [photo.digest, sha256(analysis.matte).hexdigest(), generator.digest, recipe]
    provenance = engine.Provenance(
        generator=generator.name,
        version=generator.version,
        recipe=sha256("\n".join(parts).encode()).hexdigest(),
        source=photo.digest,
        colour=asked,
    )
    wanted = FORMATS.get(options.output.suffix.lower()) if is_file(options.output) else None
    encoded = engine.encode(
        result.pixels, photo, provenance, lossless=wanted == "PNG", format=wanted
    )
    path = options.output
    if wanted is None:
        path = (options.output or Path()) / f"{options.photo.stem}-{name}{encoded.extension}"
    write(path, encoded.data)
    return path


def report_refused(
    options: argparse.Namespace, asked: str, generator: "Generator", refusal: UnusableMatte
) -> int:
    """Report a result that was never made, with the same keys as one that was."""
    measured = ("output", "made", "delta_e", "structure", "background_max", "protected_max")
    outcome = {
        "photo": str(options.photo),
        "colour": asked,
        **dict.fromkeys(measured),
        "colours": [],
        "warnings": [],
        "refused": as_dict(refusal),
        "generator": f"{generator.name} {generator.version}",
        "seconds": 0.0,
    }
    report(outcome, as_json=options.json)
    return REFUSED
