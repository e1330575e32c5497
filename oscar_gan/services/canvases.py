"""Photos and layers at the size people edit them, kept in the cache while somebody does."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from PIL import Image

from ..conf import photo_limits
from ..errors import InvalidRequest
from ..imaging.layers import EDIT_SIDE, Layers, read_layers
from ..imaging.photo import Photo, read_photo
from ..imaging.sampling import fitted
from ..imaging.superpixels import map_png, superpixels
from ..models import Matte
from . import mattes, media

KEPT_SECONDS = 1800
"""How long a reduced photo, and what was made of it, waits in the cache for the next look."""
QUALITY = 92
"""JPEG quality of photos in the cache: points and edges are found as in the original."""


@dataclass(frozen=True)
class Canvas:
    """A photo (h, w, 3), 8-bit, and its layers, at the size they are edited."""

    picture: np.ndarray
    layers: Layers


def canvas(base: Matte) -> Canvas:
    """The photo of a matte, and its layers; raises InvalidRequest when the photo was replaced."""
    key = f"oscar_gan:canvas:{base.source.original.name}:{base.pk}:{base.digest}"
    if kept := cache.get(key):
        picture = np.asarray(Image.open(io.BytesIO(kept[0])))
        return Canvas(picture, read_layers(kept[1], picture.shape[1::-1]))
    photo, layers = read(base)
    picture = fitted(photo.on_white(), EDIT_SIDE)
    layers = layers.reduced(picture.shape[1::-1])
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=QUALITY, subsampling=0)
    cache.set(key, (file.getvalue(), layers.png()), KEPT_SECONDS)
    # As the next look will read it, so that the same points always do the same.
    return Canvas(np.asarray(Image.open(file)), layers)


def read(base: Matte) -> tuple[Photo, Layers]:
    """The photo of a matte and its layers (H, W) at full size."""
    photo = read_photo(media.read_original(base.source), limits=photo_limits())
    if photo.digest != base.source_digest:
        raise InvalidRequest(
            "The photo was replaced since its outline was found; reload the page."
        )
    return photo, mattes.read_layers_of(base, photo)


def patches_png(source) -> bytes:
    """The map of superpixels of a ProductImage (`imaging.superpixels.map_png`)."""
    key = f"oscar_gan:patches:{source.original.name}"
    if not (kept := cache.get(key)):
        photo = read_photo(media.read_original(source), limits=photo_limits())
        kept = map_png(superpixels(photo.on_white()))
        cache.set(key, kept, KEPT_SECONDS)
    return kept
