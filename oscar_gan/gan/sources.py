"""Where training photos come from: anything with a name whose bytes can be read when wanted."""

from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}


class Source(NamedTuple):
    """A photo not yet read; `read` may raise `UnusablePhoto`, and is called once."""

    name: str
    read: Callable[[], bytes]


Item = TypeVar("Item", Source, Path)
"""Anything with a name."""


def find_photos(folder: Path) -> list[Source]:
    """All picture files below a folder, in a fixed order."""
    return files(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)


def files(paths: Iterable[Path]) -> list[Source]:
    """Files as sources, ordered and named by folder and name."""
    return [
        Source(f"{path.parent.name}/{path.name}", partial(path.read_bytes))
        for path in sorted(paths)
    ]


def split(items: Iterable[Item], *, one_in: int) -> tuple[list[Item], list[Item]]:
    """Those to train on, and one in so many to validate on, drawn by name for good."""
    items = sorted(items, key=_lot)
    bound = 2**64 // one_in
    held_out = [item for item in items if _lot(item) < bound] or items[:1]
    return items[len(held_out) :], held_out


def sample(items: Iterable[Item], limit: int) -> list[Item]:
    """At most `limit` of them, drawn by name: the same ones each time, from all over the list."""
    return sorted(items, key=_lot)[:limit]


def _lot(item: Source | Path) -> int:
    return int.from_bytes(sha256(item.name.encode()).digest()[:8], "big")
