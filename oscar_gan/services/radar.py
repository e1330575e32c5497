"""Missing-colour radar: child products that show shoppers another colour's photo.

Oscar shows a parent's photos on every child without photos of its own. Which picture shows which
colour is decided by the rules of services.gallery, so that the radar and the shop agree. A handful
of aggregated queries serves any number of products.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from oscar.core.loading import get_model

from ..conf import get_config
from ..models import Colourway, Publication, VariantImage
from . import access
from .colours import named_colour
from .gallery.colour_book import Colour, identity
from .gallery.rows import colours_in_caption, suits_every_colour
from .selection import Selection

Status = VariantImage.Status
ON_ITS_WAY = (Status.APPROVED, Status.AWAITING_REVIEW, Status.RUNNING, Status.QUEUED)
"""States of a picture that is not published yet, the nearest to it first."""


@dataclass(frozen=True, kw_only=True)
class MissingColour:
    """A colour of a parent whose children show another one's photo."""

    parent: int
    identity: str
    label: str
    colour: str | None
    """#RRGGBB, or None while nobody said what the name looks like: it cannot be made."""
    children: int
    """How many child products show another colour's photo."""
    state: str = ""
    """How far a picture of it is (one of ON_ITS_WAY); empty when none is on its way."""

    @property
    def fillable(self) -> bool:
        return not self.state and self.colour is not None


@dataclass(frozen=True)
class Findings:
    """What the radar found, in order of the parents' ids."""

    colours: list[MissingColour]

    @cached_property
    def families(self) -> dict[int, list[MissingColour]]:
        """By the parent's id."""
        grouped = defaultdict(list)
        for colour in self.colours:
            grouped[colour.parent].append(colour)
        return dict(grouped)

    @cached_property
    def children(self) -> int:
        return sum(colour.children for colour in self.colours)

    @cached_property
    def fillable(self) -> int:
        """Colours that can be asked for now."""
        return sum(colour.fillable for colour in self.colours)

    @cached_property
    def on_their_way(self) -> int:
        return sum(bool(colour.state) for colour in self.colours)

    @cached_property
    def unknown(self) -> int:
        """Colours that nobody has described yet."""
        return sum(colour.colour is None and not colour.state for colour in self.colours)


def find(*, selection: Selection | None = None, by=None) -> Findings:
    """What shoppers see in another colour, among the parents of `selection` that `by` may see.

    With partners in the selection only their children count; partner staff see their own.
    """
    selection = restricted(selection=selection or Selection(), by=by)
    parents = None if selection == Selection() else selection.find().order_by().values("pk")
    members = _members(parents, selection.partners)
    if not members:
        return Findings([])
    shown = _shown_by_parents(parents, members)
    with_photos = _with_photos(parents)
    lacking = [
        (parent, member)
        for parent, family in sorted(members.items())
        if parent in with_photos or any(member.pictured for member in family.values())
        for member in family.values()
        if member.children and not member.pictured and member.identity not in shown[parent]
    ]
    if not lacking:
        return Findings([])
    states, colours = _states(parents), _Palette()
    return Findings(
        [
            MissingColour(
                parent=parent,
                identity=member.identity,
                label=member.label,
                colour=colours.of(member),
                children=member.children,
                state=states.get((parent, member.identity), ""),
            )
            for parent, member in lacking
        ]
    )


def gaps(*, products: Iterable, partners: tuple[int, ...]) -> dict[int, frozenset[str]]:
    """Names (case-folded) of the colours to ask for, by the parent's id."""
    ids = tuple(product.pk for product in products)
    found = find(selection=Selection(products=ids, partners=partners))
    return {
        parent: frozenset(colour.identity for colour in colours if colour.fillable)
        for parent, colours in found.families.items()
    }


def restricted(*, selection: Selection, by) -> Selection:
    """The selection as far as `by` may see it: of partner staff, their own partners' products."""
    if by is None or access.sees_all(by):
        return selection
    partners = get_model("partner", "Partner").objects.filter(users=by)
    if selection.partners:
        partners = partners.filter(pk__in=selection.partners)
    own = (
        tuple(partners.order_by("pk").values_list("pk", flat=True))
        if access.may(by, "view")
        else ()
    )
    return replace(selection, partners=own or (0,))


