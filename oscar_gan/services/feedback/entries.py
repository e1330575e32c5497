"""The photos to learn from: labelled, weighed, each on its side; the others counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from math import fsum

from .evidence import Evidence, Person, Photo
from .exclusions import SourceImage, read_exclusions
from .labels import REJECTED, WEIGHTS, Label, label
from .reviewers import factors

TRAIN, VALIDATION, SHADOW = "train", "validation", "shadow"
REVIEWER_LEFT_OUT = "reviewer-left-out"


def split_of(digest: str) -> str:
    """The side that a photo is on for good, by its SHA-256 alone: 14, 2 and 4 of 20."""
    bucket = int(digest[:8], 16) % 20
    if bucket < 4:
        return SHADOW
    return VALIDATION if bucket < 6 else TRAIN


@dataclass(frozen=True, slots=True)
class Entry:
    """A photo that is learnt from."""

    photo: Photo
    source: SourceImage
    label: Label
    parts: dict[Person, float]
    """The photo's weight by the reviewers that it rests on."""

    @property
    def split(self) -> str:
        return split_of(self.photo.digest)

    @property
    def is_trusted(self) -> bool:
        return self.label.label != REJECTED

    def to_json(self) -> dict:
        label, source = self.label, self.source
        about = [decision for decision in self.photo.decisions if decision.about_outline]
        return {
            "source": source.pk,
            "name": source.name,
            "sha256": self.photo.digest,
            "product": source.product,
            "group": source.group,
            "label": label.label,
            "matte": label.matte.to_json() if label.matte else None,
            "before": label.before.to_json() if label.before else None,
            "weight": fsum(self.parts.values()),
            "split": self.split,
            "reviewers": sorted(self.parts, key=str),
            "variants": sorted(decision.variant for decision in about),
        }


def entries(
    evidence: Evidence, *, unheard: Collection[Person], benched: Collection[str], share: float
) -> tuple[list[Entry], Counter]:
    """The photos to learn from, by digest, and how many others were left out for which reason.

    `unheard` reviewers count for nothing, and none of the others for more than `share`.
    """
    exclusions = read_exclusions(benched)
    found, left_out = [], Counter()
    for digest in sorted(evidence.photos):
        source = exclusions.show(evidence.photos[digest], evidence)
        photo = _heard(evidence.photos[digest], unheard)
        if isinstance(source, str):
            left_out[source] += 1
        elif not (photo.decisions or photo.drawn):
            left_out[REVIEWER_LEFT_OUT] += 1
        elif isinstance(said := label(photo), str):
            left_out[said] += 1
        else:
            part = WEIGHTS[said.label] / len(said.reviewers)
            found.append(Entry(photo, source, said, dict.fromkeys(said.reviewers, part)))
    return _capped(found, share), left_out


def _heard(photo: Photo, unheard: Collection[Person]) -> Photo:
    """The photo without what people said who are not listened to."""
    return Photo(
        photo.digest,
        [decision for decision in photo.decisions if decision.reviewer not in unheard],
        [outline for outline in photo.drawn if outline.by not in unheard],
        photo.found,
    )


def _capped(found: list[Entry], share: float) -> list[Entry]:
    """The entries with parts of which no reviewer has more than `share`.

    Each side of the split, and trusted and disbelieved outlines, by themselves: what is learnt
    is the training side's trusted outlines, and somebody's thousand rejections must not make
    somebody else's wrong outlines look like a small part of it.
    """
    pools = defaultdict(list)
    for entry in found:
        pools[_pool(entry)].append(entry.parts)
    by_pool = {pool: factors(parts, share) for pool, parts in pools.items()}
    return [
        replace(
            entry,
            parts={who: part * by_pool[_pool(entry)][who] for who, part in entry.parts.items()},
        )
        for entry in found
    ]


def _pool(entry: Entry) -> tuple[str, bool]:
    return entry.split, entry.is_trusted
