"""Background work: who takes which queue, and what waits for nobody."""

from __future__ import annotations

import time
from datetime import timedelta

from celery import current_app
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from ..checks.jobs import QUEUES
from ..models import BackfillRun, GenerationRequest, Heartbeat
from ..services import backlog, dispatch, heartbeats, leases
from .findings import Finding, ok, problem, skipped, warning, within

Status = GenerationRequest.Status
INSPECT_LIMIT = 2.0
"""Seconds in which workers answer."""
PROBE_LIMIT = 20.0
"""Seconds for the answers of --deep; a worker in the middle of a long task is busy, not gone."""
PATIENCE = timedelta(minutes=10)
"""A request that waits longer, while its queue does nothing, waits for nobody."""
SILENCE = timedelta(minutes=1)
"""A lease that ran out longer ago should have been reaped."""
NO_REPLIES = ("memory", "filesystem")
"""Transports over which workers cannot answer."""


def workers() -> list[Finding]:
    """Whether a worker takes each queue, by what workers themselves say."""
    transport = current_app.connection_for_read().transport_cls
    if transport in NO_REPLIES or not current_app.conf.worker_enable_remote_control:
        return [skipped("workers", _("workers do not answer here; --deep sends each a task"))]
    inspect = current_app.control.inspect(timeout=INSPECT_LIMIT)
    try:
        answers = within(INSPECT_LIMIT * 3, "workers", inspect.active_queues) or {}
    except Exception as error:  # the broker's; its own check says more
        return [problem("workers", str(error), _("Start the broker first."))]
    taken = {queue["name"] for queues in answers.values() for queue in queues or ()}
    return [_taken(queue, queue in taken, len(answers)) for queue in QUEUES]


def _taken(queue: str, by_someone: bool, nodes: int) -> Finding:
    name = f"worker-{queue}"
    if by_someone:
        return ok(name, _("a worker takes this queue"))
    found = _("none of %(count)d workers takes this queue") % {"count": nodes}
    state = warning if queue == "training" else problem  # a shop need not train
    return state(name, found, _start(queue))


def _start(queue: str) -> str:
    return f"celery -A {current_app.main or 'shop'} worker -Q {queue} -c 1"


def waiting() -> list[Finding]:
    """Requests that nobody takes, workers that fell silent, bulk runs that stopped half-way."""
    found = backlog.queues(GenerationRequest.objects.filter(~leases.PAUSED))
    return [*(_stuck(queue, row) for queue, row in found.items()), _silent(), _half_way()]


def _stuck(queue: str, found: dict) -> Finding:
    name = f"waiting-{queue}"
    if not found["queued"]:
        return ok(name, _("nothing waits"))
    text = _("%(count)d wait, the oldest for %(minutes)d min") % {
        "count": found["queued"],
        "minutes": round(found["oldest_seconds"] / 60),
    }
    young = found["oldest_seconds"] < PATIENCE.total_seconds()
    moving = found["running"] or young or _finished_since(queue, timezone.now() - PATIENCE)
    if moving:
        return ok(name, text)
    return problem(name, text + " " + _("and nobody takes them"), _start(queue))


def _finished_since(queue: str, since) -> bool:
    return GenerationRequest.objects.filter(queue=queue, finished_at__gte=since).exists()


def _silent() -> Finding:
    silent = GenerationRequest.objects.filter(
        status=Status.RUNNING, lease_expires_at__lt=Now() - SILENCE
    ).count()
    if not silent:
        return ok("silent", _("every running request is heard of"))
    found = _("%(count)d requests whose worker fell silent were not taken back") % {
        "count": silent
    }
    fix = _("Run beat and a worker for housekeeping: celery -A shop worker -Q housekeeping -B")
    return problem("silent", found, fix)


def _half_way() -> Finding:
    before = timezone.now() - PATIENCE
    stopped = BackfillRun.objects.filter(
        finished_at=None, cancelled_at=None, paused_at=None, created_at__lt=before
    ).exclude(requests__created_at__gte=before)
    names = [str(pk) for pk in stopped.values_list("pk", flat=True)[:5]]
    if not names:
        return ok("bulk-runs", _("none stopped half-way"))
    found = _("stopped half-way: %(names)s") % {"names": ", ".join(names)}
    return warning("bulk-runs", found, f"manage.py generate_variants --resume {names[0]}")


def probes() -> list[Finding]:
    """Send a task to each queue and wait until it is done: broker, worker, database at once."""
    asked = timezone.now()
    sent = {queue: _send_probe(queue) for queue in QUEUES}
    deadline = time.monotonic() + PROBE_LIMIT
    silent = {queue for queue, went in sent.items() if went}
    while silent and time.monotonic() < deadline:
        silent -= _answered(silent, asked)
        time.sleep(0.2 if silent else 0)
    return [_probed(queue, sent[queue], queue in silent) for queue in QUEUES]


def _send_probe(queue: str) -> bool:
    return dispatch.send_task("oscar_gan.probe", queue, queue=queue, expires=PROBE_LIMIT)


def _answered(queues: set[str], asked) -> set[str]:
    names = {heartbeats.queue_name(queue): queue for queue in queues}
    rows = Heartbeat.objects.filter(name__in=names, at__gte=asked - SILENCE / 60)
    return {names[name] for name in rows.values_list("name", flat=True)}


def _probed(queue: str, sent: bool, silent: bool) -> Finding:
    name = f"probe-{queue}"
    if not sent:
        return problem(name, _("the broker takes no message"), _("Start the broker first."))
    if not silent:
        return ok(name, _("a worker did a task of this queue"))
    found = _("no answer within %(seconds)d s: no worker, or one that is busy") % {
        "seconds": PROBE_LIMIT
    }
    state = warning if queue in ("training", "backfill") else problem
    return state(name, found, _start(queue))
