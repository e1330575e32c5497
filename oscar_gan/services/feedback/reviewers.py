"""Whose decisions are learnt from, and how much of what is learnt may come from one person.

Simple tests in place of a model of every reviewer's errors, which needs many photos that several
people decided about; where a shop has those, Dawid & Skene, "Maximum likelihood estimation of
observer error-rates using the EM algorithm" (1979), is the fuller method.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from .evidence import Decision, Evidence, Person, Photo

ENOUGH_DECISIONS = 20
"""Decisions from which on a habit can be told from chance."""
ONE_SIDED = 0.9
"""Share of rejections at which a reviewer rejects everything."""
ENOUGH_IN_COMMON = 10
"""Outlines that others judged too, from which on agreement can be told from chance."""

REJECTS_EVERYTHING = "rejects everything"
DISAGREES = "disagrees with the others"


def left_out(evidence: Evidence) -> dict[Person, str]:
    """Reviewers whose decisions and outlines teach nothing, each with the reason."""
    one_sided = rejecting_everything(_unexplained(evidence))
    others = (
        (outline, reviewer, good)
        for outline, reviewer, good in _judgements(evidence)
        if reviewer not in one_sided
    )
    return {
        **dict.fromkeys(one_sided, REJECTS_EVERYTHING),
        **dict.fromkeys(disagreeing(others), DISAGREES),
    }


def rejecting_everything(decisions: Iterable[Decision]) -> set[Person]:
    """Who rejects nine in ten of at least 20 where the others together approve more than half."""
    decided, approved = Counter(), Counter()
    for decision in decisions:
        decided[decision.reviewer] += 1
        approved[decision.reviewer] += decision.approved
    return {
        reviewer
        for reviewer, count in decided.items()
        if count >= ENOUGH_DECISIONS
        and count - approved[reviewer] >= ONE_SIDED * count
        and approved.total() - approved[reviewer] > (decided.total() - count) / 2
    }


def disagreeing(judgements: Iterable[tuple[object, Person, bool]]) -> set[Person]:
    """Who contradicts the others about most of at least ten outlines that both judged.

    `judgements` are (outline, reviewer, whether it is good). The others speak by majority; where
    they are divided nothing is compared. Whoever contradicts most often goes first, and the rest
    are compared anew, lest one with swapped labels takes a careful colleague along. Of two who
    contradict each other nobody knows who is right, so both go.
    """
    by_outline: dict[object, dict[Person, bool]] = defaultdict(dict)
    for outline, reviewer, good in judgements:
        # One picture may hide a bad rim that the next one shows: a rejection stands.
        by_outline[outline][reviewer] = good and by_outline[outline].get(reviewer, True)
    gone: set[Person] = set()
    while worst := _most_contradicted(by_outline.values()):
        gone |= worst
        for judged in by_outline.values():
            for reviewer in worst:
                judged.pop(reviewer, None)
    return gone


def factors(given: Iterable[Mapping[Person, float]], share: float) -> dict[Person, float]:
    """What to multiply each reviewer's parts by so that none exceeds `share` of the total.

    `given` has, per photo, the part of its weight that rests on each reviewer. Fewer than
    1 / `share` reviewers cannot all stay below it: they then weigh the same. Factors are in
    (0, 1], and the largest possible ones.
    """
    parts: dict[Person, Fraction] = defaultdict(Fraction)
    for photo in given:
        for reviewer, part in photo.items():
            parts[reviewer] += Fraction(part)
    if not parts:
        return {}
    level = _level(sorted(parts.values(), reverse=True), Fraction(share))
    return {reviewer: float(min(1, level / part)) for reviewer, part in parts.items()}


def _level(parts: Sequence[Fraction], share: Fraction) -> Fraction:
    """Where to cut `parts`, largest first, so that the cut ones have `share` of the total each.

    As water finds its level, but solved: with k parts cut, level = share × (k × level + the
    rest). The first k whose next part stays below its level is right, and there is always one.
    """
    share = max(share, Fraction(1, len(parts)))
    rest, cut = sum(parts), 0
    while parts[cut] > (level := share * rest / (1 - cut * share)):
        rest -= parts[cut]
        cut += 1
    return level


def _unexplained(evidence: Evidence) -> Iterator[Decision]:
    """Decisions but those that a person explained by drawing a better outline.

    Correcting an outline rejects the pictures made with the old one: whoever does nothing but
    correct outlines would else seem to reject everything.
    """
    for photo in evidence.photos.values():
        draughtsmen = _draughtsmen(photo)
        for decision in photo.decisions:
            if decision.approved or decision.reviewer not in draughtsmen:
                yield decision


def _judgements(evidence: Evidence) -> Iterator[tuple[object, Person, bool]]:
    for decision in _unexplained(evidence):
        if decision.about_outline:
            # Versions find outlines of their own; staff's is the same for all of them.
            outline = decision.drawn or decision.generator
            yield (decision.photo, outline), decision.reviewer, decision.approved


def _draughtsmen(photo: Photo) -> set[Person]:
    return {outline.by for outline in photo.drawn}


def _most_contradicted(outlines: Iterable[dict[Person, bool]]) -> set[Person]:
    compared, contradicted = Counter(), Counter()
    for judged in outlines:
        good = sum(judged.values())
        for reviewer, verdict in judged.items():
            approving, others = good - verdict, len(judged) - 1
            if 2 * approving != others:
                compared[reviewer] += 1
                contradicted[reviewer] += verdict != (2 * approving > others)
    wrong = {
        reviewer: count
        for reviewer, count in contradicted.items()
        if compared[reviewer] >= ENOUGH_IN_COMMON and 2 * count > compared[reviewer]
    }
    most = max(wrong.values(), default=0)
    return {reviewer for reviewer, count in wrong.items() if count == most}
