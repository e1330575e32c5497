"""How a training run goes, in words and curves; its JSON twin is what the page polls."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath

from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import TrainingRun
from .badges import badge
from .charts import line_chart, percent
from .estimates import describe_seconds

Status = TrainingRun.Status
Phase = TrainingRun.Phase
WONDERING = timedelta(minutes=1)
ROUNDING = 1e-6

SERIES = {
    "matte": gettext_lazy("Outline, pixel by pixel"),
    "overlap": gettext_lazy("Outline, as an area"),
    "keep": gettext_lazy("Prints and logos, pixel by pixel"),
    "keep overlap": gettext_lazy("Prints and logos, as areas"),
    "guess": gettext_lazy("First guess of the outline"),
    "colour": gettext_lazy("Colour of the product"),
    "coverage": gettext_lazy("Plausible size of the product"),
    "scene": gettext_lazy("Discriminator, whole picture: what it finds fake"),
    "cloth": gettext_lazy("Discriminator, cloth: what it finds fake"),
    "scene judge": gettext_lazy("Discriminator’s own loss, whole picture"),
    "cloth judge": gettext_lazy("Discriminator’s own loss, cloth"),
}
MAIN = ("matte", "overlap", "keep")
"""Curves that are shown at once, with those of photos held out; the others are folded up."""
HELD_OUT = "held-out "
LABELS = {
    "corrected": gettext_lazy("Outline drawn or corrected by staff"),
    "approved": gettext_lazy("Approved with the generator’s own outline"),
    "rejected": gettext_lazy("Outline rejected: seen by the discriminator alone"),
}
SPLITS = {
    "train": gettext_lazy("of these, to learn from"),
    "validation": gettext_lazy("of these, held out to watch the training"),
    "shadow": gettext_lazy("of these, kept for the comparison"),
}
LEFT_OUT = {
    "opted-out": gettext_lazy("Product or partner opted out"),
    "own-picture": gettext_lazy("A picture that a generator made"),
    "on-the-bench": gettext_lazy("On the bench, which no training may see"),
    "photo-gone": gettext_lazy("Photo deleted"),
    "photo-replaced": gettext_lazy("Photo replaced since"),
    "reviewer-left-out": gettext_lazy("Decided only by reviewers who are left out"),
    "says-nothing-about-outline": gettext_lazy("Decisions about colour or light alone"),
    "outline-not-on-record": gettext_lazy("Outline not on record"),
}
UNHEARD = {
    "rejects everything": gettext_lazy("left out: rejects everything"),
    "disagrees with the others": gettext_lazy("left out: disagrees with the others"),
}


def status_json(run: TrainingRun, *, charts: bool = False) -> dict:
    """What changes while a run goes; with `charts`, its curves as HTML too."""
    status = {
        "finished": not run.is_unfinished,
        "badge": badge(run.status),
        "label": run.get_status_display(),
        "done": run.steps if run.phase == Phase.COMPARING else run.step,
        "total": run.steps,
        "texts": {
            "summary": summary(run),
            "steps": _("Step %(step)d of %(steps)d") % {"step": run.step, "steps": run.steps},
            "time": _("%(spent)s of at most %(budget)s")
            % {
                "spent": describe_seconds(run.seconds),
                "budget": describe_seconds(run.budget_seconds),
            },
            "remaining": remaining(run),
            "problem": run.problem,
        },
        "samples": samples_url(run),
        "result": reverse("oscar_gan:gan-training-run", args=[run.pk]),
    }
    if charts:
        status["charts"] = {
            name: render_to_string("oscar_gan/dashboard/partials/curves.html", {"curves": some})
            for name, some in curves(run).items()
        }
    return status


def summary(run: TrainingRun) -> str:
    """One sentence that changes only when something happens, since it is read aloud."""
    if run.status == Status.QUEUED:
        if timezone.now() - run.created_at > WONDERING:
            return _("Waiting for a training worker; is one running?")
        return _("Waiting for a training worker.")
    if run.status == Status.DONE:
        if run.result is None:
            return _("Finished.")
        return _("Finished: it made %(version)s.") % {"version": run.result}
    if run.status == Status.RUNNING:
        return _RUNNING[run.phase]()
    return {
        Status.FAILED: _("Failed; nothing has changed for the shop."),
        Status.CANCELLED: _("Cancelled; nothing has changed for the shop."),
    }[run.status]


_RUNNING = {
    Phase.COLLECTING: lambda: _("Collecting the photos to learn from."),
    Phase.TRAINING: lambda: _("Training."),
    Phase.EXPORTING: lambda: _("Writing down what was learnt."),
    Phase.COMPARING: lambda: _("Comparing the challenger with the champion."),
}


def remaining(run: TrainingRun) -> str:
    """How long the training still takes at its pace; "—" where nothing is known."""
    if run.status != Status.RUNNING or run.phase != Phase.TRAINING or not run.step:
        return "—"
    seconds = run.seconds / run.step * (run.steps - run.step)
    return _("about %(duration)s, then the comparison") % {"duration": describe_seconds(seconds)}


def samples_url(run: TrainingRun) -> str:
    """Address of the sample pictures; another one when there are new pictures."""
    if not run.samples_name:
        return ""
    address = reverse("oscar_gan:gan-training-samples", args=[run.pk])
    return f"{address}?of={PurePosixPath(run.samples_name).stem[:16]}"


def curves(run: TrainingRun) -> dict[str, list[dict]]:
    """A chart per series of the history: the `main` ones, and the `rest`."""
    found: dict[str, list[dict]] = {"main": [], "rest": []}
    for name, points in run.history.items():
        if points:
            main = name in MAIN or name.startswith(HELD_OUT)
            chart = {"name": slugify(name), "label": series_label(name)}
            found["main" if main else "rest"].append(
                {**chart, **line_chart(points, last=run.steps)}
            )
    return found


def series_label(name: str) -> str:
    """What a recorded series is about; unknown ones keep their name."""
    if name.startswith(HELD_OUT):
        measure = name.removeprefix(HELD_OUT).replace("_", " ").replace("iou", "IoU")
        return _("Photos held out: %(measure)s") % {"measure": measure}
    return SERIES.get(name, name)


def describe_data(run: TrainingRun) -> dict:
    """The manifest's summary as words and rows; {} while nothing is frozen."""
    data = run.summary
    if not data:
        return {}
    limit = data.get("settings", {}).get("reviewer_share", 1)
    return {
        "labels": _counted(data.get("labels", {}), LABELS),
        "splits": _counted(data.get("splits", {}), SPLITS),
        "left_out": _counted(data.get("left_out", {}), LEFT_OUT),
        "ignored": sum(data.get("decisions", {}).get("ignored", {}).values()),
        "reviewers": _reviewers(data.get("reviewers", []), limit),
        "licence": data.get("licence", ""),
    }


def _counted(counts: dict, words: dict) -> list[dict]:
    """Known words in their order, then whatever else was counted."""
    keys = [*(key for key in words if key in counts), *(key for key in counts if key not in words)]
    return [{"label": words.get(key, key), "count": counts[key]} for key in keys]


def _reviewers(reviewers: list[dict], limit: float) -> list[dict]:
    known = [reviewer["id"] for reviewer in reviewers if reviewer["id"] is not None]
    people = get_user_model().objects.in_bulk(known)
    return [
        {
            **reviewer,
            "person": people.get(reviewer["id"]),
            "percent": percent(reviewer["share"]),
            "standing": _standing(reviewer, limit),
        }
        for reviewer in reviewers
    ]


def _standing(reviewer: dict, limit: float) -> str:
    if reason := reviewer["left_out"]:
        return UNHEARD.get(reason, _("left out: %(reason)s") % {"reason": reason})
    if reviewer["share"] >= limit - ROUNDING:
        return _("capped, so that no one decides alone")
    return _("counts in full")
