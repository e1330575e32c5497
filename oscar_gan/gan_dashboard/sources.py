"""The photos a product can be recoloured from."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from oscar.core.loading import get_model
from oscar.core.thumbnails import get_thumbnailer

from ..errors import OscarGanError
from ..services import access, media

THUMBNAIL = "208x208"
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


def photos_for(user) -> QuerySet:
    """Photos made by people, of every product that this person may see or design for."""
    images = get_model("catalogue", "ProductImage").objects
    actions = ("view", "manage_prints", "manage_colourways")
    action = next((action for action in actions if access.may(user, action)), "view")
    products = access.products_for(user, action)
    return images.filter(
        product__in=products.values("pk"), gan_published__isnull=True
    ).select_related("product__parent")


def search_photos(user, words: str, limit: int = 8) -> list:
    """Photos of products whose title or UPC has these words; without words, of the latest."""
    photos = photos_for(user)
    words = words.replace("\x00", "")  # PostgreSQL refuses it in text
    if words:
        photos = photos.filter(
            Q(product__title__icontains=words)
            | Q(product__parent__title__icontains=words)
            | Q(product__upc__iexact=words)
        )
    return list(photos.order_by("-product__date_created", "display_order", "pk")[:limit])


def photo_json(image) -> dict:
    """A photo as the choosers show it."""
    product = image.product
    title = (product.parent if product.is_child else product).get_title()
    try:
        with media.translated_errors(image.original.name):
            thumbnail = get_thumbnailer().generate_thumbnail(image.original, size=THUMBNAIL)
            url = thumbnail.url
    except OscarGanError:
        url = ""
    return {
        "id": image.pk,
        "title": title,
        "thumbnail_url": url,
        "preview_url": reverse("oscar_gan:gan-source-preview", args=[image.pk]),
        "look_url": reverse("oscar_gan:gan-look-preview", args=[image.pk]),
    }


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
