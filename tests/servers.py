"""The servers that `make services` starts: where they are, and what to do without them."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import pytest

POSTGRES = os.environ.get(
    "OSCAR_GAN_TEST_POSTGRES", "postgresql://oscar_gan:oscar_gan@127.0.0.1:55432/oscar_gan"
)
REDIS = os.environ.get("OSCAR_GAN_TEST_REDIS", "redis://127.0.0.1:56379/0")
RABBITMQ = os.environ.get("OSCAR_GAN_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:55672//")


def require(url: str) -> str:
    """Return `url` if its server answers; else skip the test, or fail it in CI."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=2).close()
    except OSError as error:
        complain = pytest.fail if os.environ.get("OSCAR_GAN_REQUIRE_SERVICES") else pytest.skip
        complain(f"{parts.scheme} on port {parts.port} does not answer ({error}): make services")
    return url
