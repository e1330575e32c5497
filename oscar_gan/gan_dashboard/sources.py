"""The photos a product can be recoloured from."""

from __future__ import annotations

from dataclasses import dataclass

from oscar.core.loading import get_model

from ..errors import OscarGanError
from ..services import media

SMALL = 1000
"""Photos whose longer side is shorter than this, in pixels, make poor product pictures."""


@dataclass(frozen=True)
class Source:
    """A source image as the form shows it; no size when its file cannot be read."""

    image: object
    width: int | None
    height: int | None

    @property
    def is_small(self) -> bool:
        return self.width is not None and max(self.width, self.height) < SMALL

    @property
    def is_unreadable(self) -> bool:
        return self.width is None


def source_images(product):
    """The product's photos made by people (a child without any uses its parent's)."""
    owner = product
    if borrows_photos(product):
        owner = product.parent
    images = get_model("catalogue", "ProductImage").objects
    return images.filter(product=owner, gan_published__isnull=True)


def borrows_photos(product) -> bool:
    """Whether the gallery shows the parent's photos, because the child has none."""
    return product.is_child and not product.images.exists()


def measure(image) -> Source:
    """Look up the size in pixels; reads the start of the file."""
    try:
        with media.translated_errors(image.original.name):
            return Source(image, image.original.width, image.original.height)
    except OscarGanError:
        return Source(image, None, None)
