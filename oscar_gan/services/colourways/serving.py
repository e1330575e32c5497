"""Which colourways and palettes serve a product, and finding a palette by its name."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from oscar.core.loading import get_model

from ...errors import InvalidRequest
from ...models import Colourway, Palette
from .. import access


def colourways_of(product) -> list[Colourway]:
    """The shop's colourways and, before those of the same name, its sellers' own."""
    serving = Q(partner=None) | Q(partner__in=partners_of(product))
    found = Colourway.objects.filter(serving).select_related("option").order_by("name")
    return sorted(found, key=lambda colourway: colourway.partner_id is None)


def palettes_of(product, *, user=None) -> list[Palette]:
    """Palettes for `product`, the most fitting first: partner and category, partner, category.

    Palettes for everything come last. With `user`, only those that this person may use.
    """
    categories = _categories(product)
    palettes = Palette.objects.all() if user is None else access.palettes_for(user)
    found = palettes.filter(
        Q(partner=None) | Q(partner__in=partners_of(product)),
        Q(category=None) | Q(category__in=categories),
    )
    found = list(found.select_related("partner", "category").prefetch_related("colourways"))
    return sorted(found, key=lambda palette: _rank(palette, categories))


def is_meant_for(palette: Palette) -> bool:
    """Whether a palette is for some products rather than for everything."""
    return palette.partner_id is not None or palette.category_id is not None


def find_palette(text: str) -> int:
    """The id of the palette of this name, or `Partner > Name` where several share it."""
    partner, _arrow, name = text.rpartition(">")
    found = Palette.objects.filter(name__iexact=name.strip()).select_related("partner")
    if partner.strip():
        found = found.filter(
            Q(partner__name__iexact=partner.strip()) | Q(partner__code=partner.strip())
        )
    found = list(found)
    if len(found) == 1:
        return found[0].pk
    if found:
        named = ", ".join(f"'{it.partner or 'the shop'} > {it.name}'" for it in found)
        raise InvalidRequest(f"{len(found)} palettes are called {text!r}; write one of: {named}.")
    names = ", ".join(Palette.objects.values_list("name", flat=True)) or "none yet"
    raise InvalidRequest(f"No palette is called {text!r}; choose from: {names}.")


def partners_of(product) -> QuerySet:
    """Partners who sell `product`, its parent or a child of it."""
    root = product.parent_id or product.pk
    sold = Q(stockrecords__product=root) | Q(stockrecords__product__parent=root)
    return get_model("partner", "Partner").objects.filter(sold).distinct()


def _categories(product) -> dict[int, int]:
    """Ids of the product's categories and of those above, each with its depth."""
    Category = get_model("catalogue", "Category")
    own = product.get_categories().values_list("path", flat=True)
    step = Category.steplen
    paths = {path[:end] for path in own for end in range(step, len(path) + 1, step)}
    return dict(Category.objects.filter(path__in=paths).values_list("pk", "depth"))


def _rank(palette: Palette, categories: dict[int, int]) -> tuple:
    """Sorts the fitting palettes: partners' before the shop's, deep categories first."""
    return (
        palette.partner_id is None,
        -categories.get(palette.category_id, 0),
        palette.name.casefold(),
    )
