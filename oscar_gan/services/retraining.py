"""Retraining: start a run by hand or when it is due, work on it, cancel it, repair what was lost.

The row is the truth and the message a hint, as with pictures: see docs/retraining.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from ..conf import get_config
from ..errors import InvalidRequest, InvalidTransition, LeaseLost, TooLittleFeedback
from ..models import GeneratorVersion, TrainingRun
from . import access, feedback, registry, training_files, training_leases, training_work
from .training import require_torch
from .training_leases import reap

__all__ = [
    "TRAINABLE", "cancel", "find_run", "preview", "reap", "require_torch", "run", "run_here",
    "start", "start_if_due", "why_not_due",
]  # fmt: skip

logger = logging.getLogger(__name__)
Status = TrainingRun.Status
TRAINABLE = ("recolour",)
"""Generators with a network that a shop's decisions teach."""


def start(
    *, name: str = "recolour", by=None, scheduled: bool = False, message: bool = True
) -> TrainingRun:
    """Freeze what staff decided and queue a training on it; returns the run.

    Without a `message` the caller goes on by `run_here`. Raises PermissionRefused,
    TooLittleFeedback, and InvalidRequest while another run of this generator is unfinished;
    nothing is written then.
    """
    if by is not None:
        access.require(by, "train")
    if name not in TRAINABLE:
        raise InvalidRequest(f"{name} cannot be trained; choose from: {', '.join(TRAINABLE)}.")
    if unfinished := _unfinished(name):
        raise _busy(unfinished)
    base = registry.champion(name)
    try:
        with transaction.atomic():
            run = _create(name, base, by=by, scheduled=scheduled)
            feedback.freeze(run)
            if message:
                transaction.on_commit(partial(training_leases.send, run.pk))
            else:
                # Left alone by the reaper until `run_here` has claimed it.
                run.lease_expires_at = Now() + timedelta(seconds=get_config().lease_seconds)
                run.save(update_fields=["lease_expires_at"])
    except IntegrityError:
        if unfinished := _unfinished(name):  # somebody pressed the button at the same moment
            raise _busy(unfinished) from None
        raise
    run.refresh_from_db()
    return run


def start_if_due(*, name: str = "recolour") -> TrainingRun | None:
    """Start a run if enough was decided since the last one; else None, and a line in the log."""
    if reason := why_not_due(name):
        logger.info("No training of %s is due: %s", name, reason)
        return None
    try:
        return start(name=name, scheduled=True)
    except (TooLittleFeedback, InvalidRequest) as error:  # or somebody was faster
        logger.info("No training of %s was started: %s", name, error)
        return None


def why_not_due(name: str = "recolour") -> str:
    """Why the schedule would start nothing now, without a full stop; "" if it would.

    A pinned champion stays, so the schedule trains no challengers for it. A person may.
    """
    if unfinished := _unfinished(name):
        return str(_busy(unfinished)).removesuffix(".")
    champion = registry.champion(name)
    if champion.pinned:
        return f"{champion} is pinned, so nothing trained could replace it; unpin it first"
    return feedback.new_decisions(name).why_not


def run(run_id, *, sent: str | None = None) -> None:
    """Do one chunk of a run's work; does nothing if it is not to be had.

    `sent` is the message's: a message that was superseded does nothing either.
    """
    if lease := training_leases.claim(run_id, sent=sent):
        training_work.work(lease)


def run_here(
    *, run: TrainingRun, bar: training_work.Bar | None = None, stop=lambda: False
) -> Iterator[TrainingRun]:
    """Do a run's work in this process, chunk by chunk; yields the run after each.

    It ends when the run is finished, after the step at which `stop()` says so, or when storage
    does not answer (`problem` says so); the run is then kept for whoever calls this again. `bar`
    wraps the steps. Raises TrainingUnavailable, and InvalidRequest when a worker has the run.
    """
    require_torch()
    options = {"message": False, "stop": stop, **({"bar": bar} if bar else {})}
    while True:
        lease = training_leases.claim(run.pk, at_once=True)
        if lease is None:
            run.refresh_from_db()
            raise InvalidRequest(
                f"Training run {run.pk} is {run.status}; wait until its worker is done."
            )
        try:
            training_work.work(lease, **options)
        except KeyboardInterrupt:
            with suppress(LeaseLost):
                training_leases.hand_on(lease, message=False)
            raise
        run.refresh_from_db()
        yield run
        if not run.is_unfinished or run.problem or stop():
            return


def preview(*, name: str = "recolour") -> dict:
    """The manifest that a run would be frozen with now; leaves nothing behind.

    Raises as `start` does.
    """
    if unfinished := _unfinished(name):
        raise _busy(unfinished)
    base = registry.champion(name)
    with transaction.atomic():
        run = _create(name, base, by=None, scheduled=False)
        manifest = feedback.freeze(run)
        transaction.set_rollback(True)
    if not TrainingRun.objects.filter(manifest_name=run.manifest_name).exists():
        training_files.drop(run.manifest_name)
    return manifest


def cancel(*, run: TrainingRun, by=None) -> bool:
    """Drop an unfinished run; its worker stops within seconds. False if it is finished already.

    Raises PermissionRefused.
    """
    if by is not None:
        access.require(by, "train")
    with transaction.atomic():
        return training_leases.close(run, Status.CANCELLED)


def find_run(text: str | None = None, *, name: str = "recolour") -> TrainingRun:
    """The unfinished run (of this generator), or the one whose id begins with `text`.

    Raises InvalidRequest when there is none, InvalidTransition when it is finished.
    """
    if not text:
        if unfinished := _unfinished(name):
            return unfinished
        raise InvalidRequest(f"No training of {name} is unfinished; start one.")
    found = [each for each in TrainingRun.objects.all() if str(each.pk).startswith(text.lower())]
    if len(found) != 1:
        raise InvalidRequest(f"{len(found)} training runs have an id that begins with {text}.")
    if not found[0].is_unfinished:
        raise InvalidTransition(f"Training run {found[0].pk} is {found[0].status}; start another.")
    return found[0]


def _create(name: str, base: GeneratorVersion, *, by, scheduled: bool) -> TrainingRun:
    config = get_config()
    return TrainingRun.objects.create(
        name=name,
        base=base,
        started_by=by,
        scheduled=scheduled,
        seed=TrainingRun.objects.filter(name=name).count() + 1,
        steps=config.training_steps,
        budget_seconds=60 * config.training_budget_minutes,
    )


def _unfinished(name: str) -> TrainingRun | None:
    return TrainingRun.objects.filter(name=name, status__in=TrainingRun.UNFINISHED).first()


def _busy(run: TrainingRun) -> InvalidRequest:
    return InvalidRequest(
        f"Training run {run.pk} of {run.name} is {run.status} ({run.phase}, step {run.step} of"
        f" {run.steps}); wait for it or cancel it."
    )
