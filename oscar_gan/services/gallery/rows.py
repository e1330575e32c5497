"""The rows behind a product page's gallery: family, pictures and colours, in five queries."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext
from oscar.core.loading import get_model

from ...conf import get_config
from ...models import Colourway, VariantImage
from .. import colour_names
from ..colours import named_colour

ALL_COLOURS = ("all colours", "all colors")
"""A caption with these words (or their translation) marks a photo that suits every colour."""


@dataclass(frozen=True, kw_only=True)
class Colour:
    """A colour by its name; two rows mean the same colour when their identities are equal."""

    identity: str
    label: str = field(compare=False)
    colour: str | None = field(compare=False)


@dataclass(kw_only=True)
class Family:
    """A standalone product, or a parent with those of its children that may be seen."""

    root: object
    children: list
    images: dict[int, list]
    values: dict[int, list]

    def colour_of(self, product) -> Colour | None:
        """The colour that the product's own attribute names."""
        value = self._colour_value(product)
        return self.colour_of_option(value.value_option) if value else None

    def other_values(self, product) -> list:
        """The product's option attributes apart from colour, e.g. its size."""
        codes = get_config().colour_attributes
        return [v for v in self.values[product.pk] if v.attribute.code not in codes]

    def colour_of_option(self, option) -> Colour:
        name = option.option
        colourway = self.colourways.get(option.pk) or self.colourways.get(name.casefold())
        return Colour(
            identity=name.casefold(),
            label=name,
            colour=colourway.colour if colourway else self._targets.get(option.pk),
        )

    def colour_of_variant(self, variant: VariantImage) -> Colour:
        """Option, else colourway, else the label; a label that is a hex code gets a name."""
        if variant.option:
            known = self.colour_of_option(variant.option)
            return Colour(
                identity=known.identity, label=known.label, colour=known.colour or variant.target
            )
        if variant.colourway:
            name, colour = variant.colourway.name, variant.colourway.colour
            return Colour(identity=name.casefold(), label=name, colour=colour)
        if colour_names.is_hex(variant.label):
            label = colour_names.describe(variant.target)
            return Colour(identity=variant.target, label=label, colour=variant.target)
        return Colour(
            identity=variant.label.casefold(), label=variant.label, colour=variant.target
        )

    def colours_in_caption(self, caption: str, colours: list[Colour]) -> set[str]:
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

    def is_rote(self, image) -> bool:
        """Whether the caption is the one that publishing wrote: the title and the label."""
        variant = variant_of(image)
        titles = (product.get_title() for product in (self.root, *self.children))
        return variant is not None and image.caption in {
            f"{title}, {variant.label}"[:200] for title in titles
        }

    @cached_property
    def colourways(self) -> dict[int | str, Colourway]:
        """Colourways of the family's options, by option id and by case-folded name."""
        options = self._options
        if not options:
            return {}
        wanted = Q(option__in=options)
        for name in options.values():
            wanted |= Q(name__iexact=name)
        found: dict[int | str, Colourway] = {}
        for colourway in Colourway.objects.filter(wanted):
            found[colourway.name.casefold()] = colourway
            if colourway.option_id:
                found[colourway.option_id] = colourway
        return found

    @cached_property
    def _options(self) -> dict[int, str]:
        """Colour options the family mentions: id → name."""
        options = [
            value.value_option
            for product in [self.root, *self.children]
            if (value := self._colour_value(product))
        ]
        options += [variant.option for variant in self._variants if variant.option]
        return {option.pk: option.option for option in options}

    @cached_property
    def _targets(self) -> dict[int, str | None]:
        """What an option without a colourway looks like: as published, or as CSS names it."""
        targets = {pk: named_colour(name) for pk, name in self._options.items()}
        published = {v.option_id: v.target for v in self._variants if v.option_id}
        return {**targets, **published}

    @cached_property
    def _variants(self) -> list[VariantImage]:
        variants = (variant_of(image) for images in self.images.values() for image in images)
        return [variant for variant in variants if variant]

    def _colour_value(self, product):
        codes = get_config().colour_attributes
        values = (v for v in self.values[product.pk] if v.attribute.code in codes)
        return next((v for v in values if v.value_option_id), None)


def load(product) -> Family:
    """Read the family of `product`; a child that only staff may see is there on its own page."""
    root = product.parent if product.is_child else product
    children = []
    if root.is_parent:
        visible = Q(is_public=True) | Q(pk=product.pk)
        children = list(
            root.children.filter(visible).order_by("pk").prefetch_related("stockrecords")
        )
    for child in children:
        child.parent = root
    ids = [root.pk, *(child.pk for child in children)]
    return Family(root=root, children=children, images=_images(ids), values=_option_values(ids))


def variant_of(image) -> VariantImage | None:
    """The variant image that was published as `image`; None for a picture people made."""
    published = getattr(image, "gan_published", None)
    return published.publication.variant if published else None


def suits_every_colour(caption: str) -> bool:
    words = (*ALL_COLOURS, gettext("all colours"))
    return any(phrase.casefold() in caption.casefold() for phrase in words)


def _images(ids: list[int]) -> dict[int, list]:
    variant = "gan_published__publication__variant"
    images = (
        get_model("catalogue", "ProductImage")
        .objects.filter(product__in=ids)
        .select_related(f"{variant}__option", f"{variant}__colourway")
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
