"""Places in a gallery: where a new picture hangs without moving one that a person put there.

Plain arithmetic on display orders, so that the preview and the deed cannot differ. An order is
never negative, so a picture can only lead where nothing of a person's stands at 0.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace

from ..models import Publication

Position = Publication.Position


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A picture in a gallery by its key (an id); `ours` is one that we published."""

    key: Hashable
    order: int
    ours: bool


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """A gallery with one more picture in it."""

    spots: tuple[Spot, ...]
    order: int
    """The new picture's display order."""
    moved: dict[Hashable, int] = field(default_factory=dict)
    """By how much which of our own pictures make room."""

    @property
    def leads(self) -> bool:
        """Whether the new picture is the gallery's first."""
        return self.spots[0].order == self.order


def hang(
    spots: Sequence[Spot], *, key: Hashable, position: str, without: Collection[Hashable] = ()
) -> Hanging:
    """Put `key` into a gallery, in order, that loses `without`.

    What cannot lead comes right behind people's photos.
    """
    left = [spot for spot in spots if spot.key not in without]
    if position == Position.LEAD and (leading := _lead(left, key)):
        return leading
    if position == Position.LAST:
        return _insert(left, key, len(left))
    photos = [index for index, spot in enumerate(left) if not spot.ours]
    return _insert(left, key, photos[-1] + 1 if photos else 0)


def _lead(left: list[Spot], key: Hashable) -> Hanging | None:
    """At the front: on a free place, or where our own pictures there can move up; else None."""
    if not left or left[0].order == 0:
        return _insert(left, key, 0)
    new = Spot(key=key, order=left[0].order - 1, ours=True)
    return Hanging(spots=(new, *left), order=new.order)


def _insert(left: list[Spot], key: Hashable, index: int) -> Hanging | None:
    """At `index`; ours behind it move as far as needed. None if a person's would have to."""
    order = left[index - 1].order + 1 if index else 0
    new = Spot(key=key, order=order, ours=True)
    behind, moved, last = [], {}, order
    for spot in left[index:]:
        if spot.order <= last:
            if not spot.ours:
                return None
            moved[spot.key] = last + 1 - spot.order
            spot = replace(spot, order=last + 1)
        last = spot.order
        behind.append(spot)
    return Hanging(spots=(*left[:index], new, *behind), order=order, moved=moved)


def moved_back(spots: Sequence[Spot], moved: dict[Hashable, int]) -> dict[Hashable, int]:
    """The orders that pictures which made room return to, as far as nothing came between."""
    orders = {spot.key: spot.order for spot in spots}
    back = {}
    for key in sorted(moved.keys() & orders.keys(), key=orders.get):
        target = orders[key] - moved[key]
        taken = (order for other, order in orders.items() if other != key)
        if target >= 0 and not any(target <= order < orders[key] for order in taken):
            orders[key] = back[key] = target
    return back
