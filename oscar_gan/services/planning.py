"""Planning: what a bulk run would ask for, product by product, without writing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oscar.core.loading import get_model

from ..models import PublishedImage, VariantImage
from . import mattes, registry
from .colours import ColourChoice, Target, colour_choices
from .recipes import LOOK_KINDS
from .selection import Selection

CHUNK = 200
"""Products read at a time."""


@dataclass(frozen=True)
class Skip:
    """A colour that is not asked for: `has-picture`, `colour-unknown` or `not-its-colour`."""

    label: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanItem:
    """What a run would do about one product.

    `reason` is set when there is nothing to do: `no-photo`, `no-colours` (the product has no
    colour options and none were named) or `nothing-left` (every colour was skipped).
    `asked_before` are the labels among the targets whose pictures are made or under way.
    """

    product: object
    source: object | None = None
    targets: tuple[Target, ...] = ()
    skips: tuple[Skip, ...] = ()
    asked_before: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def fresh(self) -> tuple[Target, ...]:
        return tuple(target for target in self.targets if target.label not in self.asked_before)


def plan(*, selection: Selection, after: int = 0) -> Iterator[PlanItem]:
    """What there is to do about each product with an id above `after`, in order of id."""
    for product in _in_order(selection.find(), after):
        yield _plan_one(product, selection)


def _in_order(products, after: int) -> Iterator:
    """Keyset iteration: no list of all ids, no server-side cursor held over transactions."""
    while chunk := list(products.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        yield from chunk
        after = chunk[-1].pk


def _plan_one(product, selection: Selection) -> PlanItem:
    source = source_photo(product)
    if source is None:
        return PlanItem(product=product, reason="no-photo")
    targets, skips = _choose(product, selection)
    if not targets:
        reason = "nothing-left" if skips else "no-colours"
        return PlanItem(product=product, source=source, skips=tuple(skips), reason=reason)
    return PlanItem(
        product=product,
        source=source,
        targets=tuple(targets),
        skips=tuple(skips),
        asked_before=_asked_before(source, targets),
    )


def source_photo(product):
    """The photo to recolour: the first that a person put there; a parent borrows a child's."""
    photos = get_model("catalogue", "ProductImage").objects.filter(gan_published=None)
    own = photos.filter(product=product).order_by("display_order", "pk").first()
    if own is None and product.is_parent:
        children = photos.filter(product__parent=product)
        return children.order_by("product", "display_order", "pk").first()
    return own


def _choose(product, selection: Selection) -> tuple[list[Target], list[Skip]]:
    """The colours to ask for, and those not to, with the reason."""
    choices = colour_choices(product=product)
    published = _published_colours(product) if selection.missing else frozenset()
    if selection.colours:
        wanted = [_named(colour, choices) for colour in selection.colours]
    else:
        wanted = [choice for choice in choices if choice.option is not None]
    targets, skips = [], []
    for choice in wanted:
        if reason := _reason_to_skip(choice, selection, published):
            skips.append(Skip(choice.label, reason))
        else:
            targets.append(choice.target())
    return targets, skips


def _named(colour: str, choices: list[ColourChoice]) -> ColourChoice:
    """The product's choice of that name; a free colour for #RRGGBB; else one without a key."""
    if colour.startswith("#"):
        return ColourChoice(key=colour, label=colour, colour=colour)
    name = colour.casefold()
    found = (choice for choice in choices if choice.label.casefold() == name)
    return next(found, ColourChoice(key="", label=colour, colour=None))


def _reason_to_skip(choice: ColourChoice, selection: Selection, published) -> str:
    if not choice.key:
        return "not-its-colour"
    if choice.colour is None:
        return "colour-unknown"
    pictured = not choice.missing if choice.option else choice.colour in published
    return "has-picture" if selection.missing and pictured else ""


def _published_colours(product) -> frozenset[str]:
    """Colours of which this product or a child shows one of our pictures."""
    live = PublishedImage.objects.filter(
        image__isnull=False, publication__reverted_at=None
    ).select_related(None)
    live = live.exclude(publication__variant__recipe__kind__in=LOOK_KINDS)
    own = live.filter(product=product) | live.filter(product__parent=product)
    return frozenset(own.values_list("publication__variant__target", flat=True))


def _asked_before(source, targets) -> frozenset[str]:
    """Labels whose recipe exists already, judged without reading the photo's file."""
    matte = mattes.staff_matte(source)
    wanted = (matte.digest if matte else None, registry.champion().digest)
    variants = VariantImage.objects.filter(source=source).exclude(
        status__in=VariantImage.RETRYABLE
    )
    existing = {
        recipe.get("target")  # a picture with mapped colours has none
        for recipe in variants.values_list("recipe", flat=True)
        if (recipe["matte"], recipe["generator"]["digest"]) == wanted
    }
    return frozenset(target.label for target in targets if target.colour in existing)
