"""Where training photos come from: anything with a name whose bytes can be read when wanted."""

from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}


class Source(NamedTuple):
    """A photo not yet read; `read` may raise `UnusablePhoto`, and is called once."""

    name: str
    read: Callable[[], bytes]


def find_photos(folder: Path) -> list[Source]:
    """All picture files below a folder, in a fixed order."""
    return files(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)


def files(paths: Iterable[Path]) -> list[Source]:
    """Files as sources, ordered and named by folder and name."""
    return [
        Source(f"{path.parent.name}/{path.name}", partial(path.read_bytes))
        for path in sorted(paths)
    ]


def split(sources: Iterable[Source], *, one_in: int) -> tuple[list[Source], list[Source]]:
    """Those to train on and one in so many to validate on, chosen by name for good."""
    sets: tuple[list[Source], list[Source]] = ([], [])
    for source in sources:
        number = int.from_bytes(sha256(source.name.encode()).digest()[:8], "big")
        sets[number % one_in == 0].append(source)
    return sets
