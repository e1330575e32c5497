"""Wake a worker up: the message is only a hint, the row is the truth."""

from __future__ import annotations

import logging

from amqp.exceptions import AMQPError
from celery import current_app
from django.db.models.functions import Now
from kombu.exceptions import KombuError

from ..models import GenerationRequest

logger = logging.getLogger(__name__)


def send(request_id) -> None:
    """Send one request to its queue; a broker that is down is logged, the reaper sends again."""
    request = GenerationRequest.objects.only("queue").get(pk=request_id)
    if send_task("oscar_gan.generate", str(request_id), queue=request.queue):
        GenerationRequest.objects.filter(pk=request_id).update(dispatched_at=Now())


def send_task(name: str, *args, queue: str) -> bool:
    """Send a task by name, so that no service imports tasks; False when the broker is down."""
    try:
        current_app.send_task(name, args=args, queue=queue, retry=False, ignore_result=True)
    except (KombuError, AMQPError, OSError) as error:
        logger.warning("Could not send %s%r to %s: %s", name, args, queue, error)
        return False
    return True
