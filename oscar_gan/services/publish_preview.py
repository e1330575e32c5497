"""Preview: every gallery before and after publishing, without changing one.

It hangs the pictures by the same arithmetic as publishing does, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..errors import OscarGanError
from ..models import VariantImage
from .captions import caption_of
from .gallery.colour_book import identity_of
from .publish_places import Hanging, Spot, hang
from .publish_rules import Position, Rule, destinations
from .publish_walls import Wall, published_of, walls


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One picture on a wall: Oscar's `image`, or the `variant` that would come."""

    order: int
    image: object | None = None
    variant: VariantImage | None = None
    text: str = ""
    state: str = "stays"
    """`stays`, `moves`, `new` or `goes`."""
    by_hand: bool = False
    """Whether a person put it there."""


@dataclass(kw_only=True)
class GalleryChange:
    """One gallery before and after, in order; `main` is the first picture after."""

    product: object
    before: list[Frame]
    after: list[Frame] = field(default_factory=list)
    follows: bool = False
    """Whether a picture that was to lead cannot, because a person's photo does."""

    @property
    def new_main(self) -> bool:
        """Whether shoppers see another picture first than before."""
        return bool(self.after) and self.after[0].state == "new"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What publishing would do; `problems` are variant images that stay out, with the reason."""

    galleries: list[GalleryChange]
    problems: list[tuple[VariantImage, str]]

    @property
    def pictures(self) -> int:
        """Copies that would be added, over all galleries."""
        return sum(f.state == "new" for g in self.galleries for f in g.after)

    @property
    def replaced(self) -> int:
        return sum(f.state == "goes" for g in self.galleries for f in g.before)


def preview(*, variants: Iterable[VariantImage], rule: Rule, by) -> Preview:
    """What publishing `variants` by `rule` would do for `by`, in a fixed number of queries.

    Variant images come with product (and its parent), option, colourway and live_publications.
    """
    variants = list(variants)
    found = destinations(variants=variants, scope=rule.scope, by=by)
    problems, going = [], []
    for variant in variants:
        problem = _problem(variant, found[variant.pk])
        if problem:
            problems.append((variant, problem))
        else:
            going.append(variant)
    products = {product.pk: product for v in going for product in found[v.pk]}
    sketches = {wall.product.pk: _Sketch(wall) for wall in walls(products.values())}
    for variant in going:
        for product in found[variant.pk]:
            sketches[product.pk].add(variant, rule)
    return Preview(galleries=[sketch.change() for sketch in sketches.values()], problems=problems)


def _problem(variant: VariantImage, found) -> str:
    if isinstance(found, OscarGanError):
        return str(found)
    if variant.status != VariantImage.Status.APPROVED:
        return f"Only approved pictures can be published: {variant.get_status_display()}."
    if variant.live_publications:
        return "This picture is published already; revert that first."
    return ""


class _Sketch:
    """One wall while pictures are hung on it in thought."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.spots: list[Spot] = list(wall.spots)
        self.added: dict[tuple, VariantImage] = {}
        self.gone: set[int] = set()
        self.follows = False

    def add(self, variant: VariantImage, rule: Rule) -> None:
        unwanted = [p.image_id for p in self.wall.same_colour(variant)] if rule.replace else []
        takes = self._earlier_takes(variant) if rule.replace else []
        for key in takes:
            del self.added[key]
        self.gone.update(unwanted)
        key = ("new", variant.pk)
        hanging: Hanging = hang(
            self.spots, key=key, position=rule.position, without=[*unwanted, *takes]
        )
        self.spots = list(hanging.spots)
        self.added[key] = variant
        self.follows |= rule.position == Position.LEAD and not hanging.leads

    def _earlier_takes(self, variant: VariantImage) -> list[tuple]:
        """Takes of one colour of one photo that would be published before this one."""
        return [
            key
            for key, other in self.added.items()
            if identity_of(other) == identity_of(variant) and other.source_id == variant.source_id
        ]

    def change(self) -> GalleryChange:
        images = self.wall.images
        before = [
            self._frame(pk, image, image.display_order, "goes" if pk in self.gone else "stays")
            for pk, image in images.items()
        ]
        after = [
            self._new(spot)
            if spot.key in self.added
            else self._frame(
                spot.key,
                images[spot.key],
                spot.order,
                "stays" if spot.order == images[spot.key].display_order else "moves",
            )
            for spot in self.spots
        ]
        return GalleryChange(
            product=self.wall.product, before=before, after=after, follows=self.follows
        )

    def _new(self, spot: Spot) -> Frame:
        variant = self.added[spot.key]
        text = caption_of(variant.product, variant)
        return Frame(order=spot.order, variant=variant, text=text, state="new")

    def _frame(self, pk: int, image, order: int, state: str) -> Frame:
        by_hand = published_of(image) is None
        return Frame(order=order, image=image, text=image.caption, state=state, by_hand=by_hand)
