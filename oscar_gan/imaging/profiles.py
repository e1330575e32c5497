"""Colour management: bring any decoded picture to 8-bit sRGB, and supply the sRGB profile."""

import io
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageCms

from .findings import Finding

SPACE_OF_MODE = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}
"""Profile colour space, in ICC's spelling, that fits each picture mode."""
TOLERANCE = 2
"""Largest difference in 8-bit levels at which a profile counts as sRGB itself."""


@cache
def srgb_profile() -> bytes:
    """Return the ICC profile written into every output."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, Finding | None]:
    """Convert a picture of mode RGB, L, CMYK or LAB to RGB; say so if its colours are a guess."""
    transform, problem = _transform(profile, image.mode) if profile else (None, None)
    if transform is not None:
        return ImageCms.applyTransform(image, transform), None
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        return ImageCms.applyTransform(image, _transform(lab, "LAB")[0]), None
    if image.mode == "CMYK" and not profile:
        problem = Finding(
            "cmyk-without-profile",
            "The photo is CMYK without a colour profile, so its colours are an estimate."
            " Export it with a profile, or as sRGB.",
        )
    return image.convert("RGB"), problem


@lru_cache(maxsize=16)
def _transform(
    profile: bytes, mode: str
) -> tuple[ImageCms.ImageCmsTransform | None, Finding | None]:
    """Build the transform to sRGB; None when nothing has to change or the profile is no use."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != SPACE_OF_MODE[mode]:
            raise ImageCms.PyCMSError("it is for another kind of picture")
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        return None, Finding(
            "profile-ignored",
            f"The photo's colour profile could not be used ({error}); it was read as sRGB."
            " Export it as sRGB if its colours look wrong.",
        )
    return (None if _changes_nothing(transform, mode) else transform), None


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a transform leaves a chart of RGB or grey colours as it is."""
    if mode not in ("RGB", "L"):
        return False
    levels = np.linspace(0, 255, 9).astype(np.uint8)
    if mode == "L":
        chart = levels[None]
    else:
        chart = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    image = Image.fromarray(chart)
    converted = np.asarray(ImageCms.applyTransform(image, transform), int)
    return bool(np.abs(converted - np.asarray(image.convert("RGB"), int)).max() <= TOLERANCE)
