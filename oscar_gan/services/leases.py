"""Leases: one worker at a time owns a request, and only its owner may write results.

A claim is one conditional UPDATE; every result is written in the transaction that checks the
token (a *fencing token*: Kleppmann 2016). Times are the database's, so workers' clocks do not
matter. A lease is renewed with each result and must outlast the slowest single variant.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from .. import signals
from ..conf import get_config
from ..errors import LeaseLost
from ..models import BackfillRun, GenerationRequest, VariantImage
from . import dispatch, notices
from .announcing import after_commit, announce

RequestStatus = GenerationRequest.Status
Status = VariantImage.Status

SIGNALS = {
    Status.AWAITING_REVIEW: signals.variant_generated,
    Status.REFUSED: signals.variant_refused,
    Status.FAILED: signals.variant_failed,
}


PAUSED = Q(run__in=BackfillRun.objects.filter(paused_at__isnull=False))
"""Requests of bulk runs that somebody paused. By a subquery and no join: the other conditions
then stay in the UPDATE itself, where they are checked again under the row's lock."""


@dataclass(frozen=True)
class Lease:
    """Proof that this worker owns the request."""

    request_id: uuid.UUID
    token: uuid.UUID


def claim(request_id) -> Lease | None:
    """Take a queued request, or one whose owner fell silent; None if there is nothing to take."""
    config = get_config()
    takeable = Q(status=RequestStatus.QUEUED) | Q(
        status=RequestStatus.RUNNING, lease_expires_at__lt=Now()
    )
    takeable &= ~PAUSED
    token = uuid.uuid4()
    taken = GenerationRequest.objects.filter(
        takeable, pk=request_id, attempts__lt=config.max_attempts
    ).update(
        status=RequestStatus.RUNNING,
        lease_token=token,
        lease_expires_at=Now() + timedelta(seconds=config.lease_seconds),
        claimed_at=Now(),
        attempts=F("attempts") + 1,
    )
    if not taken:
        return None
    _announce_request(signals.request_started, request_id)
    return Lease(request_id, token)


def start_variant(lease: Lease, variant: VariantImage) -> bool:
    """Mark one variant image as running; False if it was cancelled or made meanwhile."""
    with transaction.atomic():
        _renew(lease)
        unfinished = VariantImage.objects.unfinished().filter(_ours(lease, variant))
        return bool(unfinished.update(status=Status.RUNNING))


def finish_variant(lease: Lease, variant: VariantImage, *, status: str, **fields) -> bool:
    """Write a result; False if the variant image was cancelled meanwhile (nothing is written).

    Raises LeaseLost when another worker owns the request by now.
    """
    with transaction.atomic():
        _renew(lease)
        running = VariantImage.objects.filter(_ours(lease, variant), status=Status.RUNNING)
        if not running.update(status=status, finished_at=Now(), **fields):
            return False
        variant.refresh_from_db()
        _announce(variant)
    return True


def complete(lease: Lease) -> None:
    """Close the request; its variant images carry their own outcomes."""
    with transaction.atomic():
        _renew(lease)
        _own(lease).update(
            status=RequestStatus.DONE, finished_at=Now(), lease_token=None, lease_expires_at=None
        )
        _announce_request(signals.request_finished, lease.request_id)
        after_commit(notices.request_finished, lease.request_id)


def fail(lease: Lease, *, code: str, problem: str) -> None:
    """Close the request as failed: what is unfinished fails for this reason."""
    with transaction.atomic():
        _renew(lease)
        _fail(GenerationRequest.objects.get(pk=lease.request_id), code=code, problem=problem)


def release(lease: Lease, *, problem: str, code: str = "storage-unavailable") -> None:
    """Give the request back to be tried later; fails it when its attempts are used up."""
    with transaction.atomic():
        _renew(lease)
        request = GenerationRequest.objects.get(pk=lease.request_id)
        if request.attempts >= get_config().max_attempts:
            _fail(request, code=code, problem=problem)
        else:
            # Not sent again at once: whatever was down should get time to come back.
            _requeue(request)


def reap() -> dict[str, int]:
    """Re-queue what dead workers held and re-send what the broker lost; harmless at any time."""
    counts = {"requeued": 0, "failed": 0, "resent": 0}
    stuck = GenerationRequest.objects.filter(_stuck())
    for pk in list(stuck.values_list("pk", flat=True)[:500]):
        counts[_reap_one(pk)] += 1
    for pk in _lost_messages():
        dispatch.send(pk)
        counts["resent"] += 1
    return counts


