"""Thumbnails by Oscar's thumbnailer: for Oscar's own pages, and for want of renditions."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from oscar.core.loading import get_model
from oscar.core.thumbnails import get_thumbnailer

from ..conf import get_config
from ..models import PublishedImage

logger = logging.getLogger(__name__)

# The options must be those of Oscar's templates to the letter: they are part of the file's name.
OSCAR_THUMBNAILS = (
    {"size": "440x400", "upscale": False},  # product page
    {"size": "65x55", "crop": "center"},  # its strip
    {"size": "x155", "upscale": False},  # lists
    {"size": "200x200", "upscale": False},  # basket, wish lists
    {"size": "100x100", "upscale": False},  # orders
    {"size": "70x70", "upscale": False},  # dashboard
)
WIDTHS = (480, 960, 1440)
"""Pixels on the longer side of the gallery's pictures while they have no renditions."""
_RENDITIONS = tuple(
    {"size": f"{width}x{width}", "upscale": False, "quality": 85} for width in WIDTHS
)
_THUMB = {"size": "128x128", "crop": "center", "quality": 85}


@dataclass(frozen=True)
class Rendition:
    """A picture as the browser gets it; sizes are None when the thumbnailer failed."""

    url: str
    width: int | None
    height: int | None


def renditions(file) -> list[Rendition]:
    """The gallery's sizes of one picture, smallest first; small pictures are not enlarged.

    Falls back to the file itself, so that one broken picture does not break its page.
    """
    try:
        made = [_make(file, options) for options in _RENDITIONS]
    except Exception:  # each thumbnailer and each storage has its own family of errors
        logger.exception("No renditions of %s; the page shows the file itself.", file.name)
        return [Rendition(file.url, None, None)]
    return list({rendition.width: rendition for rendition in made}.values())


def thumb(file) -> Rendition:
    """The square that stands for a picture in the gallery's strip."""
    try:
        return _make(file, _THUMB)
    except Exception:  # see renditions()
        logger.exception("No thumbnail of %s; the page shows the file itself.", file.name)
        return Rendition(file.url, None, None)


def warm(publication_id: int) -> int:
    """Make every thumbnail of a publication now; returns how many there are.

    Those of the gallery only where the settings want no renditions.

    A publication that was reverted meanwhile has none. A failure is logged, not raised: the
    first shopper's page then makes the thumbnail, as it would have without this.
    """
    published = PublishedImage.objects.filter(publication=publication_id, image__isnull=False)
    images = get_model("catalogue", "ProductImage").objects.filter(gan_published__in=published)
    return sum(_warm(image.original) for image in images)


def _warm(file) -> int:
    made = 0
    for options in _warmed():
        try:
            _make(file, options)
        except Exception as error:  # see renditions()
            logger.warning("Thumbnail %s of %s was not made: %s", options, file.name, error)
        else:
            made += 1
    return made


def _warmed() -> tuple[dict, ...]:
    if get_config().renditions:
        return OSCAR_THUMBNAILS
    return (*OSCAR_THUMBNAILS, *_RENDITIONS, _THUMB)


def _make(file, options: dict) -> Rendition:
    # Thumbnailers take options out of what they are given.
    thumbnail = get_thumbnailer().generate_thumbnail(file, **options)
    return Rendition(thumbnail.url, thumbnail.width, thumbnail.height)
