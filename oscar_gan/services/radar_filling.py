"""Filling: ask for every colour that the radar found, in a worker, as one bulk run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from ..conf import get_config
from ..errors import InvalidRequest
from ..models import BackfillRun
from . import access, backfill, dispatch, radar
from .selection import Selection

TASK = "oscar_gan.backfill_run"


@transaction.atomic
def fill(*, selection: Selection, by) -> BackfillRun:
    """Queue a run over what the radar finds in `selection`; raises InvalidRequest for nothing.

    Only the colours it lists are asked for, and nothing that is on its way already.
    """
    access.require(by, "generate")
    selection = radar.restricted(selection=selection, by=by)
    if not radar.find(selection=selection).fillable:
        raise InvalidRequest(
            "Nothing is left to fill here: every colour has its picture, has one on its way, or"
            " needs a colourway first."
        )
    wanted = replace(selection, radar=True, missing=False)
    run = backfill.start(selection=wanted, started_by=by)
    transaction.on_commit(partial(send, run.pk))
    return run


def send(run_id) -> None:
    """Wake a worker up; a message that is lost is sent again by `reap`."""
    dispatch.send_task(TASK, str(run_id), queue="housekeeping")


def work(run_id) -> None:
    """Ask for what is left of a run; one that is finished is skipped."""
    run = BackfillRun.objects.filter(pk=run_id, finished_at=None).first()
    if run is not None:
        for _outcome in backfill.run(run=run):
            pass


def reap() -> int:
    """Send the runs again that asked for nothing for a while; returns how many.

    Going through a product twice asks for nothing twice.
    """
    silent = Now() - timedelta(seconds=get_config().lease_seconds)
    runs = BackfillRun.objects.filter(options__radar=True, finished_at=None, created_at__lt=silent)
    lost = list(runs.exclude(requests__created_at__gte=silent).values_list("pk", flat=True)[:100])
    for run_id in lost:
        send(run_id)
    return len(lost)
