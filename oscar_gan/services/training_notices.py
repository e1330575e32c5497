"""Notices: one line in Oscar's inbox for the person who started a training run."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from ..models import TrainingRun
from . import notices

WIDTH = 160
"""Characters of a subject, so that it fits into 255 with a quotation mark or ten escaped."""


def tell(run: TrainingRun, *, verdict: str = "") -> None:
    """Say how a finished run went; nobody is told of a cancelled one or of the schedule's."""
    if run.started_by is None or run.status == TrainingRun.Status.CANCELLED:
        return
    if notices.channel_of(run.started_by) == notices.Channel.OFF:
        return
    Notification = get_model("communication", "Notification")
    line = _line(run, verdict)
    short = Truncator(line).chars(WIDTH)
    Notification.objects.create(
        recipient=run.started_by,
        # Oscar shows both as HTML, the body on a page of its own.
        subject=escape(short),
        body="" if short == line else escape(line),
    )


def _line(run: TrainingRun, verdict: str) -> str:
    if run.status == TrainingRun.Status.DONE:
        return _("Training of %(version)s: %(verdict)s") % {
            "version": run.result,
            "verdict": verdict,
        }
    return _("Training of %(name)s failed: %(problem)s") % {
        "name": run.name,
        "problem": run.problem,
    }
