"""Photos and mattes at screen size, kept in the cache while somebody works on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from ..conf import photo_limits
from ..errors import InvalidRequest
from ..imaging import clicks as imaging
from ..imaging.matte import read_matte
from ..imaging.photo import Photo, read_photo
from ..models import Matte
from . import media

KEPT_SECONDS = 1800
"""How long a reduced photo, and what was made of it, waits in the cache for the next look."""


@dataclass(frozen=True)
class Canvas:
    """A photo and its matte at screen size: (h, w, 3) and (h, w), 8-bit."""

    picture: np.ndarray
    matte: np.ndarray


def canvas(base: Matte) -> Canvas:
    """The photo of a matte, and the matte; raises InvalidRequest when the photo was replaced."""
    key = f"oscar_gan:canvas:{base.source.original.name}:{base.digest}"
    if kept := cache.get(key):
        height, width, data = kept
        channels = np.frombuffer(data, np.uint8).reshape(height, width, 4)
        return Canvas(np.ascontiguousarray(channels[..., :3]), channels[..., 3].copy())
    photo, matte = read(base)
    made = Canvas(
        imaging.screen_picture(photo.on_white()), imaging.screen_picture(np.asarray(matte))
    )
    channels = np.dstack([made.picture, made.matte])
    cache.set(key, (*channels.shape[:2], channels.tobytes()), KEPT_SECONDS)
    return made


def read(base: Matte) -> tuple[Photo, np.ndarray]:
    """The photo of a matte and the matte (H, W) at full size."""
    photo = read_photo(media.read_original(base.source), limits=photo_limits())
    if photo.digest != base.source_digest:
        raise InvalidRequest(
            "The photo was replaced since its outline was found; reload the page."
        )
    return photo, read_matte(media.read_draft(base.file_name), photo)
