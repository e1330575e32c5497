"""Each pairing of broker and database that we support, with real workers on it."""

from __future__ import annotations

import uuid
from contextlib import nullcontext

import pytest

from tests.databases import new_database
from tests.servers import POSTGRES, RABBITMQ, REDIS, require
from tests.workers.stack import Stack

SERVICES = pytest.mark.services
BROKERS = {"filesystem": "filesystem://", "redis": REDIS, "rabbitmq": RABBITMQ}


def _new_database():
    return new_database(require(POSTGRES), prefix="oscar_gan_workers")


@pytest.fixture(
    scope="package",
    params=[
        pytest.param(("filesystem", "sqlite"), id="filesystem-sqlite"),
        pytest.param(("redis", "postgres"), id="redis-postgres", marks=SERVICES),
        pytest.param(("rabbitmq", "postgres"), id="rabbitmq-postgres", marks=SERVICES),
    ],
)
def running(request, tmp_path_factory):
    """A shop on this broker and database, its workers started when first needed."""
    broker, database = request.param
    if broker != "filesystem":
        require(BROKERS[broker])
    var = tmp_path_factory.mktemp("shop") / f"shop-{uuid.uuid4().hex[:8]}"
    # Of its own: rows name files, such as a champion's weights, that lie in this shop's folder.
    with _new_database() if database == "postgres" else nullcontext() as address:
        stack = Stack(var, broker=BROKERS[broker], database=address)
        try:
            stack.call("prepare")
            yield stack
        finally:
            stack.close()


@pytest.fixture
def shop(running):
    """The shop with both workers up and nothing held."""
    running.staff()
    yield running
    running.let_go()
