"""Faults other than kills: each is begun, lasts a few seconds, and is healed again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from celery import current_app
from django.db import connection
from django.db.models.functions import Now

from benchmarks.chaos import phases
from benchmarks.chaos.generator import DEADLY, HUNGRY
from oscar_gan.models import GenerationRequest
from tests import faulty_s3

if TYPE_CHECKING:
    from benchmarks.chaos.play import Chaos

Heal = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """`begin` returns how the fault is healed, or False when there was nothing to break."""

    name: str
    begin: Callable[[Chaos], Heal | bool]
    seconds: float = 0.0


def _s3(mode: str, chaos: Chaos) -> Heal:
    faulty_s3.order(chaos.stack.orders, mode, chaos.dice.choice((0.3, 0.6, 1.0)))
    return partial(faulty_s3.order, chaos.stack.orders, None)


def _restart_broker(chaos: Chaos) -> Heal | bool:
    if not chaos.stack.own_broker:
        return False  # others use it
    chaos.stack.kill_broker()
    return chaos.stack.start_broker


def _flush_broker(chaos: Chaos) -> bool:
    """Forget every message of this run's queues, those that workers hold too."""
    with current_app.connection_for_write() as broker:
        if chaos.stack.own_broker:
            broker.default_channel.client.flushall()
        else:
            for queue in current_app.amqp.queues.values():
                queue(broker.default_channel).purge()
    return True


def _cut_database(chaos: Chaos) -> bool:
    """End every connection but this one, whatever it is in the middle of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] > 0


def _rest_beat(chaos: Chaos) -> Heal:
    chaos.stack.beat_rests = True
    chaos.stack.kill(chaos.stack.running["beat"])
    return partial(setattr, chaos.stack, "beat_rests", False)


def _duplicate(chaos: Chaos) -> bool:
    """Send messages again: of requests that wait, are being made, or are long done."""
    requests = GenerationRequest.objects.order_by("?").values_list("pk", "queue")[:20]
    for pk, queue in requests:
        current_app.send_task("oscar_gan.generate", args=[str(pk)], queue=queue)
    return True


def _race(chaos: Chaos) -> bool:
    """Let leases run out under their workers, and wake two others for each request."""
    running = list(GenerationRequest.objects.filter(status="running"))
    for request in running:
        GenerationRequest.objects.filter(pk=request.pk, status="running").update(
            lease_expires_at=Now()
        )
        for _ in range(2):
            current_app.send_task(
                "oscar_gan.generate", args=[str(request.pk)], queue=request.queue
            )
    return bool(running)


def _stall(chaos: Chaos) -> Heal | bool:
    """Stop a busy process for longer than its lease; it wakes up with old proof in hand."""
    busy = [process for process, phase in phases.now() if phase not in ("", phases.IDLE)]
    if not busy:
        return False
    process = chaos.dice.choice(busy)

    def wake() -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)

    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGSTOP)
        return wake
    return False


def _person(action: str, *args) -> Callable[[Chaos], bool]:
    """What a person does, at a bad moment for the workers."""
    return lambda chaos: chaos.load.attempt(getattr(chaos.load, action), *args)


FAULTS = (
    *(Fault(f"S3 {mode}", partial(_s3, mode), seconds=5.0) for mode in faulty_s3.MODES),
    Fault("broker restarted", _restart_broker, seconds=2.0),
    Fault("broker flushed", _flush_broker),
    Fault("database cut", _cut_database),
    Fault("database cut", _cut_database),
    Fault("beat dead", _rest_beat, seconds=10.0),
    Fault("duplicate messages", _duplicate),
    Fault("workers racing", _race),
    Fault("worker stalled", _stall, seconds=9.0),
    Fault("generator promoted", _person("promote")),
    Fault("photo deleted", _person("delete_photo")),
    Fault("product deleted", _person("delete_product")),
    Fault("bomb: no memory", _person("drop_bomb", HUNGRY)),
    Fault("bomb: killed each time", _person("drop_bomb", DEADLY)),
)
