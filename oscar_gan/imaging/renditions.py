"""Renditions: one photo in the widths and formats that a shop's pages offer to browsers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps, features

from .encode import EXTENSIONS
from .photo import Photo
from .profiles import srgb_profile

FORMATS = ("AVIF", "WEBP", "JPEG")
"""From the smallest files to the format that every browser reads."""
WIDTHS = (320, 480, 640, 960, 1280, 1920)
"""Pixels; a photo of another width than these is offered in its own as well."""
THUMB = 128
"""Side in pixels of the square cut out of the middle."""

# Text and fine prints blur below these; docs/storefront.md has the sizes they lead to.
_OPTIONS = {
    "AVIF": {"quality": 60, "speed": 8, "max_threads": 1},
    "WEBP": {"quality": 82, "method": 2},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file; `width` is 0 for the square thumb."""

    data: bytes
    width: int
    extension: str
    """With the dot."""


def writable(formats: Iterable[str]) -> tuple[str, ...]:
    """Those of `formats` that this build of Pillow can write, in the order of FORMATS."""
    able = {"AVIF": features.check("avif"), "WEBP": features.check("webp"), "JPEG": True}
    return tuple(name for name in FORMATS if name in formats and able[name])


def sizes_of(width: int, height: int) -> list[tuple[int, int]]:
    """Widths and heights to make of a picture, smallest first; none is larger than it."""
    largest = min(width, WIDTHS[-1])
    widths = [each for each in WIDTHS if each < largest] + [largest]
    return [(each, max(1, round(height * each / width))) for each in widths]


def render(photo: Photo, *, formats: Iterable[str], xmp: bytes = b"") -> Iterator[Rendition]:
    """Make every rendition of a photo, one at a time: on white, in sRGB, with `xmp` in each."""
    whole = Image.fromarray(photo.on_white())
    metadata = {"icc_profile": srgb_profile(), **({"xmp": xmp} if xmp else {})}
    thumb = ImageOps.fit(whole, (THUMB, THUMB), Image.Resampling.LANCZOS)
    pictures = [(0, thumb)]
    for size in sizes_of(*whole.size):
        small = whole.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        pictures.append((size[0], small))
    for width, picture in pictures:
        for name in writable(formats):
            buffer = io.BytesIO()
            picture.save(buffer, name, **_OPTIONS[name], **metadata)
            yield Rendition(buffer.getvalue(), width, EXTENSIONS[name])
