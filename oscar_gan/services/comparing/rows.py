"""The table of a comparison: what was measured per photo, as means, differences and intervals."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .gates import (
    ALL,
    BENCH,
    MACHINE,
    MEASURES,
    OTHERS,
    PRINTS,
    ROLES,
    SHADOW,
    Measure,
    Row,
    judge,
    judge_machine,
)  # fmt: skip
from .statistics import paired, spread_within

SMALLEST_GROUP = {BENCH: 3, SHADOW: 5}
"""Photos below which groups are pooled as 'others'."""
GROUPED = sum(measure.grouped for measure in MEASURES)


@dataclass(frozen=True, slots=True)
class Record:
    """One photo, measured with every generator."""

    name: str
    set: str
    group: str
    values: Mapping[str, Mapping[str, float]]
    """By role, then by measure; what does not apply, or was not made, is missing."""
    has_prints: bool = False


def rows_of(records: Sequence[Record]) -> list[Row]:
    """The rows of everything measured per photo, each judged."""
    rows = []
    for kind in (BENCH, SHADOW):
        some = [record for record in records if record.set == kind]
        for measure in MEASURES:
            if any(measure.code in record.values["champion"] for record in some):
                rows += _rows(measure, kind, some)
    return rows


def machine_row(
    code: str, unit: str, values: Mapping[str, float | None], limit: float | None = None
) -> Row:
    """A row of something measured once per generator: lower is better.

    `limit` is how much more than the champion's is tolerated; None: shown, not judged. What could
    not be measured does not pass.
    """
    known = {role: _finite(values.get(role)) for role in ROLES}
    row = Row(
        code=code, set=MACHINE, group=ALL, unit=unit, better="lower", n=1, **known,
        limit=limit, gate=limit is not None,
    )  # fmt: skip
    if row.champion is not None and row.challenger is not None:
        row.difference = row.challenger - row.champion
    judge_machine(row)
    return row


def _rows(measure: Measure, kind: str, records: list[Record]) -> Iterator[Row]:
    yield _row(measure, kind, ALL, records)
    if not measure.grouped:
        return
    printed = [record for record in records if record.has_prints]
    if printed and measure.code != "protected":  # measured on these alone anyway
        yield _row(measure, kind, PRINTS, printed, tests=GROUPED)
    groups = _groups(records, SMALLEST_GROUP[kind])
    gains = {name: _gains(measure, some) for name, some in groups.items()}
    spread = spread_within([each for each in gains.values() if len(each)] or [np.zeros(1)])
    for name, some in groups.items():
        if any(measure.code in record.values["champion"] for record in some):
            yield _row(measure, kind, name, some, spread=spread, tests=GROUPED * len(groups))


def _groups(records: list[Record], smallest: int) -> dict[str, list[Record]]:
    """Records by group, small groups pooled; none when all are one."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.group].append(record)
    large = {name: some for name, some in sorted(groups.items()) if len(some) >= smallest}
    if rest := [record for record in records if record.group not in large]:
        large[OTHERS] = rest
    return large if len(large) > 1 else {}


def _row(measure, kind, group, records, *, spread: float = 0.0, tests: int = 1) -> Row:
    pairs = _pairs(measure.code, records)
    found = paired(pairs[:, 1] - pairs[:, 0])
    champion, challenger = pairs.mean(axis=0) if found.n else (None, None)
    row = Row(
        code=measure.code, set=kind, group=group, unit=measure.unit, better=measure.better,
        n=found.n, difference=_finite(found.mean), low=_finite(found.low),
        high=_finite(found.high), p=_finite(found.p), limit=measure.limit,
        gate=measure.limit is not None,
        champion=_finite(champion), challenger=_finite(challenger),
        classic=_finite(_mean_of_classic(measure.code, records)),
    )  # fmt: skip
    gains = measure.sign * (pairs[:, 1] - pairs[:, 0])
    broken = _broken(measure.code, records)
    judge(row, measure, gains, broken=broken, spread=spread, tests=tests)
    return row


def _broken(code: str, records: list[Record]) -> int:
    """Photos on which a measure of either generator is no number."""
    return sum(
        any(
            not math.isfinite(record.values[role].get(code, 0))
            for role in ("champion", "challenger")
        )
        for record in records
    )


def _pairs(code: str, records: list[Record]) -> NDArray[np.float64]:
    """(n, 2): champion and challenger on each photo where both were measured."""
    pairs = [
        [record.values[role][code] for role in ("champion", "challenger")]
        for record in records
        if all(code in record.values[role] for role in ("champion", "challenger"))
    ]
    table = np.array(pairs, float).reshape(-1, 2)
    return table[np.isfinite(table).all(axis=1)]


def _gains(measure: Measure, records: list[Record]) -> NDArray[np.float64]:
    pairs = _pairs(measure.code, records)
    return measure.sign * (pairs[:, 1] - pairs[:, 0])


def _mean_of_classic(code: str, records: list[Record]) -> float:
    """On the photos where `classic` was measured, too; nan without any."""
    values = [record.values.get("classic", {}).get(code, float("nan")) for record in records]
    known = [value for value in values if math.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def _finite(value: float | None) -> float | None:
    """A number that JSON can hold, or None."""
    return float(value) if value is not None and math.isfinite(value) else None
