"""Look at a file's first bytes and header before anything is decoded; refuse what is no photo."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from ..errors import UnusablePhoto

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")
"""Readers of Pillow's that uploads may reach (JPEG's also reads MPO); the others stay closed."""
ACCEPTED = "JPEG, PNG, WebP, AVIF or TIFF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a photo may be; checked before decoding."""

    max_bytes: int = 50_000_000
    """Largest file."""
    max_pixels: int = 64_000_000
    """Most pixels, width × height; a 61-megapixel camera passes."""
    max_side: int = 16_000
    """Longest side in pixels."""
    min_side: int = 32
    """Shortest side in pixels; below, there is nothing to recolour."""


def open_photo(data: bytes, limits: Limits) -> Image.Image:
    """Open a photo without decoding it; raise UnusablePhoto when it is outside the limits."""
    if not data:
        raise UnusablePhoto("The file is empty (0 bytes). Upload it again.")
    if len(data) > limits.max_bytes:
        raise UnusablePhoto(
            f"The file is {len(data) / 1e6:.1f} MB; the limit is {limits.max_bytes / 1e6:g} MB."
            " Save it as a JPEG of quality 90 or less, or scale it down."
        )
    try:
        with warnings.catch_warnings():
            # Large pictures are judged below, by our limit, not by Pillow's warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise UnusablePhoto(
            "The picture has more than"
            f" {2 * (Image.MAX_IMAGE_PIXELS or limits.max_pixels) / 1e6:.0f} megapixels;"
            f" the limit is {limits.max_pixels / 1e6:g}. Scale it down and upload it again."
        ) from error
    except UnidentifiedImageError as error:
        raise UnusablePhoto(_what_it_is(data)) from error
    except Exception as error:  # a damaged header can break a reader in any way
        raise UnusablePhoto(
            f"The picture's header is damaged ({error}). Save it again and upload it."
        ) from error
    _check_size(image, limits)
    return image


def _check_size(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    pixels = width * height
    if pixels > limits.max_pixels or max(width, height) > limits.max_side:
        raise UnusablePhoto(
            f"The picture is {width} × {height} pixels ({pixels / 1e6:.1f} megapixels); the limit"
            f" is {limits.max_pixels / 1e6:g} megapixels and {limits.max_side} pixels a side."
            " Scale it down and upload it again."
        )
    if min(width, height) < limits.min_side:
        raise UnusablePhoto(
            f"The picture is {width} × {height} pixels; at least {limits.min_side} pixels a side"
            " are needed. Upload a larger one."
        )


SIGNATURES = {
    b"%PDF": "a PDF document",
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
    b"8BPS": "a Photoshop document",
    b"PK\x03\x04": "a ZIP archive or Office document",
    b"\xff\xd8": "a damaged JPEG picture",
    b"\x89PNG": "a damaged PNG picture",
    b"II*\x00": "a damaged TIFF picture or a camera's raw file",
    b"MM\x00*": "a damaged TIFF picture or a camera's raw file",
}


def _what_it_is(data: bytes) -> str:
    """Say what a file that is no photo seems to be."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    kind = next((name for magic, name in SIGNATURES.items() if start.startswith(magic)), None)
    if b"<svg" in start.lower():
        kind = "an SVG drawing"
    elif start.lower().startswith((b"<!doctype html", b"<html")):
        kind = "a web page"
    elif data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        kind = "a HEIC picture"
    return (
        f"The file is {kind or 'not a picture we can read'}, not a {ACCEPTED} photo."
        f" Save it as one of these and upload it again."
    )
