"""A sorl-thumbnail engine whose thumbnails still say how their picture was made.

`THUMBNAIL_ENGINE = "oscar_gan.thumbnails.ProvenanceEngine"`. sorl keeps a picture's ICC profile
but drops its XMP, and with it IPTC's DigitalSourceType, which marks generated pictures.
"""

from __future__ import annotations

from functools import partial

from PIL.PngImagePlugin import PngInfo
from sorl.thumbnail.engines.pil_engine import Engine

from .imaging.provenance import mark_of


class ProvenanceEngine(Engine):
    """sorl's Pillow engine, plus `provenance.mark_of` the picture."""

    def _get_raw_data(self, image, format_, quality, image_info=None, progressive=False):
        if mark := mark_of((image_info or {}).get("xmp", b"")):
            image = _carrying(image, format_, mark)
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
