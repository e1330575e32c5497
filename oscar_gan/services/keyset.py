"""Keyset iteration: all rows of a query, however many, in order of key and a few at a time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet


def chunks(rows: QuerySet, size: int, *, after: int = 0) -> Iterator[list]:
    """Lists of at most `size` rows with a key above `after`.

    No list of all keys, and no cursor held over transactions: rows may change meanwhile.
    """
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:size]):
        yield chunk
        after = chunk[-1].pk


def each(rows: QuerySet, size: int) -> Iterator:
    """The rows themselves, read as by `chunks`."""
    for chunk in chunks(rows, size):
        yield from chunk
