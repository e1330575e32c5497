"""Captions of published pictures: the product's title and the colour's name."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from . import colour_names

_LONGEST = 200  # characters, of Oscar's ProductImage.caption


def caption_of(product, variant) -> str:
    """What publishing writes under `variant`'s picture, in the shop's own language.

    A child's own title may hold its colour and size, so the parent's is used.
    """
    label = variant.label
    with translation.override(settings.LANGUAGE_CODE):
        name = colour_names.describe(label) if colour_names.is_hex(label) else label
    title = (product.parent if product.is_child else product).get_title()
    return f"{title}, {name}"[:_LONGEST]
