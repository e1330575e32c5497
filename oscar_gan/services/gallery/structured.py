"""A product and its colours as schema.org describes them, for search engines."""

from __future__ import annotations

import html
from collections.abc import Callable

from django.utils.html import strip_tags

from ..renditions import whole_url
from .results import Gallery

CONTEXT = "https://schema.org"
VARIES_BY = ("size", "material", "pattern")
"""Codes of option attributes that schema.org has a property for, beside colour."""
LONGEST = 5000
"""Characters of a description."""


def structured_data(
    *, product, gallery: Gallery, strategy=None, absolute: Callable[[str], str] = str
) -> dict:
    """ProductGroup with its variants for parents and children, Product for standalone ones.

    A variant is shown by pictures of its own colour or by none. The published colours of a
    standalone product are no variants: nobody can order them. `absolute` completes URLs.
    """
    return _Describer(product, gallery, strategy, absolute).describe()


class _Describer:
    def __init__(self, product, gallery: Gallery, strategy, absolute) -> None:
        self.product = product
        self.gallery = gallery
        self.family = gallery.family
        self.strategy = strategy
        self.absolute = absolute

    def describe(self) -> dict:
        root = self.family.root
        if not self.family.children:
            return {"@context": CONTEXT} | self._standalone(root)
        variants = [self._child(child) for child in self.family.children]
        varies = [name for name in ("color", *VARIES_BY) if any(name in v for v in variants)]
        return {
            "@context": CONTEXT,
            "@type": "ProductGroup",
            "name": root.get_title(),
            **_given("description", _plain(root.description)),
            "url": self.absolute(root.get_absolute_url()),
            "productGroupID": root.upc or str(root.pk),
            "variesBy": [f"{CONTEXT}/{name}" for name in varies],
            "hasVariant": variants,
        }

    def _standalone(self, product) -> dict:
        colours = self.gallery.colours
        pictures = [*colours[0].images, *self.gallery.shared] if colours else self.gallery.images
        colour = self.family.colour_of(product)
        return self._product(product, product.get_title(), colour, pictures) | _given(
            "description", _plain(product.description)
        )

    def _child(self, child) -> dict:
        colour = self.family.colour_of(child)
        images = self.family.images[child.pk] or [
            picture.image
            for swatch in self.gallery.colours
            if colour and swatch.label == colour.label
            for picture in swatch.images
        ]
        others = self.family.other_values(child)
        traits = {value.attribute.code: value.value_as_text for value in others}
        name = [
            self.family.root.get_title(),
            *([colour.label] if colour else []),
            *traits.values(),
        ]
        known = {code: traits[code] for code in VARIES_BY if code in traits}
        return self._product(child, child.title or ", ".join(name), colour, images) | known

    def _product(self, product, name: str, colour, pictures: list) -> dict:
        images = [getattr(each, "image", each) for each in pictures]
        url = self.absolute(product.get_absolute_url())
        return {
            "@type": "Product",
            "name": name,
            "url": url,
            **_given("sku", product.upc),
            **_given("color", colour.label if colour else ""),
            **_given("image", [self.absolute(whole_url(image)) for image in images]),
            **_given("offers", self._offer(product, url)),
        }

    def _offer(self, product, url: str) -> dict:
        if self.strategy is None:
            return {}
        info = self.strategy.fetch_for_product(product)
        if not info.price.exists:
            return {}
        price = info.price.incl_tax if info.price.is_tax_known else info.price.excl_tax
        stock = "InStock" if info.availability.is_available_to_buy else "OutOfStock"
        return {
            "@type": "Offer",
            "url": url,
            "price": str(price),
            "priceCurrency": info.price.currency,
            "availability": f"{CONTEXT}/{stock}",
        }


def _given(name: str, value) -> dict:
    return {name: value} if value else {}


def _plain(description: str) -> str:
    """A description without its markup."""
    return html.unescape(strip_tags(description or "")).strip()[:LONGEST]
