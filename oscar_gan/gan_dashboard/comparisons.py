"""A comparison's report in words: its table of measures and gates, its pictures side by side."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Comparison
from .charts import SMALLEST, figure

CONTESTANTS = ("champion", "challenger", "classic")
VIEWS = ("photo", *CONTESTANTS)
"""What is shown of each photo, side by side."""

MEASURES = {
    "matte-iou": gettext_lazy("Outline: overlap with the truth"),
    "boundary": gettext_lazy("Outline: distance from the true edge"),
    "swatch": gettext_lazy("Colour error of the swatch"),
    "recolour": gettext_lazy("Distance from the true picture"),
    "protected": gettext_lazy("Change of prints and other protected areas"),
    "background": gettext_lazy("Change of the background"),
    "structure": gettext_lazy("Texture kept"),
    "refusals": gettext_lazy("Refused by the quality gate"),
    "agreement": gettext_lazy("Agreement with reviewers"),
    "latency": gettext_lazy("Time of an analysis"),
    "memory": gettext_lazy("Peak memory"),
    "file-size": gettext_lazy("Size of the weights"),
}
UNITS = {"share": "%", "levels": gettext_lazy("levels"), "cosine": "", "IoU": "IoU"}
SETS = {
    "bench": gettext_lazy("bench"),
    "shadow": gettext_lazy("this shop’s photos"),
    "machine": gettext_lazy("this machine"),
}
GROUPS = {
    "all": gettext_lazy("all"),
    "prints": gettext_lazy("with prints"),
    "others": gettext_lazy("others"),
}
WHOLES = ("all", "prints")
"""Groups whose gates are always in view."""
NAMES = {
    "photo": gettext_lazy("Photo"),
    "champion": gettext_lazy("Champion"),
    "challenger": gettext_lazy("Challenger"),
    "classic": gettext_lazy("Classic"),
}


def describe(comparison: Comparison) -> dict:
    """The report as the page shows it: verdict, gates first, then what was only measured."""
    report = comparison.report
    names = {kind: report.get(kind, NAMES[kind]) for kind in CONTESTANTS}
    rows = [_row(row, names) for row in report.get("rows", [])]
    # What failed comes first; groups that passed are many, and folded up.
    gates = sorted((row for row in rows if row["gate"]), key=lambda row: row["passed"])
    by_group = [row for row in gates if row["passed"] and row["group"] not in WHOLES]
    return {
        "verdict": report.get("verdict", ""),
        "names": list(names.values()),
        "gates": [row for row in gates if row not in by_group],
        "by_group": by_group,
        "others": [row for row in rows if not row["gate"]],
        "pictures": [_picture(comparison, at) for at in range(len(report.get("pictures", [])))],
        "bench": report.get("bench", {}),
        "shadow": report.get("shadow", {}),
        "seconds": report.get("seconds"),
    }


def _row(row: dict, names: dict) -> dict:
    unit = row.get("unit", "")
    return {
        **row,
        "label": MEASURES.get(row["code"], row["code"]),
        "set_label": SETS.get(row["set"], row["set"]),
        "group_label": GROUPS.get(row["group"], row["group"]),
        "values": [
            {"name": name, "text": _figure(row.get(kind), unit)} for kind, name in names.items()
        ],
        "difference_text": _signed(row.get("difference"), unit),
        "interval_text": _interval(row, unit),
        "p_text": _p(row.get("p")),
        "limit_text": _figure(row.get("limit"), unit),
        "unit_text": UNITS.get(unit, unit),
        "better_text": _("higher is better")
        if row.get("better") == "higher"
        else _("lower is better"),
    }


def _figure(value: float | None, unit: str = "") -> str:
    if value is None:
        return "—"
    if unit in ("IoU", "cosine"):
        return f"{value:.3f}"
    if unit.startswith("ΔE"):
        return f"{value:.2f}"
    return figure(100 * value if unit == "share" else value)


def _signed(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    sign = "±" if abs(value) < SMALLEST else "+" if value > 0 else "−"
    return f"{sign}{_figure(abs(value), unit)}"


def _interval(row: dict, unit: str) -> str:
    ends = row.get("low"), row.get("high")
    if None in ends:
        return ""
    return _("%(low)s to %(high)s") % dict(
        zip(("low", "high"), (_signed(end, unit) for end in ends), strict=True)
    )


def _p(value: float | None) -> str:
    if value is None:
        return "—"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _picture(comparison: Comparison, position: int) -> dict:
    """One photo with what each contestant made of it; "" as address where nothing was made."""
    picture = comparison.report["pictures"][position]
    group = picture.get("group", "")

    def address(kind: str) -> str:
        if not picture.get(kind) and not (kind == "photo" and picture.get("source")):
            return ""
        return reverse("oscar_gan:gan-comparison-picture", args=[comparison.pk, position, kind])

    return {
        "name": picture.get("name", ""),
        "group": GROUPS.get(group, group),
        "target": picture.get("target", ""),
        "views": [
            {
                "kind": kind,
                "label": NAMES[kind],
                "url": address(kind),
                "iou": _figure(picture.get("iou", {}).get(kind), "IoU"),
                "delta_e": _figure(picture.get("delta_e", {}).get(kind), "ΔE"),
            }
            for kind in VIEWS
        ],
    }
