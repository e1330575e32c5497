"""Colours taken from photos: cloth beside a grey card, and pictures to pick a colour from."""

from __future__ import annotations

import io
from hashlib import sha256

from django.core.cache import cache
from django.db import transaction
from PIL import Image

from ...conf import photo_limits
from ...imaging.clicks import SCREEN_SIDE
from ...imaging.cloth import Cloth, Spot, measure_cloth
from ...imaging.photo import read_photo
from ...imaging.sampling import fitted
from ...models import Colourway
from .. import media
from .editing import save_colourway

KEPT_SECONDS = 1800


def measure(*, data: bytes, card: Spot, cloth: Spot, kind: str) -> Cloth:
    """Measure cloth on an uploaded photo, which is not kept; raises UnusableSwatch or -Photo."""
    photo = read_photo(data, limits=photo_limits())
    return measure_cloth(photo.on_white(), card=card, cloth=cloth, kind=kind)


@transaction.atomic
def keep(*, cloth: Cloth, name: str, partner, by) -> Colourway:
    """Save measured cloth as a new colourway with its Lab."""
    colourway = Colourway(name=name, partner=partner, colour=cloth.hex, lab=list(cloth.lab))
    return save_colourway(colourway=colourway, by=by)


def picture_of(image) -> bytes:
    """A ProductImage at screen size in sRGB as PNG, so that what is picked is what is there."""
    key = f"oscar_gan:pick:{sha256(image.original.name.encode()).hexdigest()}"
    if kept := cache.get(key):
        return kept
    photo = read_photo(media.read_original(image), limits=photo_limits())
    file = io.BytesIO()
    Image.fromarray(fitted(photo.on_white(), SCREEN_SIDE)).save(file, "PNG", compress_level=1)
    cache.set(key, file.getvalue(), KEPT_SECONDS)
    return file.getvalue()
