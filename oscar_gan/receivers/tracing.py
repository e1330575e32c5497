"""Messages carry the id of the web request that sent them, and workers log with it."""

from __future__ import annotations

from contextlib import ExitStack

from celery.signals import before_task_publish, task_postrun, task_prerun

from .. import logs

HEADER = "gan_request_id"
_running: dict[str, ExitStack] = {}
"""What is bound for the task of each id; a worker process runs one at a time, threads several."""


def connect() -> None:
    before_task_publish.connect(_carry, dispatch_uid="oscar_gan.tracing.carry")
    task_prerun.connect(_bind, dispatch_uid="oscar_gan.tracing.bind")
    task_postrun.connect(_release, dispatch_uid="oscar_gan.tracing.release")


def _carry(headers: dict | None = None, **kwargs) -> None:
    """A task that sends another hands its own id on."""
    request_id = logs.current("request_id")
    if request_id and headers is not None:
        headers.setdefault(HEADER, request_id)


def _bind(task_id: str, task, **kwargs) -> None:
    given = logs.request_id_from(getattr(task.request, HEADER, None))
    stack = _running[task_id] = ExitStack()
    stack.enter_context(logs.bound(request_id=given, task_id=task_id, task=task.name))


def _release(task_id: str, **kwargs) -> None:
    if stack := _running.pop(task_id, None):
        stack.close()
