"""Strategies: files of a known kind with something wrong in them, and JSON of any shape."""

from __future__ import annotations

import io
import struct
from functools import cache

import numpy as np
from hypothesis import strategies as st
from PIL import Image, ImageCms

from oscar_gan.imaging.provenance import Provenance

EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
POLYGLOTS = (
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<!doctype html><script>alert(1)</script>",
    b"GIF89a",
    b"%PDF-1.7",
    b"PK\x03\x04",
)
"""What a browser or a reader may take a file for that begins or ends like this."""


@cache
def photos() -> tuple[bytes, ...]:
    """Small photos of every kind that is read: with profile, EXIF, XMP, alpha, frames."""
    levels = np.linspace(0, 255, 48 * 40 * 3).reshape(40, 48, 3).astype(np.uint8)
    colour = Image.fromarray(levels)
    translucent = colour.copy()
    translucent.putalpha(colour.convert("L"))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    said = Provenance(generator="a", version="1", recipe="b", source="c", colour="#123456").xmp()
    ways = (
        (colour, "JPEG", {"exif": exif, "icc_profile": profile, "xmp": said}),
        (colour, "JPEG", {"progressive": True, "subsampling": 0}),
        (colour.convert("CMYK"), "JPEG", {}),
        (translucent, "PNG", {"icc_profile": profile}),
        (colour.convert("P"), "PNG", {"transparency": 3}),
        (Image.fromarray(levels[..., 0].astype(np.uint16) * 257), "PNG", {}),
        (translucent, "WEBP", {"lossless": True, "exif": exif}),
        (colour, "WEBP", {"xmp": said}),
        (translucent, "WEBP", {"save_all": True, "append_images": [translucent.rotate(90)]}),
        (colour, "AVIF", {"icc_profile": profile, "speed": 10}),
        (colour, "TIFF", {"compression": "tiff_lzw"}),
        (colour, "TIFF", {"compression": "jpeg"}),
        (colour.convert("LAB"), "TIFF", {}),
    )
    made = []
    for picture, kind, options in ways:
        file = io.BytesIO()
        picture.save(file, kind, **options)
        made.append(file.getvalue())
    return tuple(made)


@cache
def layers() -> bytes:
    """An outline as the editor sends it, 48 × 40 pixels."""
    file = io.BytesIO()
    Image.new("RGB", (48, 40), (255, 0, 0)).save(file, "PNG")
    return file.getvalue()


@st.composite
def damaged(draw, files: st.SearchStrategy[bytes]) -> bytes:
    """A file with up to three things done to it: bytes changed, cut, doubled, put in, or lost."""
    data = bytearray(draw(files))
    for _number in range(draw(st.integers(0, 3))):
        # A part of it in the header, where sizes and tables stand.
        end = draw(st.sampled_from((64, len(data), len(data))))
        at = draw(st.integers(0, max(min(end, len(data)) - 1, 0)))
        length = draw(st.integers(0, 64))
        way = draw(st.sampled_from(WAYS))
        way(data, at, length, draw)
    return bytes(data)


def _change(data: bytearray, at: int, _length: int, draw) -> None:
    if data:
        data[at] = draw(st.integers(0, 255))


def _number(data: bytearray, at: int, length: int, draw) -> None:
    layout = draw(st.sampled_from(("<H", ">H", "<I", ">I")))
    size = struct.calcsize(layout)
    data[at : at + size] = struct.pack(
        layout, draw(st.sampled_from(EXTREMES)) & (2 ** (8 * size) - 1)
    )


def _cut(data: bytearray, at: int, length: int, draw) -> None:
    del data[at : at + length]


def _double(data: bytearray, at: int, length: int, draw) -> None:
    data[at:at] = data[at : at + length]


def _insert(data: bytearray, at: int, length: int, draw) -> None:
    data[at:at] = draw(st.binary(max_size=64) | st.sampled_from(POLYGLOTS))


def _shorten(data: bytearray, at: int, length: int, draw) -> None:
    del data[at:]


def _begin_otherwise(data: bytearray, at: int, length: int, draw) -> None:
    data[0:0] = draw(st.sampled_from(POLYGLOTS))


WAYS = (
    _change,
    _change,
    _change,
    _change,
    _number,
    _cut,
    _double,
    _insert,
    _shorten,
    _begin_otherwise,
)

NUMBERS = st.integers() | st.integers(-(10**400), 10**400) | st.floats()
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
"""Values of any shape, numbers beyond a double's among them."""
