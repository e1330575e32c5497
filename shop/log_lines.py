"""What the shop's processes write to stderr: lines for people, or JSON for a collector of logs."""

from __future__ import annotations

import os


def logging_settings(form: str) -> dict:
    """Django's LOGGING for `line` or `json`; SHOP_LOG_LEVEL says how much (INFO)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "oscar_gan.logs.ContextFilter"}},
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "oscar_gan.logs.JsonFormatter"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["context"],
                "formatter": form,
            },
        },
        "root": {"handlers": ["stderr"], "level": os.environ.get("SHOP_LOG_LEVEL", "INFO")},
    }
