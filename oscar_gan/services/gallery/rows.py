"""The rows behind galleries: families, pictures and colours, in five queries for any number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext
from oscar.core.loading import get_model

from ...conf import get_config
from ...models import VariantImage
from .colour_book import Colour, ColourBook

ALL_COLOURS = ("all colours", "all colors")
"""A caption with these words (or their translation) marks a photo that suits every colour."""


@dataclass(kw_only=True)
class Family:
    """A standalone product, or a parent with those of its children that may be seen."""

    root: object
    children: list
    images: dict[int, list]
    values: dict[int, list]
    colours: ColourBook

    def colour_of(self, product) -> Colour | None:
        """The colour that the product's own attribute names."""
        for value in self.values[product.pk]:
            if _names_colour(value):
                return self.colours.of_option(value.value_option)
        return None

    def other_values(self, product) -> list:
        """The product's option attributes apart from colour, e.g. its size."""
        return [value for value in self.values[product.pk] if not _names_colour(value)]


def load(products: Iterable) -> list[Family]:
    """The family of each product; a child that only staff may see is there on its own page."""
    products = list(products)
    roots = [product.parent if product.is_child else product for product in products]
    children = _children(roots, products)
    ids = [root.pk for root in roots] + [c.pk for each in children.values() for c in each]
    images, values = _images(ids), _option_values(ids)
    book = ColourBook(
        (value.value_option for each in values.values() for value in each if _names_colour(value)),
        (v for each in images.values() for image in each if (v := variant_of(image))),
    )
    return [
        Family(root=root, children=children[root.pk], images=images, values=values, colours=book)
        for root in roots
    ]


def publication_of(image):
    """The publication that put `image` here; None for a picture people made."""
    published = getattr(image, "gan_published", None)
    return published.publication if published else None


def variant_of(image) -> VariantImage | None:
    """The variant image that was published as `image`; None for a picture people made."""
    publication = publication_of(image)
    return publication.variant if publication else None


def colours_in_caption(caption: str, colours: list[Colour]) -> set[str]:
    """Identities of those of `colours` whose names stand in `caption`.

    Longer names win: "Forest green shirt" is not about the colour Green.
    """
    labels = sorted((colour.label for colour in colours), key=len, reverse=True)
    if not caption or not labels:
        return set()
    # Scripts without spaces have no word boundaries.
    words = (rf"(?<!\w){re.escape(x)}(?!\w)" if x.isascii() else re.escape(x) for x in labels)
    found = {match.casefold() for match in re.findall("|".join(words), caption, re.I)}
    return {colour.identity for colour in colours if colour.label.casefold() in found}


def suits_every_colour(caption: str) -> bool:
    words = (*ALL_COLOURS, gettext("all colours"))
    return any(phrase.casefold() in caption.casefold() for phrase in words)


def _names_colour(value) -> bool:
    return bool(value.value_option_id) and value.attribute.code in get_config().colour_attributes


def _children(roots: list, products: list) -> dict[int, list]:
    parents = {root.pk: root for root in roots if root.is_parent}
    grouped = defaultdict(list)
    if parents:
        visible = Q(is_public=True) | Q(pk__in=[product.pk for product in products])
        children = get_model("catalogue", "Product").objects.filter(visible, parent__in=parents)
        for child in children.order_by("pk").prefetch_related("stockrecords"):
            child.parent = parents[child.parent_id]
            grouped[child.parent_id].append(child)
    return grouped


def _images(ids: list[int]) -> dict[int, list]:
    variant = "gan_published__publication__variant"
    images = (
        get_model("catalogue", "ProductImage")
        .objects.filter(product__in=ids)
        .select_related("gan_renditions", f"{variant}__option", f"{variant}__colourway")
        .order_by("display_order", "pk")
    )
    return _by_product(images)


def _option_values(ids: list[int]) -> dict[int, list]:
    values = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(product__in=ids, attribute__type="option")
        .select_related("attribute", "value_option")
        .order_by("attribute__code")
    )
    return _by_product(values)


def _by_product(rows) -> dict[int, list]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.product_id].append(row)
    return grouped
