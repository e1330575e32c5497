"""Each pairing of broker and database that we support, with real workers on it."""

from __future__ import annotations

import uuid
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit

import pytest

from tests.servers import POSTGRES, RABBITMQ, REDIS, require
from tests.workers.stack import Stack

SERVICES = pytest.mark.services
BROKERS = {"filesystem": "filesystem://", "redis": REDIS, "rabbitmq": RABBITMQ}


@contextmanager
def new_database():
    """The address of a new, empty PostgreSQL database, dropped afterwards."""
    import psycopg

    parts = urlsplit(require(POSTGRES))
    name = f"oscar_gan_workers_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
    with new_database() if database == "postgres" else nullcontext() as address:
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
