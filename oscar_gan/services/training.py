"""Training: the shop's own photos as something to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from oscar.core.loading import get_model

from . import media


def catalogue_photos() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and reader of each photo that a person put into the catalogue; none of our own.

    Readers raise UnusablePhoto where the file is gone, StorageUnavailable where storage is down.
    """
    photos = get_model("catalogue", "ProductImage").objects.filter(gan_published=None)
    for image in photos.order_by("pk").only("original").iterator():
        yield image.original.name, partial(media.read_original, image)
