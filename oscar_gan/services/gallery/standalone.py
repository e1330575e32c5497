"""The gallery of a standalone product: its own colour and those published beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ...models import Matte
from .colour_book import Colour
from .pictures import keys, labels, picture, sort
from .results import Gallery, GalleryColour
from .rows import Family, variant_of


def standalone_gallery(family: Family, selected_key: str | None) -> Gallery:
    """Colours are the original's and those published into the same gallery."""
    images = family.images[family.root.pk]
    original = family.colour_of(family.root)
    colours = list(
        dict.fromkeys(family.colours.of_variant(v) for i in images if (v := variant_of(i)))
    )
    if not colours:
        pictures = [picture(family, image, original) for image in images]
        return Gallery(colours=[], images=pictures, shared=[])
    original = original or Colour(identity="", label=_("Original"), colour=None)
    if original.colour is None:
        original = replace(original, colour=_measured_colour(images))
    colours = list(dict.fromkeys([original, *colours]))
    own, shared = sort(family, images, colours, silent=original.identity)
    colours = [colour for colour in colours if own[colour.identity]]
    page = family.root.get_absolute_url()
    names = keys(colours)
    # Without photos of its own there is no original to show: the first colour leads.
    chosen = selected_key if selected_key in names else names[0]
    swatches = [
        GalleryColour(
            key=key,
            label=label,
            colour=colour.colour,
            url=page if key == names[0] else f"{page}?{urlencode({'colour': key})}",
            selected=key == chosen,
            images=own[colour.identity],
        )
        for key, label, colour in zip(names, labels(colours), colours, strict=True)
    ]
    shown = next(swatch.images for swatch in swatches if swatch.selected)
    return Gallery(colours=swatches, images=[*shown, *shared], shared=shared)


def _measured_colour(images: Iterable) -> str | None:
    """The colour found in the product's photos, if one was analysed."""
    matte = Matte.objects.filter(source__in=list(images)).exclude(swatch="").first()
    return matte.swatch if matte else None
