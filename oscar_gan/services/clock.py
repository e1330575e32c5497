"""The one clock that all processes share: the database's. A worker's own may be wrong by hours."""

from __future__ import annotations

from datetime import datetime, timezone

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.functions import Now
from django.db.models.sql import Query


def database_now() -> datetime:
    """The database's time, with its time zone."""
    sql, params = Query(None).get_compiler(DEFAULT_DB_ALIAS).compile(Now())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", params)
        (now,) = cursor.fetchone()
    if isinstance(now, str):  # SQLite's, in UTC
        now = datetime.fromisoformat(now)
    return now if now.tzinfo else now.replace(tzinfo=timezone.utc)
