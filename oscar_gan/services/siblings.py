"""One outline for several photos: those of the same product taken from the same place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from oscar.core.loading import get_model

from ..conf import photo_limits
from ..errors import InvalidRequest, OscarGanError
from ..imaging.framing import MISSED, contrast_on
from ..imaging.layers import Layers
from ..imaging.photo import Photo, read_photo
from ..models import Matte
from . import access, canvases, mattes, media

MAX_SIBLINGS = 24
"""Photos looked at for one page: each is decoded."""


@dataclass(frozen=True)
class Sibling:
    """Another photo of the product, and whether an outline suits it."""

    image: object
    size: tuple[int, int] | None
    """Width and height in pixels; None when the photo cannot be read."""
    fits: bool
    """Whether it has the size of the outline's own photo, so that the outline can be used."""
    framing: float = 0.0
    """Contrast on the outline as a part of that on its own photo: about 1 where it lies alike."""
    problem: str = ""
    """Why the photo cannot be read."""

    @property
    def is_doubtful(self) -> bool:
        """Whether the product seems to stand elsewhere in this photo."""
        return self.fits and self.framing < MISSED


def photos_beside(source, user):
    """The other photos, made by people, of a photo's product and of its parent and sisters."""
    product = source.product
    root = product.parent_id if product.is_child else product.pk
    photos = get_model("catalogue", "ProductImage").objects.filter(
        Q(product=root) | Q(product__parent=root),
        product__in=access.products_for(user, "generate").values("pk"),
        gan_published__isnull=True,
    )
    photos = photos.exclude(pk=source.pk).select_related("product__parent")
    return photos.order_by("product", "display_order", "pk")


def look_at(*, matte: Matte, user) -> list[Sibling]:
    """The photos beside the one of `matte`, and how the outline lies on them."""
    photo, layers = canvases.read(matte)
    own = contrast_on(layers.product, photo.on_white())
    images = photos_beside(matte.source, user)[:MAX_SIBLINGS]
    return [_look(image, photo, layers, own) for image in images]


def use_on(*, matte: Matte, images: Iterable, created_by=None) -> list[Matte]:
    """Keep the outline of `matte` as the next staff matte of each of `images`; returns them.

    Raises InvalidRequest when one has another size: then none gets it.
    """
    photo, layers = canvases.read(matte)
    images = list(images)
    photos = [_read(image) for image in images]
    for image, other in zip(images, photos, strict=True):
        if not _alike(photo, other):
            raise InvalidRequest(
                f"{image.original.name} is {other.width} × {other.height} pixels and the outline"
                f" {photo.width} × {photo.height}. An outline suits photos of its own size."
            )
    return [
        mattes.add_layers(source=image, photo=other, layers=layers, created_by=created_by)
        for image, other in zip(images, photos, strict=True)
    ]


def _look(image, photo: Photo, layers: Layers, own: float) -> Sibling:
    try:
        other = _read(image)
    except OscarGanError as error:
        return Sibling(image, None, fits=False, problem=str(error))
    size = other.width, other.height
    if not _alike(photo, other):
        return Sibling(image, size, fits=False)
    framing = contrast_on(layers.product, other.on_white()) / max(own, 1e-6)
    return Sibling(image, size, fits=True, framing=framing)


def _read(image) -> Photo:
    return read_photo(media.read_original(image), limits=photo_limits())


def _alike(photo: Photo, other: Photo) -> bool:
    return (photo.width, photo.height) == (other.width, other.height)
