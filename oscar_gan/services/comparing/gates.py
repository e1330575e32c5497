"""Gates: what a challenger may lose at most, what it must win, and the verdict. Pure rules.

A gate fails when the challenger is worse in the mean by more than its limit *and* that loss is
real, not noise (`statistics.loss_bound`). Over all photos of a set it fails also at thrice the
limit, real or not: two ruined photos of thirty scatter widely, and are ruined.

All gates must hold, which needs no correction: more of them make a wrong promotion rarer, not
likelier (Berger, 1982). Groups are corrected for their number, so that looking at many of them
does not refuse good challengers. And one of two improvements must be significant, each at half
the error (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from numpy.typing import NDArray

from .statistics import CONFIDENCE, loss_bound

ROLES = ("champion", "challenger", "classic")
BENCH, SHADOW, MACHINE = "bench", "shadow", "machine"
ALL, PRINTS, OTHERS = "all", "prints", "others"
MAX_P = (1 - CONFIDENCE) / 2
"""Of each of the two improvements."""


class Measure(NamedTuple):
    """Something measured per photo, and how much worse it may get."""

    code: str
    unit: str
    better: str
    """'higher' or 'lower'."""
    limit: float | None
    """In its unit, on the mean of photos; None: shown, not judged."""
    grouped: bool = False
    """Judged in every group, too."""

    @property
    def sign(self) -> int:
        """What turns a difference into a gain."""
        return 1 if self.better == "higher" else -1


MEASURES = (
    # A hundredth of overlap is an outline 1 to 2 px off at 1000 px all around: just visible.
    Measure("matte-iou", "IoU", "higher", 0.01, grouped=True),
    Measure("boundary", "px", "lower", None),
    # Half of a just noticeable difference; the quality gate refuses each picture above 3.
    Measure("swatch", "ΔE", "lower", 0.5),
    Measure("recolour", "ΔE", "lower", 0.5, grouped=True),
    # Prints and logos are what a customer compares: a quarter of what can be noticed at all.
    Measure("protected", "ΔE", "lower", 0.25, grouped=True),
    # One picture in fifty with a leak of 255 levels.
    Measure("background", "levels", "lower", 5.0),
    Measure("structure", "cosine", "higher", 0.01),
    # One picture in fifty that is no longer made.
    Measure("refusals", "share", "lower", 0.02),
    # One decision in fifty.
    Measure("agreement", "share", "higher", 0.02),
)
FAR = 3.0
"""Times the limit: a loss over all photos of a set beyond which chance is no excuse."""
LATENCY_FACTOR = 1.25
MEMORY_MARGIN = 64.0
"""MiB"""

IMPROVEMENTS = {
    SHADOW: ("matte-iou", "agreement"),
    BENCH: ("matte-iou", "recolour"),
}
"""What counts as one: on the shop's own photos if there are any, else on the bench."""
NAMES = {
    "matte-iou": "matte overlap",
    "boundary": "boundary error",
    "swatch": "colour error",
    "recolour": "distance from the true picture",
    "protected": "change of prints and other protected areas",
    "background": "change of the background",
    "structure": "structure",
    "refusals": "share refused",
    "agreement": "agreement with staff's decisions",
    "latency": "time of an analysis",
    "memory": "peak memory",
    "file-size": "size of the weights",
}


@dataclass(slots=True, kw_only=True)
class Row:
    """One line of the table: a measure on a set or a group of it."""

    code: str
    set: str
    group: str
    unit: str
    better: str
    n: int
    champion: float | None
    challenger: float | None
    classic: float | None
    difference: float | None = None
    """Challenger less champion, on the photos where both were measured."""
    low: float | None = None
    high: float | None = None
    """Ends of its 95 % interval."""
    p: float | None = None
    limit: float | None = None
    gate: bool = False
    passed: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rows add up to."""

    passed: bool
    sentence: str
    improved: list[str] = field(default_factory=list)


def verdict_of(rows: Sequence[Row]) -> Verdict:
    """Whether the challenger may be promoted, and why or why not, in a sentence."""
    failed = [row for row in rows if not row.passed]
    own = any(row.set == SHADOW for row in rows)
    where = SHADOW if own else BENCH
    place = "this shop's own photos" if own else "the bench, nothing of this shop's own"
    looked_at = [row for row in rows if _is_improvement(row, where)]
    improved = [row.code for row in looked_at if _has_improved(row)]
    if failed:
        count = f"Of {sum(row.gate for row in rows)} gates {len(failed)} failed."
        return Verdict(False, f"Refused. {failed[0].reason} {count}", improved)
    if not improved:
        found = "; ".join(_described(row) for row in looked_at) or "nothing was measured"
        return Verdict(False, f"Refused. There is no significant improvement on {place}: {found}.")
    best = "; ".join(_described(row) for row in looked_at if row.code in improved)
    return Verdict(True, f"Passed. Every gate holds, and on {place}: {best}.", improved)


def judge(
    row: Row,
    measure: Measure,
    gains: NDArray,
    *,
    broken: int = 0,
    spread: float = 0.0,
    tests: int = 1,
) -> None:
    """Fail a row whose gains (n,) say that the challenger loses too much.

    `broken` are the photos on which no number came out; `spread` is the standard deviation of
    gains within groups, `tests` how many groups are looked at.
    """
    if measure.limit is None:
        return
    if broken or not len(gains):
        fail(row, f"could not be measured on {broken or 'any'} photos")
        return
    lost = -gains.mean()
    how = f"is worse by {lost:.3g} {row.unit} on {row.n} photos (limit {measure.limit:.3g})"
    if row.group == ALL and lost > FAR * measure.limit:
        fail(row, how)
    elif lost > measure.limit and loss_bound(gains, spread=spread, tests=tests) < 0:
        fail(row, f"{how}, more than chance explains")


def judge_machine(row: Row) -> None:
    """Fail a row of something measured once that grew beyond its limit or is not known."""
    if row.limit is None:
        return
    if row.difference is None:
        fail(row, "could not be measured")
    elif row.difference > row.limit:
        fail(row, f"grows by {row.difference:.3g} {row.unit} (limit {row.limit:.3g})")


def fail(row: Row, how: str) -> None:
    """Fail a row, saying how."""
    row.passed = False
    place = {BENCH: " on the bench", SHADOW: " on the shop's photos", MACHINE: ""}[row.set]
    group = "" if row.group == ALL else f", {row.group}"
    row.reason = f"The {NAMES[row.code]}{place}{group} {how}."


def _is_improvement(row: Row, where: str) -> bool:
    return row.set == where and row.group == ALL and row.code in IMPROVEMENTS[where]


def _has_improved(row: Row) -> bool:
    """Whether the interval lies on the good side of 0, and chance is ruled out."""
    if None in (row.low, row.high, row.p) or row.p > MAX_P:
        return False
    return row.low > 0 if row.better == "higher" else row.high < 0


def _described(row: Row) -> str:
    if row.low is None:
        return f"{NAMES[row.code]} was measured on {row.n} photos"
    return (
        f"{NAMES[row.code]} {row.difference:+.3f} {row.unit} on {row.n} photos"
        f" (95 % interval {row.low:+.3f} to {row.high:+.3f}, p = {row.p:.3f})"
    )
