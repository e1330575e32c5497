"""What `compare_generators` prints: a comparison as an aligned table for people."""

from __future__ import annotations

from collections.abc import Iterator

HEAD = (
    "set", "measure", "group", "n", "champion", "challenger", "classic", "difference",
    "95 % interval", "p", "limit", "",
)  # fmt: skip
LEFT = (0, 1, 2, 11)
"""Columns of words."""


def comparison_lines(report: dict) -> Iterator[str]:
    """The table, what was left out, and the verdict."""
    yield f"{report['challenger']} against {report['champion']}"
    bench, shadow = report["bench"], report["shadow"]
    yield f"Bench: {bench['count']} pictures ({bench['digest'][:12]}). {_shadow(shadow)}"
    if report["rows"]:
        yield ""
        yield from _aligned([HEAD, *map(_cells, report["rows"])])
    yield ""
    yield report["verdict"]


def _shadow(shadow: dict) -> str:
    left_out = ", ".join(f"{count} {code}" for code, count in shadow.get("skipped", {}).items())
    return f"Shop: {shadow['count']} photos" + (f" (left out: {left_out})." if left_out else ".")


def _cells(row: dict) -> tuple[str, ...]:
    known = row["low"] is not None
    worse = "" if row["better"] == "lower" else "-"
    return (
        row["set"],
        f"{row['code']} ({row['unit']})",
        row["group"],
        str(row["n"]),
        *(_number(row[role]) for role in ("champion", "challenger", "classic")),
        _number(row["difference"], "+"),
        f"{_number(row['low'], '+')} to {_number(row['high'], '+')}" if known else "",
        _p(row["p"]),
        f"{worse}{_number(row['limit'])}" if row["gate"] else "",
        "" if not row["gate"] else "ok" if row["passed"] else "FAILED",
    )


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _number(value: float | None, sign: str = "") -> str:
    """A number with as many digits as its size is worth."""
    if value is None:
        return "-"
    digits = 1 if abs(value) >= 10 else 3
    return f"{value:{sign}.{digits}f}"


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            f"{cell:<{width}}" if place in LEFT else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
