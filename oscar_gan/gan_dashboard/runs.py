"""What the page of one bulk run shows, and its JSON twin that the page polls."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import BackfillRun, VariantImage
from ..services import run_report, runs
from .badges import badge
from .estimates import describe_seconds

STATES = {
    "paused": (gettext_lazy("Paused"), "warning"),
    "working": (gettext_lazy("In progress"), "info"),
    "stopped": (gettext_lazy("Stopped"), "warning"),
    "finished": (gettext_lazy("Finished"), "success"),
    "cancelled": (gettext_lazy("Cancelled"), "light border"),
}
REASONS = {
    "no-photo": gettext_lazy("no photo to start from"),
    "no-colours": gettext_lazy("no colour options"),
    "nothing-left": gettext_lazy("every colour has its picture"),
    "permission-refused": gettext_lazy("not yours to generate for"),
    "unusable-photo": gettext_lazy("the photo cannot be used"),
    "storage-unavailable": gettext_lazy("storage did not answer"),
}


def run_json(run: BackfillRun) -> dict:
    """Where a run stands, in words and numbers."""
    found = runs.progress(run=run)
    label, colour = STATES[found.state]
    return {
        "state": found.state,
        "state_label": str(label),
        "badge": f"badge-{colour}",
        "finished": found.state in ("finished", "cancelled", "stopped"),
        "done": found.done,
        "total": found.total,
        "percent": found.percent,
        "summary": _summary(found),
        "rows": [
            {
                "status": status.value,
                "label": str(status.label),
                "badge": badge(status.value),
                "count": found.statuses.get(status, 0),
            }
            for status in VariantImage.Status
        ],
    }


def planned(run: BackfillRun) -> list[str]:
    """What became of the products, as sentences."""
    counts = run.counts
    products = counts.get("products", 0)
    return [
        ngettext("%(count)d product looked at", "%(count)d products looked at", products)
        % {"count": products},
        _("%(new)d variant images asked for, %(before)d asked before")
        % {"new": counts.get("created", 0), "before": counts.get("reused", 0)},
    ]


def left_out(run: BackfillRun) -> list[dict]:
    """Products that were not asked for, by reason in words, some of them named."""
    return [
        {"why": REASONS.get(group.code, group.code), "group": group}
        for group in run_report.groups(run=run)
    ]


def quality(run: BackfillRun) -> str:
    """How near the colours are, in one sentence; empty before there is a picture."""
    found = run_report.quality(run=run)
    if found is None:
        return ""
    return _(
        "Colour error of %(count)d pictures: half are at ΔE %(median).1f or better, 95 %% at"
        " ΔE %(most).1f or better."
    ) % {"count": found.pictures, "median": found.median, "most": found.most}


def _summary(found: runs.Progress) -> str:
    text = _("%(finished)d of %(total)d finished") % {"finished": found.done, "total": found.total}
    if found.seconds_left is None:
        return text
    left = describe_seconds(found.seconds_left)
    return _("%(text)s, about %(duration)s left") % {"text": text, "duration": left}
