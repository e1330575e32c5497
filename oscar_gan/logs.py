"""Logs that can be followed: JSON lines that say which request, variant image and weights.

    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "oscar_gan.logs.ContextFilter"}},
        "formatters": {"json": {"()": "oscar_gan.logs.JsonFormatter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["context"],
                "formatter": "json",
            },
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
    }

`oscar_gan.middleware.RequestIdMiddleware` gives each web request an id; Celery's messages carry it
to the worker. docs/operations.md follows one picture from the button to its file.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from types import MappingProxyType
from uuid import UUID, uuid4

FIELDS = (
    "request_id",  # of the web request or the command that began it
    "task_id",
    "task",
    "generation_request",
    "run",  # BackfillRun
    "variant",
    "generator",
    "phase",
    "seconds",
    "outcome",
)
"""What a line may say beside its text: ids and figures, never names or addresses."""
_SAFE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,64}")
_context: ContextVar[Mapping] = ContextVar("oscar_gan_log_context", default=MappingProxyType({}))


@contextmanager
def bound(**fields) -> Iterator[None]:
    """Every line that is logged inside says these fields; unknown names raise ValueError."""
    if unknown := fields.keys() - set(FIELDS):
        raise ValueError(f"Not fields of the log: {', '.join(sorted(unknown))}.")
    given = {name: value for name, value in fields.items() if value is not None}
    token = _context.set({**_context.get(), **given})
    try:
        yield
    finally:
        _context.reset(token)


def current(name: str) -> str:
    """The field's value here; empty when nobody bound it."""
    return str(_context.get().get(name, ""))


def request_id_from(offered: str | None) -> str:
    """The id that a proxy offered, if it is one; else a new one.

    Ids come from outside and end in logs: only what cannot break a line or a page is taken.
    """
    return offered if offered and _SAFE_ID.fullmatch(offered) else uuid4().hex


class ContextFilter(logging.Filter):
    """Puts the fields that are bound where a line is logged onto its record."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _context.get().items():
            if not hasattr(record, name):  # `extra` of the line itself wins
                setattr(record, name, value)
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, FIELDS, and any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **self._fields(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _fields(record: logging.LogRecord) -> dict:
        """FIELDS alone: Django's and Celery's `extra` hold whole requests and arguments."""
        found = {name: getattr(record, name, None) for name in FIELDS}
        return {
            name: value if isinstance(value, int | float) else str(value)
            for name, value in found.items()
            if isinstance(value, str | int | float | UUID) and value != ""
        }
