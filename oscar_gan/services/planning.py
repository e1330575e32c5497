"""Planning: what a bulk run would ask for, product by product, without writing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oscar.core.loading import get_model

from ..errors import InvalidRequest
from ..imaging.placing import Placement
from ..models import Colourway, Print, PublishedImage, VariantImage
from . import keyset, mattes, radar, registry
from .colours import ColourChoice, Target, colour_choices, look_target
from .colourways.serving import colourways_of
from .looks import print_look, style_look
from .recipes import digest_of, look_of, matte_part
from .selection import Selection

CHUNK = 200
"""Products read at a time."""


@dataclass(frozen=True)
class Skip:
    """What is not asked for: `has-picture`, `colour-unknown` or `not-its-colour`."""

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
    """What there is to do about each product with an id above `after`, in order of id.

    Raises InvalidRequest when a print of the selection was deleted, InvalidLook for its scale.
    """
    looks = _looks(selection)
    for chunk in keyset.chunks(selection.find(), CHUNK, after=after):
        gaps = radar.gaps(products=chunk, partners=selection.partners) if selection.radar else None
        for product in chunk:
            yield _plan_one(product, selection, looks, gaps)


def _looks(selection: Selection) -> list[Target]:
    """The prints and styles of a selection, the same for every product."""
    prints = Print.objects.in_bulk(selection.prints)
    if gone := set(selection.prints) - prints.keys():
        raise InvalidRequest(
            f"{len(gone)} of the {len(selection.prints)} prints of this run were deleted since it"
            " was started. Start a new one without them."
        )
    placement = Placement(scale=selection.scale)
    looks = [print_look(prints[pk], placement) for pk in selection.prints]
    looks += [style_look(key) for key in selection.styles]
    return [look_target(look=look) for look in looks]


def _plan_one(product, selection: Selection, looks: Sequence[Target], gaps) -> PlanItem:
    source = source_photo(product)
    if source is None:
        return PlanItem(product=product, reason="no-photo")
    open_colours = None if gaps is None else gaps.get(product.pk, frozenset())
    targets, skips = _choose(product, selection, looks, open_colours)
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


def _choose(
    product, selection: Selection, looks: Sequence[Target], open_colours: frozenset[str] | None
) -> tuple[list[Target], list[Skip]]:
    """The colours and looks to ask for, and those not to, with the reason.

    `open_colours` are all that the radar wants, where it was asked.
    """
    published = _published(product) if selection.missing else frozenset()
    targets, skips = [], []
    for choice in _wanted(product, selection):
        if open_colours is not None and choice.label.casefold() not in open_colours:
            skips.append(Skip(choice.label, "has-picture"))
        elif reason := _reason_to_skip(choice, selection, published):
            skips.append(Skip(choice.label, reason))
        else:
            targets.append(choice.target())
    for target in looks:
        if _key_of(target) in published:
            skips.append(Skip(target.label, "has-picture"))
        else:
            targets.append(target)
    return targets, skips


def _wanted(product, selection: Selection) -> list[ColourChoice]:
    """The colours that a selection is about; none where it names looks only."""
    named = bool(selection.colours or selection.palettes)
    if not named and (selection.prints or selection.styles):
        return []
    free = named and not selection.palettes and all(map(_is_free, selection.colours))
    choices = [] if free else colour_choices(product=product)
    if named:
        colours = [_named(colour, choices) for colour in selection.colours]
        return [*colours, *_of_palettes(product, selection, choices)]
    return [choice for choice in choices if choice.option is not None]


def _of_palettes(product, selection: Selection, choices: list[ColourChoice]):
    """The palettes' colourways that serve the product; its own option where one stands for it."""
    in_palettes = Colourway.objects.filter(palettes__in=selection.palettes)
    wanted = set(in_palettes.values_list("pk", flat=True))
    for colourway in colourways_of(product) if selection.palettes else ():
        if colourway.pk in wanted:
            own = (choice for choice in choices if choice.option and choice.means(colourway))
            unnamed = ColourChoice(key="", label=colourway.name, colour=None)
            yield replace(
                next(own, unnamed),
                key=f"colourway:{colourway.pk}",
                colour=colourway.colour,
                colourway=colourway,
            )


def _named(colour: str, choices: list[ColourChoice]) -> ColourChoice:
    """The product's choice of that name; a free colour for #RRGGBB; else one without a key."""
    if _is_free(colour):
        return ColourChoice(key=colour, label=colour, colour=colour)
    name = colour.casefold()
    found = (choice for choice in choices if choice.label.casefold() == name)
    return next(found, ColourChoice(key="", label=colour, colour=None))


def _is_free(colour: str) -> bool:
    """Whether it stands for itself, whatever colours the product has."""
    return colour.startswith("#")


def _reason_to_skip(choice: ColourChoice, selection: Selection, published) -> str:
    if not choice.key:
        return "not-its-colour"
    if choice.colour is None:
        return "colour-unknown"
    pictured = not choice.missing if choice.option else choice.colour in published
    return "has-picture" if selection.missing and pictured else ""


def _published(product) -> frozenset[str | None]:
    """Colours, and looks by digest, of which this product or a child shows one of our pictures."""
    live = PublishedImage.objects.filter(
        image__isnull=False, publication__reverted_at=None
    ).select_related(None)
    own = live.filter(product=product) | live.filter(product__parent=product)
    return frozenset(map(_key, own.values_list("publication__variant__recipe", flat=True)))


def _asked_before(source, targets) -> frozenset[str]:
    """Labels whose recipe exists already, judged without reading the photo's file."""
    matte = mattes.staff_matte(source)
    part, generator = matte_part(matte), registry.champion().digest
    variants = VariantImage.objects.filter(source=source, pruned_at=None).exclude(
        status__in=VariantImage.RETRYABLE
    )
    existing = {
        _key(recipe)
        for recipe in variants.values_list("recipe", flat=True)
        if recipe["generator"]["digest"] == generator
        and {key: recipe[key] for key in ("matte", "keep") if key in recipe} == part
    }
    return frozenset(target.label for target in targets if _key_of(target) in existing)


def _key(recipe: dict) -> str | None:
    """What a recipe asked for: a colour, or the digest of a look; None for mapped colours."""
    look = look_of(recipe)
    return digest_of(look) if look else recipe.get("target")


def _key_of(target: Target) -> str:
    return digest_of(target.look.details) if target.look else target.colour
