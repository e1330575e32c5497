"""A look on a photo at screen size, at once and in the web process: by the closed form alone."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from ..errors import InvalidRequest
from ..imaging.looks import Look
from ..imaging.preview import preview_look
from ..models import Matte
from . import mattes
from .canvases import canvas

SIDE = 512
"""Longest side of a preview in pixels: enough to judge, and made in a moment."""


def base_of(source) -> Matte:
    """The matte that a preview of `source` goes by; InvalidRequest while there is none."""
    base = mattes.staff_matte(source) or source.gan_mattes.first()
    if base is None:
        raise InvalidRequest("The outline of this photo is not known yet; wait a moment.")
    return base


def preview(*, base: Matte, look: Look) -> bytes:
    """The photo of `base` in that look, as a small JPEG. Nothing is kept."""
    seen = canvas(base)
    picture, matte = _reduced(seen.picture), _reduced(seen.layers.matte())
    # What a matte on record leaves out stays as it is, prints and hardware among it.
    pixels = preview_look(picture, matte, np.zeros_like(matte), look)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=88)
    return file.getvalue()


def _reduced(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    share = min(1, SIDE / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
