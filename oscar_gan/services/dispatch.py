"""Wake a worker up: the message is only a hint, the row is the truth."""

from __future__ import annotations

import logging

from amqp.exceptions import AMQPError
from celery import current_app
from django.db.models.functions import Now
from kombu.exceptions import KombuError

from ..models import GenerationRequest

logger = logging.getLogger(__name__)
_ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
"""One fresh connection, at once, in place of a stale one. Without any retry kombu waits six
seconds for a broker that is down, and with it the person who pressed the button."""


def send(request_id) -> None:
    """Send one request to its queue; a broker that is down is logged, the reaper sends again."""
    requests = GenerationRequest.objects.filter(pk=request_id)
    queue = requests.values_list("queue", flat=True).first()
    if queue is None:
        return  # deleted meanwhile
    # Before sending, so that no worker can claim it earlier than it was sent.
    requests.update(dispatched_at=Now())
    if not send_task("oscar_gan.generate", str(request_id), queue=queue):
        requests.update(dispatched_at=None)


def send_task(name: str, *args, queue: str, expires: float | None = None) -> bool:
    """Send a task by name, so that no service imports tasks; False when the broker is down.

    After `expires` seconds no worker does it any more.
    """
    try:
        current_app.send_task(
            name,
            args=args,
            queue=queue,
            expires=expires,
            retry_policy=_ONCE_MORE,
            ignore_result=True,
        )
    except (KombuError, AMQPError, OSError) as error:
        logger.warning("Could not send %s%r to %s: %s", name, args, queue, error)
        return False
    return True
