"""Walls: a gallery with all its pictures, read at once; rows kept to the letter, and put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from ..errors import InvalidTransition
from ..models import PublishedImage, VariantImage
from .gallery.colour_book import identity_of
from .publish_places import Spot


@dataclass(kw_only=True)
class Wall:
    """A product's gallery: its images by id, in order."""

    product: object
    images: dict[int, object]

    @cached_property
    def spots(self) -> list[Spot]:
        return [
            Spot(key=pk, order=image.display_order, ours=published_of(image) is not None)
            for pk, image in self.images.items()
        ]

    def same_colour(self, variant: VariantImage) -> list[PublishedImage]:
        """Ours in the colour of `variant`, made from its photo or from one that is gone."""
        return [
            published
            for image in self.images.values()
            if (published := published_of(image))
            and identity_of(published.publication.variant) == identity_of(variant)
            and published.publication.variant.source_id in (variant.source_id, None)
        ]

    def to_json(self) -> list[dict]:
        """The gallery as it stands, as Publication.before keeps it."""
        return [
            {
                "id": image.pk,
                "display_order": image.display_order,
                "caption": image.caption,
                "name": image.original.name,
            }
            for image in self.images.values()
        ]


def walls(products: Iterable) -> list[Wall]:
    """The galleries of these products, in one query."""
    products = list(products)
    variant = "gan_published__publication__variant"
    images = (
        get_model("catalogue", "ProductImage")
        .objects.filter(product__in=[product.pk for product in products])
        .select_related(f"{variant}__option", f"{variant}__colourway")
        .order_by("display_order", "pk")
    )
    by_product = defaultdict(dict)
    for image in images:
        by_product[image.product_id][image.pk] = image
    return [Wall(product=product, images=by_product[product.pk]) for product in products]


def locked(pks: Iterable[int]) -> list:
    """The products; others who hang or take down pictures wait until the transaction ends."""
    products = get_model("catalogue", "Product").objects.select_for_update()
    return list(products.filter(pk__in=list(pks)).order_by("pk"))


def published_of(image) -> PublishedImage | None:
    """How `image` came here; None for a picture people made."""
    return getattr(image, "gan_published", None)


def keep_row(image) -> dict:
    """A row's columns, a fork's own too, as JSON that loses nothing."""
    fields = image._meta.concrete_fields
    values = {field.attname: field.value_from_object(image) for field in fields}
    return {
        field.attname: None if values[field.attname] is None else field.value_to_string(image)
        for field in fields
    }


def put_row_back(published: PublishedImage) -> None:
    """Bring a picture back with the same id, place, text and date; its file is there already."""
    ProductImage = get_model("catalogue", "ProductImage")
    values = {
        field.attname: field.to_python(published.kept[field.attname])
        for field in ProductImage._meta.concrete_fields
    }
    image = ProductImage(**values)
    try:
        with transaction.atomic():
            image.save_base(raw=True, force_insert=True)  # raw: dates stay as they were
    except IntegrityError as error:
        raise InvalidTransition(
            f"Picture {image.pk} cannot come back, because another row took its place: {error}"
        ) from error
    published.image, published.kept, published.replaced_by = image, None, None
    published.save(update_fields=["image", "kept", "replaced_by"])
