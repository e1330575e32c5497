"""The command line: recolour and analyse photos without Django.

Exit codes: 0 done, 1 refused by the quality gate, 2 usage or unreadable input.
"""

import argparse
import json
import time
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cli_options import FORMATS, KEEP, check_output, is_file, parse
from .cli_output import as_dict, complain, report, write
from .errors import InvalidRequest, OscarGanError, UnusableMatte, UnusablePhoto

if TYPE_CHECKING:  # the engine takes a moment to load: --help must not wait for it
    from .engine import Analysis, Generator, Photo, Recoloured
    from .imaging.clicks import Click
    from .imaging.targets import Palette, Target

DONE, REFUSED, UNUSABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = parse(arguments, recolour=_recolour, analyse=_analyse)
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


def _recolour(options: argparse.Namespace) -> int:
    from .imaging.colour import parse_hex, to_hex

    targets: list[Target] = list(dict.fromkeys(to_hex(parse_hex(text)) for text in options.colour))
    if options.mapped:
        targets.append(_mapping(options.mapped))
    check_output(options, len(targets))
    photo, matte, generator = _open(options)
    try:
        analysis = generator.analyse(photo, matte=matte)
    except UnusableMatte as error:
        for target in targets:
            report(_refused(options, target, generator, error), as_json=options.json)
        return REFUSED
    named = {_named(target, analysis.palette): target for target in targets}
    return max(_make(options, photo, analysis, generator, *pair) for pair in named.items())


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
    from .imaging.targets import read_target

    if isinstance(target, str):
        return target
    pairs = target.items()
    if palette is not None:
        bases = (colour for colour, _ in palette)
        pairs = zip(bases, read_target(palette, target), strict=True)
    return " ".join(f"{base}={colour or KEEP}" for base, colour in pairs)


def _make(
    options: argparse.Namespace,
    photo: "Photo",
    analysis: "Analysis",
    generator: "Generator",
    colour: str,
    target: "Target",
) -> int:
    """Make one picture, `target` as `colour` names it, write it unless refused, and report."""
    started = time.perf_counter()
    result = generator.recolour(photo, analysis, target)
    verdict = result.assessment
    output = None
    if verdict.refusal is None:
        output = _write_variant(options, photo, analysis, generator, result, colour)
    outcome = {
        "photo": str(options.photo),
        "output": str(output) if output else None,
        "colour": colour,
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
    colour: str,
) -> Path:
    from . import engine

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
    wanted = FORMATS.get(options.output.suffix.lower()) if is_file(options.output) else None
    encoded = engine.encode(
        result.pixels, photo, provenance, lossless=wanted == "PNG", format=wanted
    )
    path = options.output
    if wanted is None:
        made = "-".join(part.rpartition("=")[2] for part in colour.split())
        name = f"{options.photo.stem}-{made.replace('#', '').lower()}{encoded.extension}"
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


def _refused(
    options: argparse.Namespace, target: "Target", generator: "Generator", refusal: UnusableMatte
) -> dict[str, Any]:
    """Describe a result that was never made, with the same keys as one that was."""
    measured = ("output", "made", "delta_e", "structure", "background_max", "protected_max")
    return {
        "photo": str(options.photo),
        "colour": _named(target),
        **dict.fromkeys(measured),
        "colours": [],
        "warnings": [],
        "refused": as_dict(refusal),
        "generator": f"{generator.name} {generator.version}",
        "seconds": 0.0,
    }