def _reap_one(pk) -> str:
    with transaction.atomic():
        request = GenerationRequest.objects.select_for_update().filter(_stuck(), pk=pk).first()
        if request is None:
            return "requeued"  # its worker came back, or another reaper was faster
        attempts = request.attempts
        if attempts >= get_config().max_attempts:
            _fail(
                request,
                code="worker-lost",
                problem=f"The worker stopped {attempts} times while making this; see its log.",
            )
            return "failed"
        _requeue(request)
        transaction.on_commit(partial(dispatch.send, pk))
        return "requeued"


def _stuck() -> Q:
    """Requests whose worker fell silent, and queued ones that nobody may claim any more: they
    would wait for ever once MAX_ATTEMPTS was lowered."""
    silent = Q(status=RequestStatus.RUNNING, lease_expires_at__lt=Now())
    return silent | Q(status=RequestStatus.QUEUED, attempts__gte=get_config().max_attempts)


def _lost_messages(limit: int = 500) -> list:
    """Queued requests whose message must be gone.

    Queues are first in, first out. So a message is lost if a later one was already claimed, or
    if for a while nothing was claimed at all. A long backlog alone is not a loss: re-sending
    on age would flood the broker with duplicates.
    """
    window = timedelta(seconds=get_config().redispatch_seconds)
    lost = []
    for queue in GenerationRequest.queue.field.choices:
        requests = GenerationRequest.objects.filter(queue=queue[0])
        waiting = requests.filter(~PAUSED, status=RequestStatus.QUEUED).filter(
            Q(dispatched_at__lt=Now() - window)
            | Q(dispatched_at__isnull=True, created_at__lt=Now() - window)
        )
        busy = requests.filter(
            Q(claimed_at__gte=Now() - window)
            | Q(status=RequestStatus.RUNNING, lease_expires_at__gte=Now())
        ).exists()
        if busy:
            # Claimed since it was sent: one that was sent again after a claim proves nothing.
            served = requests.filter(claimed_at__gte=F("dispatched_at"))
            newest = served.aggregate(newest=Max("dispatched_at"))["newest"]
            overtaken = Q(dispatched_at__isnull=True)
            if newest is not None:
                overtaken |= Q(dispatched_at__lt=newest - window)
            waiting = waiting.filter(overtaken)
        lost += waiting.order_by("created_at").values_list("pk", flat=True)[:limit]
    return lost


def _own(lease: Lease):
    return GenerationRequest.objects.filter(
        pk=lease.request_id, lease_token=lease.token, status=RequestStatus.RUNNING
    )


def _ours(lease: Lease, variant: VariantImage) -> Q:
    """The variant image, unless it was cancelled and asked for anew in another request."""
    return Q(pk=variant.pk, request=lease.request_id)


def _renew(lease: Lease) -> None:
    """Prolong the lease inside the caller's transaction, which locks the row until it ends."""
    seconds = get_config().lease_seconds
    if not _own(lease).update(lease_expires_at=Now() + timedelta(seconds=seconds)):
        raise LeaseLost(f"Request {lease.request_id} is no longer this worker's.")


def _requeue(request: GenerationRequest) -> None:
    """Queue it again; the reaper sends it later if its caller does not."""
    request.variants.filter(status=Status.RUNNING).update(status=Status.QUEUED)
    GenerationRequest.objects.filter(pk=request.pk).update(
        status=RequestStatus.QUEUED,
        lease_token=None,
        lease_expires_at=None,
        dispatched_at=Now(),
    )


def _fail(request: GenerationRequest, *, code: str, problem: str) -> None:
    unfinished = list(request.variants.unfinished())
    request.variants.unfinished().update(
        status=Status.FAILED, problem_code=code, problem=problem, finished_at=Now()
    )
    GenerationRequest.objects.filter(pk=request.pk).update(
        status=RequestStatus.FAILED,
        problem=problem,
        finished_at=Now(),
        lease_token=None,
        lease_expires_at=None,
    )
    for variant in unfinished:
        variant.refresh_from_db()
        _announce(variant)
    _announce_request(signals.request_failed, request.pk)
    after_commit(notices.request_finished, request.pk)


def _announce(variant: VariantImage) -> None:
    announce(SIGNALS[variant.status], variant=variant)


def _announce_request(signal, request_id) -> None:
    announce(signal, request=GenerationRequest.objects.get(pk=request_id))
