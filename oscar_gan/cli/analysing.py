"""The command `analyse`: what is seen in a photo."""

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest, UnusableMatte
from .output import DONE, REFUSED, as_dict, report, write
from .pictures import open_photo

if TYPE_CHECKING:
    from ..engine import Analysis


def analyse(options: argparse.Namespace) -> int:
    """Report the colours of a product, and write its mattes if a folder is named."""
    started = time.perf_counter()
    if options.output and options.output.exists() and not options.output.is_dir():
        raise InvalidRequest(f"{options.output} is a file; --output needs a folder here.")
    photo, matte, generator = open_photo(options)
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
