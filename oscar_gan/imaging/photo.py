"""Read any photo a shop uploads into upright 8-bit sRGB arrays."""

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin

from ..errors import UnusablePhoto
from .findings import Finding
from .header import Limits, open_photo
from .profiles import to_srgb
from .sampling import OVERVIEW_SIDE, reduced

__all__ = ["ANALYSIS_SIDE", "JpegStyle", "Limits", "Photo", "analysis_view", "read_photo"]

ANALYSIS_SIDE = 256
"""Side in pixels of the square that the networks see."""
ORIENTATION = 0x0112
"""EXIF tag: how the camera was held, 1 to 8."""
DECODING_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, OverflowError,
    RuntimeError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow's readers raise on damaged files."""


@dataclass(frozen=True, slots=True)
class JpegStyle:
    """How a JPEG was compressed, so that its copy loses nothing more."""

    quantisation: dict[int, list[int]]
    """Quantisation tables, 64 numbers each."""
    subsampling: int
    """Chroma subsampling as Pillow counts: 0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Photo:
    """A decoded photo, upright and in sRGB. EXIF, GPS included, is left behind."""

    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB; under a transparent pixel, its hidden colour."""
    alpha: NDArray[np.uint8] | None
    """(H, W), or None when the photo is opaque."""
    format: str
    """JPEG, PNG, WEBP, AVIF or TIFF."""
    lossless: bool
    """Whether the file kept every pixel exactly."""
    jpeg: JpegStyle | None
    """For JPEG sources in colour."""
    digest: str
    """SHA-256 of the file, hexadecimal."""
    notes: tuple[Finding, ...] = ()
    """What had to be assumed in reading it."""

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.pixels.shape[1]

    def on_white(self) -> NDArray[np.uint8]:
        """Return the pixels (H, W, 3) as seen on a white page."""
        if self.alpha is None:
            return self.pixels
        page = Image.new("RGB", (self.width, self.height), "white")
        page.paste(Image.fromarray(self.pixels), mask=Image.fromarray(self.alpha))
        return np.asarray(page)


def read_photo(data: bytes, *, limits: Limits = Limits()) -> Photo:  # noqa: B008  (frozen)
    """Decode a photo; raise UnusablePhoto, saying what to do, when it is none or too large."""
    image = open_photo(data, limits)
    try:
        turn = _orientation(image)
        notes = _first_frame(image)
        lossless, jpeg = _compression(image, data)
        image.load()
        rgb, alpha, guess = _to_rgb(image)
    except DECODING_ERRORS as error:
        raise UnusablePhoto(
            f"The picture is damaged or incomplete ({error}); it ends early or has bad data."
            " Save it again and upload it."
        ) from error
    return Photo(
        pixels=_upright(np.asarray(rgb), turn),
        alpha=None if alpha is None else _upright(alpha, turn),
        format="JPEG" if image.format == "MPO" else str(image.format),
        lossless=lossless,
        jpeg=jpeg,
        digest=sha256(data).hexdigest(),
        notes=notes + ((guess,) if guess else ()),
    )


def analysis_view(
    pixels: NDArray[np.uint8], overview: NDArray[np.uint8] | None = None
) -> NDArray[np.float32]:
    """Squeeze pixels (H, W, 3) into the (256, 256, 3) sRGB in [0, 1] that the networks see.

    The whole picture, not letter-boxed, by one antialiased resize; training and serving share it.
    A large one is resized from its overview, `overview` if it is at hand.
    """
    size = (ANALYSIS_SIDE, ANALYSIS_SIDE)
    overview = reduced(pixels, OVERVIEW_SIDE) if overview is None else overview
    if min(overview.shape[:2]) < ANALYSIS_SIDE:  # a scarf, say: nothing is to spare of its width
        overview = pixels
    small = Image.fromarray(overview).resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(small, np.float32) / 255


def _orientation(image: Image.Image) -> int:
    try:
        turn = int(image.getexif().get(ORIENTATION, 1))
    except DECODING_ERRORS:  # broken EXIF is no reason to refuse a good picture
        return 1
    return turn if 1 <= turn <= 8 else 1


def _upright(pixels: NDArray[np.uint8], turn: int) -> NDArray[np.uint8]:
    """Undo the camera's orientation: 2, 4, 5, 7 are mirrored, 5 to 8 lie on their side."""
    if turn >= 5:
        pixels = pixels.swapaxes(0, 1)
    if turn in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if turn in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _first_frame(image: Image.Image) -> tuple[Finding, ...]:
    frames = getattr(image, "n_frames", 1)
    if frames == 1 or image.format == "MPO":  # an MPO's further pictures are previews or depth
        return ()
    return (
        Finding(
            "first-frame",
            f"The file holds {frames} pictures; only the first is used.",
            {"frames": frames},
        ),
    )


def _compression(image: Image.Image, data: bytes) -> tuple[bool, JpegStyle | None]:
    """Whether the file is lossless, and a JPEG's tables (before decoding drops them)."""
    if image.format in ("JPEG", "MPO"):
        tables = getattr(image, "quantization", None)
        if image.mode != "RGB" or not tables:
            return False, None
        subsampling = JpegImagePlugin.get_sampling(image)
        return False, JpegStyle(
            {key: list(table) for key, table in tables.items()}, max(subsampling, 0)
        )
    if image.format == "WEBP":
        return b"VP8L" in data[:64], None
    return image.format in ("PNG", "TIFF"), None


def _to_rgb(
    image: Image.Image,
) -> tuple[Image.Image, NDArray[np.uint8] | None, Finding | None]:
    """Split off alpha and convert the rest to sRGB."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image).astype(np.uint32) // 257).astype(np.uint8))
    elif image.mode in ("I", "F"):
        raise UnusablePhoto(
            "The picture stores 32 bits a channel, and where white lies is not known."
            " Save it with 8 or 16 bits a channel."
        )
    alpha = None
    if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = np.asarray(image.getchannel("A"))
        alpha = None if alpha.min() == 255 else alpha
        image = image.convert("RGB")
    elif image.mode not in ("RGB", "L", "CMYK", "LAB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    rgb, guess = to_srgb(image, profile)
    return rgb, alpha, guess
