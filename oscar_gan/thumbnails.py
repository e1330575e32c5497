"""A sorl-thumbnail engine whose thumbnails still say how their picture was made.

`THUMBNAIL_ENGINE = "oscar_gan.thumbnails.ProvenanceEngine"`. sorl keeps a picture's ICC profile
but drops its XMP, and with it IPTC's DigitalSourceType, which marks generated pictures.
"""

from __future__ import annotations

from functools import partial

from PIL.PngImagePlugin import PngInfo
from sorl.thumbnail.engines.pil_engine import Engine

MAX_XMP_BYTES = 16_384
"""Longer packets are some editor's history; they would outweigh the thumbnail."""


class ProvenanceEngine(Engine):
    """sorl's Pillow engine, plus the XMP of pictures that carry a DigitalSourceType."""

    def _get_raw_data(self, image, format_, quality, image_info=None, progressive=False):
        xmp = (image_info or {}).get("xmp", b"")
        if b"DigitalSourceType" in xmp and len(xmp) <= MAX_XMP_BYTES:
            image = _carrying(image, format_, xmp)
        return super()._get_raw_data(
            image, format_, quality, image_info=image_info, progressive=progressive
        )


def _carrying(image, format_: str, xmp: bytes):
    """The image, saved with `xmp` from now on; animated GIFs (lists of frames) have no place."""
    if isinstance(image, list):
        return image
    if format_ == "PNG":  # Pillow ignores `xmp` here
        metadata = PngInfo()
        metadata.add_itxt("XML:com.adobe.xmp", xmp.decode("utf-8", "replace"))
        extra = {"pnginfo": metadata}
    else:
        extra = {"xmp": xmp}
    image = image.copy()
    image.save = partial(image.save, **extra)
    return image
