"""What one photo teaches: the outline that people trust, or that none of them is believed."""

from __future__ import annotations

from dataclasses import dataclass

from .evidence import Decision, Outline, Person, Photo

CORRECTED, APPROVED, REJECTED = "corrected", "approved", "rejected"

WEIGHTS = {CORRECTED: 1.0, APPROVED: 0.5, REJECTED: 0.5}
"""Before reviewers are capped. Whoever draws an outline looked at all of it; whoever approves a
picture saw no fault at the size it was shown, which says less about the rim. A rejection says
that an outline is wrong, but not which one is right."""

SAYS_NOTHING = "says-nothing-about-outline"
NO_OUTLINE = "outline-not-on-record"


@dataclass(frozen=True, slots=True)
class Label:
    """What people said about a photo's outline, and who."""

    label: str
    reviewers: frozenset[Person]
    matte: Outline | None = None
    """The trusted one; None for a rejected photo."""
    before: Outline | None = None
    """What the analyser found and people replaced or rejected; never the trusted one."""


def label(photo: Photo) -> Label | str:
    """The label of a photo, or the code of the reason why it has none.

    A drawn outline is trusted unless pictures made with it were rejected for it and none was
    approved. One that an analyser found is trusted once a picture made with it was approved, and
    no longer when one is rejected for it: some colours show what others hide.
    """
    about = [decision for decision in photo.decisions if decision.about_outline]
    good = _by_outline(photo, [decision for decision in about if decision.approved])
    bad = _by_outline(photo, [decision for decision in about if not decision.approved])
    if photo.drawn:
        drawn = photo.drawn[-1]
        if drawn.digest in good or drawn.digest not in bad:
            people = {drawn.by} | good.get(drawn.digest, set())
            return _labelled(photo, CORRECTED, people, drawn, bad)
    for found in reversed(photo.found):
        if found.digest in good and found.digest not in bad:
            return _labelled(photo, APPROVED, good[found.digest], found, bad)
    if bad:
        return Label(REJECTED, frozenset().union(*bad.values()))
    return NO_OUTLINE if good else SAYS_NOTHING


def _by_outline(photo: Photo, decisions: list[Decision]) -> dict[str, set[Person]]:
    """Who decided so, by the digest of the matte that the picture was made with."""
    people: dict[str, set[Person]] = {}
    for decision in decisions:
        people.setdefault(photo.outline_of(decision), set()).add(decision.reviewer)
    return people


def _labelled(photo: Photo, name: str, people: set[Person], matte: Outline, bad) -> Label:
    replaced = [
        found
        for found in photo.found
        if found.digest != matte.digest and (name == CORRECTED or found.digest in bad)
    ]
    return Label(name, frozenset(people), matte, replaced[-1] if replaced else None)
