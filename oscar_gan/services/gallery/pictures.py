"""Which picture shows which colour, its alternative text, and names that tell colours apart."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import slugify
from django.utils.translation import gettext as _

from ..captions import alternative_text
from ..labels import kind_of
from .colour_book import Colour
from .results import Picture
from .rows import Family, colours_in_caption, publication_of, suits_every_colour, variant_of


def sort(
    family: Family, images: Iterable, colours: list[Colour], *, silent: str | None
) -> tuple[dict[str, list[Picture]], list[Picture]]:
    """Pictures of one gallery by colour identity, and those for every colour.

    A published variant image shows its colour. A photo people made shows the colours that its
    caption names; one whose caption names none shows the colour `silent`, or every colour.
    """
    by_identity = {colour.identity: colour for colour in colours}
    own: dict[str, list[Picture]] = {identity: [] for identity in by_identity}
    shared = []
    for image in images:
        for identity in _identities(family, image, colours, silent):
            if identity is None:
                shared.append(picture(family, image, None))
            elif identity in own:
                own[identity].append(picture(family, image, by_identity[identity]))
    return own, shared


def _identities(family: Family, image, colours: list[Colour], silent: str | None) -> set:
    if variant := variant_of(image):
        return {family.colours.of_variant(variant).identity}
    if suits_every_colour(image.caption):
        return {None}
    return colours_in_caption(image.caption, colours) or {silent}


def picture(family: Family, image, colour: Colour | None) -> Picture:
    """Its alternative text is its caption; what publishing wrote, in the shopper's language."""
    caption = alternative_text(image, publication_of(image))
    title = family.root.get_title()
    if colour and not caption:
        caption = _("%(product)s, %(colour)s") % {"product": title, "colour": colour.label}
    return Picture(image=image, alt=caption or title, simulated=_simulated(image))


def _simulated(image) -> str:
    variant = variant_of(image)
    return kind_of(variant) if variant else ""


def labels(colours: list[Colour]) -> list[str]:
    """Names as shown: two colours that share a name are numbered."""
    return _distinct([colour.label for colour in colours], " ")


def keys(colours: list[Colour]) -> list[str]:
    """Names as they stand in a URL, e.g. forest-green."""
    return _distinct([slugify(c.label, allow_unicode=True) or "colour" for c in colours], "-")


def _distinct(names: list[str], separator: str) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}{separator}{seen[name]}")
    return distinct
