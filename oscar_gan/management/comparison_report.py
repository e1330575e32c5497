"""What `compare_generators` prints: a comparison as an aligned table for people."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .columns import left, right, width_of

LEFT = (0, 1, 2, 11)
"""Columns of words."""


def comparison_lines(report: dict) -> Iterator[str]:
    """The table, what was left out, and the verdict."""
    yield _("%(challenger)s against %(champion)s") % report
    bench, shadow = report["bench"], report["shadow"]
    pictures = {"count": bench["count"], "digest": bench["digest"][:12]}
    yield _("Bench: %(count)d pictures (%(digest)s).") % pictures + " " + _shadow(shadow)
    if report["rows"]:
        yield ""
        yield from _aligned([_head(), *map(_cells, report["rows"])])
    yield ""
    yield report["verdict"]


def _head() -> tuple[str, ...]:
    return (
        *(_("set"), _("measure"), _("group"), "n"),
        *(_("champion"), _("challenger"), _("classic"), _("difference")),
        *(_("95 %% interval") % {}, "p", _("limit"), ""),
    )


def _shadow(shadow: dict) -> str:
    left_out = ", ".join(f"{count} {code}" for code, count in shadow.get("skipped", {}).items())
    if left_out:
        text = _("Shop: %(count)d photos (left out: %(left_out)s).")
        return text % {"count": shadow["count"], "left_out": left_out}
    return _("Shop: %(count)d photos.") % {"count": shadow["count"]}


def _cells(row: dict) -> tuple[str, ...]:
    worse = "" if row["better"] == "lower" else "-"
    return (
        row["set"],
        f"{row['code']} ({row['unit']})",
        row["group"],
        str(row["n"]),
        *(_number(row[role]) for role in ("champion", "challenger", "classic")),
        _number(row["difference"], "+"),
        _interval(row) if row["low"] is not None else "",
        _p(row["p"]),
        f"{worse}{_number(row['limit'])}" if row["gate"] else "",
        "" if not row["gate"] else _("ok") if row["passed"] else _("FAILED"),
    )


def _interval(row: dict) -> str:
    ends = {end: _number(row[end], "+") for end in ("low", "high")}
    return _("%(low)s to %(high)s") % ends


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
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            left(cell, width) if place in LEFT else right(cell, width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
