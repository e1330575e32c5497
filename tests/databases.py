"""Databases of one's own on the PostgreSQL server that `make services` starts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class NoMigrations:
    """MIGRATION_MODULES by which `migrate --run-syncdb` makes the tables from the models.

    Oscar's migrations alone would take half a minute.
    """

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


@contextmanager
def new_database(server: str, *, prefix: str) -> Iterator[str]:
    """The address of a new, empty database on `server` (an address too), dropped afterwards."""
    import psycopg

    name = f"{prefix}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
