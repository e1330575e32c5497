"""What a product's card in a list shows: one picture, where it leads, and a few swatches."""

from __future__ import annotations

from dataclasses import dataclass

from .colour_book import Colour
from .results import Gallery, GalleryColour, Picture
from .rows import colours_in_caption


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card; `url` leads to the colour that `picture` shows."""

    url: str
    picture: Picture | None
    selected: GalleryColour | None
    shown: list[GalleryColour]
    more: list[GalleryColour]
    """Colours for which there is no place."""


def card(*, product, gallery: Gallery, words: str = "", most: int = 4) -> Card:
    """The card of a product; a search for "navy shirt" shows navy where there is a picture.

    Swatches need a colour that can be drawn: others count among those for which there is no
    place.
    """
    colours = gallery.colours if len(gallery.colours) > 1 else []
    asked = _asked(colours, words)
    drawn = [colour for colour in colours if colour.colour]
    if asked in drawn[most:]:  # what was asked for has a place
        drawn = [*drawn[: most - 1], asked]
    shown = drawn[:most]
    pictures = asked.images if asked else gallery.images
    return Card(
        url=asked.url if asked else product.get_absolute_url(),
        picture=pictures[0] if pictures else None,
        selected=asked or gallery.selected,
        shown=shown,
        more=[colour for colour in colours if colour not in shown],
    )


def plain_card(product) -> Card:
    """The card of a product whose colours nobody read: its first picture, no swatches."""
    image = product.primary_image()
    picture = None if isinstance(image, dict) else Picture(image=image, alt=product.get_title())
    url = product.get_absolute_url()
    return Card(url=url, picture=picture, selected=None, shown=[], more=[])


def _asked(colours: list[GalleryColour], words: str) -> GalleryColour | None:
    """The colour with pictures that a search names; the longest name wins."""
    names = [Colour(identity=c.label, label=c.label, colour=c.colour) for c in colours]
    named = colours_in_caption(words, names)
    found = [colour for colour in colours if colour.label in named and colour.images]
    return max(found, key=lambda colour: len(colour.label), default=None)
