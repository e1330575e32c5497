"""Leases on training runs: one worker at a time owns a run, and only its owner may write.

As `leases` does for pictures: a claim is one conditional UPDATE, every write checks the token,
times are the database's. Two things differ, because a training lasts hours. A message carries the
moment it was sent and is good for one chunk: after another one was sent, it does nothing, so that
re-sent and redelivered messages never multiply. And a queued run with `lease_expires_at` waits
until then: for storage to come back, or for the person who stopped it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from ..conf import get_config
from ..errors import LeaseLost
from ..models import TrainingRun
from . import dispatch, training_files, training_notices

Status = TrainingRun.Status
LONGEST_WAIT = timedelta(hours=1)
"""Between two attempts while storage is down."""
HELD = timedelta(days=1)
"""How long a run that a person stopped is kept for that person; then workers may go on."""
_FREE = Q(lease_expires_at=None) | Q(lease_expires_at__lt=Now())


@dataclass(frozen=True)
class Lease:
    """Proof that this worker owns the run."""

    run_id: uuid.UUID
    token: uuid.UUID


def send(run_id) -> None:
    """Wake a training worker up; a broker that is down is logged, the reaper sends again."""
    runs = TrainingRun.objects.filter(pk=run_id)
    # Before sending, so that no worker can claim it earlier than it was sent.
    runs.update(dispatched_at=Now())
    sent = runs.values_list("dispatched_at", flat=True).first()
    if sent is None:
        return  # deleted meanwhile
    if not dispatch.send_task("oscar_gan.train", str(run_id), sent.isoformat(), queue="training"):
        runs.update(dispatched_at=None)


def claim(run_id, *, sent: str | None = None, at_once: bool = False) -> Lease | None:
    """Take a run that waits, or one whose owner fell silent; None if there is nothing to take.

    `sent` is the message's, see `send`; `at_once` takes a queued run that is kept waiting.
    """
    runs = TrainingRun.objects.filter(pk=run_id)
    if sent is not None:
        last = runs.values_list("dispatched_at", flat=True).first()
        if last is None or last.isoformat() != sent:
            return None
    takeable = Q(status__in=TrainingRun.UNFINISHED) & _FREE
    if at_once:
        takeable |= Q(status=Status.QUEUED)
    token = uuid.uuid4()
    taken = runs.filter(takeable, attempts__lt=get_config().max_attempts).update(
        status=Status.RUNNING,
        lease_token=token,
        lease_expires_at=_until(),
        attempts=F("attempts") + 1,
        problem="",
        problem_code="",
    )
    return Lease(uuid.UUID(str(run_id)), token) if taken else None


def write(lease: Lease, **fields) -> None:
    """Write fields of the run and prolong the lease; raises LeaseLost when it is not ours."""
    owned = TrainingRun.objects.filter(
        pk=lease.run_id, lease_token=lease.token, status=Status.RUNNING
    )
    if not owned.update(**{"lease_expires_at": _until(), **fields}):
        raise LeaseLost(f"Training run {lease.run_id} is no longer this worker's.")


@transaction.atomic
def hand_on(lease: Lease, *, message: bool = True) -> None:
    """End a chunk that achieved something: the next message goes on.

    Without a message the run waits for the person who has it in hand, and is left alone for a day.
    """
    write(
        lease,
        status=Status.QUEUED,
        lease_token=None,
        lease_expires_at=None if message else Now() + HELD,
        attempts=0,
    )
    if message:
        transaction.on_commit(partial(send, lease.run_id))


@transaction.atomic
def release(lease: Lease, *, code: str, problem: str) -> None:
    """Give the run back to be tried later; fails it when its attempts are used up.

    The waits grow tenfold: with the defaults 5 and 50 minutes before the third and last attempt.
    """
    write(lease)
    run = TrainingRun.objects.get(pk=lease.run_id)
    if run.attempts >= get_config().max_attempts:
        close(run, Status.FAILED, code=code, problem=problem)
        return
    wait = timedelta(seconds=get_config().redispatch_seconds * 10**run.attempts)
    write(
        lease,
        status=Status.QUEUED,
        lease_token=None,
        lease_expires_at=Now() + min(wait, LONGEST_WAIT),
        problem_code=code,
        problem=problem,
    )


@transaction.atomic
def fail(lease: Lease, *, code: str, problem: str) -> None:
    """Close the run as failed; the champion serves as before."""
    write(lease)
    close(TrainingRun.objects.get(pk=lease.run_id), Status.FAILED, code=code, problem=problem)


@transaction.atomic
def complete(lease: Lease, *, verdict: str) -> None:
    """Close the run as done and tell who started it how the comparison went."""
    write(lease)
    close(TrainingRun.objects.get(pk=lease.run_id), Status.DONE, verdict=verdict)


def close(run: TrainingRun, status: str, *, code="", problem="", verdict="") -> bool:
    """Finish an unfinished run, inside the caller's transaction; False if it is finished.

    Its checkpoint and working files go after the commit; samples stay with a run that is done.
    """
    done = status == Status.DONE
    closed = TrainingRun.objects.filter(pk=run.pk, status__in=TrainingRun.UNFINISHED).update(
        status=status,
        finished_at=Now(),
        lease_token=None,
        lease_expires_at=None,
        problem_code=code,
        problem=problem,
        checkpoint_name="",
        samples_name=F("samples_name") if done else "",
    )
    if closed:
        run.refresh_from_db()
        training_notices.tell(run, verdict=verdict)
        transaction.on_commit(partial(training_files.clean, run.pk, keep=run.samples_name))
    return bool(closed)


def reap() -> dict[str, int]:
    """Queue again what dead workers held and re-send what the broker lost; harmless any time."""
    counts = {"requeued": 0, "failed": 0, "resent": 0}
    expired = TrainingRun.objects.filter(status=Status.RUNNING, lease_expires_at__lt=Now())
    for pk in list(expired.values_list("pk", flat=True)):
        if outcome := _reap_one(pk):
            counts[outcome] += 1
    waiting = TrainingRun.objects.filter(_FREE, status=Status.QUEUED)
    for run in waiting.annotate(now=Now()):
        if run.dispatched_at is None or run.now - run.dispatched_at > _patience(run):
            send(run.pk)
            counts["resent"] += 1
    return counts


@transaction.atomic
def _reap_one(pk) -> str:
    """What became of a run whose worker fell silent; "" if another reaper was faster."""
    silent = TrainingRun.objects.select_for_update().filter(
        pk=pk, status=Status.RUNNING, lease_expires_at__lt=Now()
    )
    run = silent.first()
    if run is None:
        return ""
    if run.attempts >= get_config().max_attempts:
        problem = (
            f"The worker stopped {run.attempts} times in a row while {run.phase} (step"
            f" {run.step} of {run.steps}) without getting further; see its log. It may lack"
            " memory. The champion serves as before."
        )
        close(run, Status.FAILED, code="worker-lost", problem=problem)
        return "failed"
    silent.update(status=Status.QUEUED, lease_token=None, lease_expires_at=None)
    transaction.on_commit(partial(send, pk))
    return "requeued"


def _patience(run: TrainingRun) -> timedelta:
    """How long a message may go unheeded; it grows while no worker has ever begun the run."""
    least = timedelta(seconds=get_config().redispatch_seconds)
    if run.seconds or run.attempts:
        return least
    return max(least, min(run.dispatched_at - run.created_at, timedelta(minutes=10)))


def _until():
    return Now() + timedelta(seconds=get_config().lease_seconds)
