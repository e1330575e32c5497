"""python -m benchmarks.codecs: JPEG libraries side by side, reading and writing one photo.

Pillow and OpenCV are here anyway; simplejpeg and pyvips[binary] are measured where installed (no
part of the project needs them). Processor time on one thread, the libraries taking turns in every
round. A shop's picture must carry its source's quantisation tables, its colour profile and an XMP
packet; the last columns say which of these a library can write.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

os.environ["VIPS_CONCURRENCY"] = "1"

import cv2
import numpy as np
from PIL import Image

from .report import Table, write
from .speed import SIZES, middle, synthetic_photo

QUALITY = 90


class Codec(NamedTuple):
    """How a library reads a JPEG to pixels (H, W, 3) RGB, and writes one."""

    read: Callable[[bytes], np.ndarray]
    write: Callable[[np.ndarray], bytes]
    keeps_tables: bool
    keeps_metadata: bool


def main() -> None:
    """Print the table; with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, choices=SIZES, default=4, metavar="MP")
    parser.add_argument("--repeat", type=int, default=11)
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    data = synthetic_photo(*SIZES[options.size])
    codecs, missing = installed(data)
    rounds = [measure(data, codecs) for _ in range(options.repeat + 1)][1:]
    table = Table(
        f"JPEG of {options.size} megapixels",
        ("library", "read, ms", "÷ Pillow", "write, ms", "÷ Pillow", "own tables", "ICC and XMP"),
        f"Not installed: {', '.join(missing)}." if missing else "",
    )
    for name, codec in codecs.items():
        cells = []
        for way in (0, 1):
            spent = [each[name][way] for each in rounds]
            shares = [each[name][way] / each["Pillow"][way] for each in rounds]
            cells += [middle(spent, 1), middle(shares, 2)]
        answers = ("yes" if can else "no" for can in (codec.keeps_tables, codec.keeps_metadata))
        table.add(name, *cells, *answers)
    print(table.markdown())
    if options.write:
        write([table], options.write, "codecs", {"rounds": options.repeat})


def installed(data: bytes) -> tuple[dict[str, Codec], list[str]]:
    """The libraries that are here, and the names of those that are not."""
    codecs = {"Pillow": _pillow(data), "OpenCV": _opencv()}
    missing = []
    for name, make in {"simplejpeg": _simplejpeg, "pyvips": _pyvips}.items():
        try:
            codecs[name] = make()
        except ImportError:
            missing.append(name)
    return codecs, missing


def measure(data: bytes, codecs: dict[str, Codec]) -> dict[str, tuple[float, float]]:
    """Milliseconds that each took to read and to write, once."""
    spent = {}
    for name, codec in codecs.items():
        start = time.process_time()
        pixels = codec.read(data)
        read = time.process_time()
        codec.write(pixels)
        spent[name] = 1000 * (read - start), 1000 * (time.process_time() - read)
    return spent


def _pillow(data: bytes) -> Codec:
    tables = Image.open(io.BytesIO(data)).quantization

    def write(pixels: np.ndarray) -> bytes:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", qtables=tables, subsampling=2)
        return file.getvalue()

    return Codec(lambda data: np.asarray(Image.open(io.BytesIO(data))), write, True, True)


def _opencv() -> Codec:
    def read(data: bytes) -> np.ndarray:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)

    def write(pixels: np.ndarray) -> bytes:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()

    return Codec(read, write, False, False)


def _simplejpeg() -> Codec:
    import simplejpeg

    def write(pixels: np.ndarray) -> bytes:
        return simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorsubsampling="420")

    return Codec(simplejpeg.decode_jpeg, write, False, False)


def _pyvips() -> Codec:
    import pyvips

    def write(pixels: np.ndarray) -> bytes:
        return pyvips.Image.new_from_array(pixels).jpegsave_buffer(Q=QUALITY)

    return Codec(lambda data: pyvips.Image.new_from_buffer(data, "").numpy(), write, False, True)


if __name__ == "__main__":
    sys.exit(main())
