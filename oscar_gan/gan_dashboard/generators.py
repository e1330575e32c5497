"""What the page of generators shows: who serves, who wants to, what each version achieved."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Comparison, GeneratorEvent, GeneratorVersion, TrainingRun
from ..services import feedback
from ..services.generator_statistics import VersionStatistics, statistics
from .charts import Dot, dot_chart, nice_ticks, percent

TRAINED = "recolour"
"""The generator that shops train further."""
CHARTED = 10
"""Versions in the charts, the newest; the table has all."""
HALF_A_MINUTE = timedelta(seconds=30)
"""Added before seconds are cut: the schedule's own clock ticks on between two looks at it."""
_RETRAINING = "oscar_gan.retrain"
_Kind = GeneratorEvent.Kind
_Status = GeneratorVersion.Status
_ENTHRONED = (_Kind.PROMOTED, _Kind.ROLLED_BACK)


def version_rows() -> list[dict]:
    """Every version, newest first, with its figures, newest verdict and what may be done."""
    versions = list(
        GeneratorVersion.objects.filter(name=TRAINED)
        .select_related("parent")
        .prefetch_related(
            Prefetch("comparisons", queryset=_comparisons(), to_attr="measured"),
        )
    )
    figures, reigned = statistics(TRAINED), former_champions()
    champion = next((v for v in versions if v.status == _Status.CHAMPION), None)
    return [
        {
            "version": version,
            "figures": figures.get(version.pk, VersionStatistics()),
            "comparison": version.measured[0] if version.measured else None,
            "may_return": version.status != _Status.CHAMPION
            and version.version in reigned
            and not (champion and champion.pinned),
            "hurdle": promotion_hurdle(version, champion),
        }
        for version in versions
    ]


def former_champions() -> set[str]:
    """Labels of the versions that have served, by the log."""
    events = GeneratorEvent.objects.filter(version__name=TRAINED, kind__in=_ENTHRONED)
    pairs = events.order_by().values_list("version__version", "previous__version").distinct()
    return {label for pair in pairs for label in pair if label}


def reign(champion: GeneratorVersion | None) -> GeneratorEvent | None:
    """The event that put `champion` on its place; None where it came with the package."""
    return (
        GeneratorEvent.objects.filter(version=champion, kind__in=_ENTHRONED)
        .select_related("by", "previous")
        .first()
    )


def promotion_hurdle(version: GeneratorVersion, champion: GeneratorVersion | None) -> str:
    """Why this challenger cannot be promoted now; "" where it can."""
    newest = version.measured[0] if version.measured else None
    if newest is None or champion is None:
        return _("It has not been compared with the champion yet.")
    if newest.against_id != champion.pk:
        return _("It was compared with an earlier champion, not with the one that serves now.")
    if not newest.passed:
        return _("The comparison refused it.")
    if champion.pinned:
        return _("%(champion)s is pinned; unpin it first.") % {"champion": champion}
    return ""


def with_measured(version: GeneratorVersion) -> GeneratorVersion:
    """`version` with its comparisons read, newest first, as `promotion_hurdle` needs them."""
    version.measured = list(_comparisons().filter(version=version))
    return version


def _comparisons():
    """Comparisons without their long reports, but with the sentence each ends in."""
    return Comparison.objects.defer("report").annotate(verdict=KT("report__verdict"))


def recent_runs():
    """Training runs as a list shows them."""
    return (
        TrainingRun.objects.filter(name=TRAINED)
        .select_related("base", "result", "started_by")
        .defer("history", "summary")
    )


def charts(rows: list[dict]) -> dict:
    """Approval rate and median ΔE of the newest versions, oldest on top; {} without pictures."""
    shown = [row for row in rows if row["figures"].made][:CHARTED][::-1]
    if not shown:
        return {}
    errors = [row["figures"].delta_e for row in shown]
    return {
        "rates": dot_chart(
            [_rate_dot(row) for row in shown],
            ticks=[0, 0.25, 0.5, 0.75, 1],
            text=lambda tick: f"{round(100 * tick)}",
        ),
        "errors": dot_chart(
            [_dot(row, row["figures"].delta_e, f"{row['figures'].delta_e:.2f}") for row in shown],
            ticks=nice_ticks(max(errors) or 0.1),
            text=lambda tick: f"{tick:g}",
        ),
    }


def _rate_dot(row: dict) -> Dot:
    figures = row["figures"]
    text = "—" if figures.rate is None else percent(figures.rate)
    return _dot(row, figures.rate, text, figures.interval)


def _dot(row: dict, value: float | None, text: str, interval=None) -> Dot:
    version = row["version"]
    return Dot(version.version, value, text, interval, version.status == _Status.CHAMPION)


def feedback_state(decisions: feedback.Decisions, *, running: TrainingRun | None) -> dict:
    """How much was decided since the last training, and why none can start now, if so."""
    hurdle = ""
    if running:
        hurdle = _("A training is under way; one at a time.")
    elif not decisions.enough_photos:
        hurdle = _(
            "Too little to learn from: approve pictures, or correct outlines, of more photos."
        )
    learnt = TrainingRun.objects.filter(name=TRAINED, status=TrainingRun.Status.DONE)
    return {
        "decisions": decisions,
        "learnt": learnt.select_related("result").defer("history", "summary").first(),
        "hurdle": hurdle,
    }


def next_look():
    """When beat looks at the feedback next; None where no crontab says so."""
    for entry in getattr(settings, "CELERY_BEAT_SCHEDULE", {}).values():
        schedule = entry["schedule"]
        if entry["task"] == _RETRAINING and hasattr(schedule, "hour"):
            now = timezone.now()
            due = now + schedule.remaining_estimate(now) + HALF_A_MINUTE
            return due.replace(second=0, microsecond=0)
    return None