@dataclass
class _Member:
    """A colour of a family: how many children have it, and how many of those have a photo."""

    identity: str
    label: str
    options: list[int]
    children: int = 0
    pictured: int = 0


def _within(parents: QuerySet | None, path: str) -> Q:
    return Q(**{f"{path}__isnull": False}) if parents is None else Q(**{f"{path}__in": parents})


def _members(parents, partners) -> dict[int, dict[str, _Member]]:
    """The colours of each family by identity, counted over public children."""
    images = get_model("catalogue", "ProductImage").objects.filter(product=OuterRef("product"))
    stock = get_model("partner", "StockRecord").objects.filter(partner__in=partners)
    mine = Q(product__in=stock.values("product")) if partners else None
    rows = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(
            _within(parents, "product__parent"),
            product__is_public=True,
            attribute__code__in=get_config().colour_attributes,
            attribute__type="option",
            value_option__isnull=False,
        )
        .order_by()
        .values_list("product__parent", "value_option", "value_option__option")
        .annotate(
            children=Count("pk", filter=mine),
            pictured=Count("pk", filter=Exists(images)),
        )
    )
    found: dict[int, dict[str, _Member]] = defaultdict(dict)
    for parent, option, name, children, pictured in rows.iterator():
        member = found[parent].setdefault(name.casefold(), _Member(name.casefold(), name, []))
        member.options.append(option)
        member.children += children
        member.pictured += pictured
    return found


def _shown_by_parents(parents, members) -> dict[int, set[str]]:
    """The colours that pictures in the parents' own galleries show, by caption or publication."""
    variant = "gan_published__publication__variant"
    rows = (
        get_model("catalogue", "ProductImage")
        .objects.filter(_within(parents, "product"), product__parent=None)
        .filter(~Q(caption="") | Q(gan_published__isnull=False))
        .order_by()
        .values_list(
            *("product", "caption", variant, f"{variant}__option__option"),
            *(f"{variant}__colourway__name", f"{variant}__label", f"{variant}__target"),
        )
    )
    shown: dict[int, set[str]] = defaultdict(set)
    for product, caption, published, option, colourway, label, target in rows.iterator():
        if product not in members:
            continue
        if published:
            named = identity(option=option, colourway=colourway, label=label, target=target)
            shown[product].add(named)
        elif not suits_every_colour(caption):
            family = [
                Colour(identity=member.identity, label=member.label, colour=None)
                for member in members[product].values()
            ]
            shown[product] |= colours_in_caption(caption, family)
    return shown


def _with_photos(parents) -> set[int]:
    """Parents that have a picture of their own, which stands in for missing ones."""
    images = get_model("catalogue", "ProductImage").objects.filter(
        _within(parents, "product"), product__parent=None
    )
    return set(images.order_by().values_list("product", flat=True).distinct())


def _states(parents) -> dict[tuple[int, str], str]:
    """How far an unpublished picture is, by parent and colour; the furthest counts."""
    variants = VariantImage.objects.filter(status__in=ON_ITS_WAY).exclude(
        publications__in=Publication.objects.live()
    )
    if parents is not None:
        variants = variants.filter(Q(product__in=parents) | Q(product__parent__in=parents))
    rows = variants.order_by().values_list(
        *("product", "product__parent", "status"),
        *("option__option", "colourway__name", "label", "target"),
    )
    found: dict[tuple[int, str], str] = {}
    for product, parent, status, option, colourway, label, target in rows.iterator():
        named = identity(option=option, colourway=colourway, label=label, target=target)
        key = (parent or product, named)
        found[key] = min(found.get(key, status), status, key=ON_ITS_WAY.index)
    return found


class _Palette:
    """What options look like, as services.colours says for one product."""

    def __init__(self) -> None:
        self._by_option, self._by_name = {}, {}
        for name, colour, option in Colourway.objects.values_list("name", "colour", "option"):
            self._by_name[name.casefold()] = colour
            if option:
                self._by_option[option] = colour

    def of(self, member: _Member) -> str | None:
        tied = (self._by_option.get(option) for option in member.options)
        known = next(filter(None, tied), None) or self._by_name.get(member.identity)
        return known or named_colour(member.label)
