"""What the rows say about each photo: standing decisions, outlines drawn and outlines found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from ...models import Matte, Review
from .reasons import IGNORED, OUTLINE

Person = object
"""A user's primary key; None: deleted since, or a command."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The standing quality decision about one variant image."""

    review: int
    reviewer: Person
    approved: bool
    reason: str
    variant: int
    photo: str
    source: int | None
    product: int
    generator: int
    drawn: str
    """Digest of the staff's matte it was made with; empty: the generator's own."""
    at: datetime
    """When the picture was made."""

    @property
    def about_outline(self) -> bool:
        return self.approved or self.reason in OUTLINE


@dataclass(frozen=True, slots=True)
class Outline:
    """A stored matte."""

    name: str
    digest: str
    by: Person
    source: int
    photo: str
    at: datetime

    def to_json(self) -> dict:
        return {"name": self.name, "sha256": self.digest}


@dataclass
class Photo:
    """All that is known about one photo, told by its bytes, wherever it is on show."""

    digest: str
    decisions: list[Decision] = field(default_factory=list)
    drawn: list[Outline] = field(default_factory=list)
    """By staff, oldest first."""
    found: list[Outline] = field(default_factory=list)
    """By analysers, oldest first."""

    @property
    def sources(self) -> set[int]:
        """Source images with decisions or outlines of this photo that still exist as rows."""
        rows = [*self.decisions, *self.drawn]
        return {row.source for row in rows if row.source is not None}

    def outline_of(self, decision: Decision) -> str:
        """Digest of the matte a decided picture was made with; empty where it is not on record."""
        if decision.drawn:
            return decision.drawn
        # A row does not say which version found a matte. One that was there when a version's
        # first picture was made is that version's; later ones are its successors'.
        at = self._first_made[decision.generator]
        earlier = [outline for outline in self.found if outline.at <= at] or self.found[:1]
        return earlier[-1].digest if earlier else ""

    @cached_property
    def _first_made(self) -> dict[int, datetime]:
        newest_first = sorted(self.decisions, key=lambda decision: decision.at, reverse=True)
        return {decision.generator: decision.at for decision in newest_first}


@dataclass
class Evidence:
    """Photos by digest, newest photo by source image, and how often which decision was taken."""

    photos: dict[str, Photo] = field(default_factory=dict)
    current: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    ignored: Counter = field(default_factory=Counter)
    """Rejections that teach nothing, by reason."""
    newest_review: int = 0

    def decisions(self) -> Iterator[Decision]:
        for photo in self.photos.values():
            yield from photo.decisions

    def photo(self, digest: str) -> Photo:
        return self.photos.setdefault(digest, Photo(digest))

    def is_replaced(self, source: int, digest: str) -> bool:
        """Whether newer rows about this source image are about another photo."""
        return self.current[source][1] != digest

    def saw(self, row: Decision | Outline) -> None:
        if row.source is not None:
            seen = self.current.get(row.source)
            self.current[row.source] = max(filter(None, [seen, (row.at, row.photo)]))


def standing(name: str) -> QuerySet[Review]:
    """What counts about pictures of generator `name`: the newest decision on each, not undone."""
    newer = Review.objects.filter(variant=OuterRef("variant"), pk__gt=OuterRef("pk"))
    return Review.objects.filter(
        ~Exists(newer),
        variant__request__generator__name=name,
        decision__in=[Review.Decision.APPROVED, Review.Decision.REJECTED],
    )


def gather(name: str) -> Evidence:
    """All decisions about generator `name` and all outlines drawn, in three queries."""
    evidence = Evidence()
    for decision in _decisions(name):
        evidence.saw(decision)
        evidence.newest_review = decision.review
        if decision.reason in IGNORED:
            evidence.ignored[decision.reason] += 1
        else:
            evidence.photo(decision.photo).decisions.append(decision)
    for outline in _outlines(Matte.Origin.STAFF):
        evidence.saw(outline)
        evidence.photo(outline.photo).drawn.append(outline)
    for outline in _outlines(Matte.Origin.ANALYSER):
        evidence.saw(outline)
        if outline.photo in evidence.photos:
            evidence.photos[outline.photo].found.append(outline)
    return evidence


def _decisions(name: str) -> Iterator[Decision]:
    rows = standing(name).order_by("pk")
    values = rows.values_list(
        "pk",
        "reviewer",
        "decision",
        "reason",
        "variant",
        "variant__source_digest",
        "variant__source",
        "variant__product",
        "variant__request__generator",
        "variant__request__matte__origin",
        "variant__request__matte__digest",
        "variant__finished_at",
        "variant__created_at",
    )
    for pk, by, decision, reason, *variant, origin, matte, finished, created in values.iterator():
        yield Decision(
            pk,
            by,
            decision == Review.Decision.APPROVED,
            reason,
            *variant,
            drawn=matte if origin == Matte.Origin.STAFF else "",
            at=finished or created,
        )


def _outlines(origin: str) -> Iterator[Outline]:
    rows = Matte.objects.filter(origin=origin).order_by("created_at", "pk")
    values = rows.values_list(
        "file_name", "digest", "created_by", "source", "source_digest", "created_at"
    )
    for row in values.iterator():
        yield Outline(*row)
