"""What a product page shows: the colours on offer and the pictures of the chosen one.

Plain queries; no file is opened. The rules are told in docs/storefront.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .cards import Card, card, plain_card
from .families import FamilyGallery
from .results import Gallery, GalleryChoice, GalleryColour, Picture
from .rows import Family, load
from .standalone import standalone_gallery
from .structured import structured_data

__all__ = [
    "Card",
    "Gallery",
    "GalleryChoice",
    "GalleryColour",
    "Picture",
    "card",
    "galleries",
    "gallery",
    "plain_card",
    "structured_data",
]


def gallery(*, product, selected_key: str | None = None, strategy=None) -> Gallery:
    """The gallery of `product`; `selected_key` names the colour on pages of several colours.

    A child page shows its own colour whatever the key says. `strategy` (Oscar's, from the
    request) tells which colours are sold out; without one all are taken to be available.
    """
    (family,) = load([product])
    return _build(family, product, selected_key, strategy)


def galleries(*, products: Iterable) -> dict[int, Gallery]:
    """The galleries of a list's products by id, in as many queries as that of one."""
    products = list(products)
    families = zip(products, load(products), strict=True)
    return {product.pk: _build(family, product, None, None) for product, family in families}


def _build(family: Family, product, selected_key: str | None, strategy) -> Gallery:
    if family.children:
        built = FamilyGallery(family, product, strategy).build(selected_key)
    else:
        built = standalone_gallery(family, selected_key)
    return replace(built, family=family)
