"""Write a result the way its source was written: same format, tables and subsampling."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .photo import Photo
from .profiles import srgb_profile
from .provenance import Provenance

EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}
CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
JPEG_QUALITY = 92
"""Where the source has no JPEG tables of its own; then with full colour resolution."""
PLAIN_OPTIONS: dict[str, dict] = {
    "PNG": {"compress_level": 2},
    "WEBP": {"quality": 92, "method": 2, "exact": True},
    "AVIF": {"quality": 85, "speed": 8},
}
"""Arguments for Pillow's writers of other formats; of WebP where it may lose."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A finished file."""

    data: bytes
    extension: str
    """With the dot."""
    content_type: str
    width: int
    height: int


def encode(
    pixels: NDArray[np.uint8],
    photo: Photo,
    provenance: Provenance,
    *,
    lossless: bool = False,
    format: str | None = None,
) -> Encoded:
    """Encode pixels (H, W, 3) made from a photo, with sRGB profile and provenance.

    By default in the photo's own format (TIFF as PNG); `lossless` makes it PNG unless the source
    was lossless WebP. Alpha is kept where the format can, else the photo is laid on white.
    """
    chosen = format or _own_format(photo, lossless)
    image = _image(pixels, photo, with_alpha=chosen != "JPEG")
    buffer = io.BytesIO()
    options = _options(chosen, photo, lossless) | _metadata(chosen, provenance)
    image.save(buffer, chosen, icc_profile=srgb_profile(), **options)
    return Encoded(
        buffer.getvalue(), EXTENSIONS[chosen], CONTENT_TYPES[chosen], image.width, image.height
    )


def _own_format(photo: Photo, lossless: bool) -> str:
    if photo.format == "TIFF" or (lossless and not photo.lossless):
        return "PNG"
    return photo.format


def _image(pixels: NDArray[np.uint8], photo: Photo, *, with_alpha: bool) -> Image.Image:
    if photo.alpha is None:
        return Image.fromarray(pixels) if with_alpha else _padded(pixels)
    image = Image.fromarray(pixels)
    alpha = Image.fromarray(photo.alpha)
    if with_alpha:
        image.putalpha(alpha)
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=alpha)
    return page


def _padded(pixels: NDArray[np.uint8]) -> Image.Image:
    """An image as Pillow holds it, four bytes a pixel: OpenCV pads faster than Pillow does."""
    import cv2

    padded = cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
    return Image.frombuffer("RGBX", padded.shape[1::-1], padded, "raw", "RGBX", 0, 1)


def _options(chosen: str, photo: Photo, lossless: bool) -> dict:
    """Arguments for Pillow's writers."""
    if chosen == "JPEG":
        if photo.jpeg:
            return {"qtables": photo.jpeg.quantisation, "subsampling": photo.jpeg.subsampling}
        return {"quality": JPEG_QUALITY, "subsampling": 0}
    if chosen == "WEBP" and (lossless or photo.lossless):
        return {"lossless": True, "quality": 30, "method": 2, "exact": True}
    return PLAIN_OPTIONS[chosen]


def _metadata(chosen: str, provenance: Provenance) -> dict:
    if chosen != "PNG":
        return {"xmp": provenance.xmp()}
    text = PngInfo()  # PNG ignores xmp= silently
    text.add_itxt("XML:com.adobe.xmp", provenance.xmp().decode())
    return {"pnginfo": text}
