"""The bench: rendered pictures with exact truth, frozen, shipped, and never trained on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import OscarGanError

BENCH = Path(__file__).parent.parent / "bench"
INDEX = "index.json"
FORMAT = 1


class BenchMismatch(OscarGanError):
    """A file of the bench is missing or is not the one that was frozen."""

    code = "bench-mismatch"


@dataclass(frozen=True, slots=True)
class BenchPicture:
    """One scene: a photo, what of it is product, and its product in other colours."""

    name: str
    kind: str
    """What is shown: 'mug', 'top', …"""
    targets: tuple[str, ...]
    """Colours to ask for, '#RRGGBB': the swatches of the true pictures."""
    folder: Path
    files: dict[str, tuple[str, str]]
    """By part (photo, matte, keep, true-1, …): file name and SHA-256."""

    @property
    def digest(self) -> str:
        """SHA-256 of the photo's file, as a `Photo` has it."""
        return self.files["photo"][1]

    def photo(self) -> bytes:
        """The photo's file."""
        return self._read("photo")

    def mattes(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """What is recolourable, and what of the product keeps its colour; both (h, w)."""
        return self._pixels("matte"), self._pixels("keep")

    def trials(self) -> Iterator[tuple[str, NDArray[np.uint8]]]:
        """Each target with the true picture (h, w, 3), black outside the product."""
        for number, target in enumerate(self.targets, start=1):
            yield target, self._pixels(f"true-{number}")

    def _pixels(self, part: str) -> NDArray[np.uint8]:
        return np.asarray(Image.open(io.BytesIO(self._read(part))))

    def _read(self, part: str) -> bytes:
        name, digest = self.files[part]
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise BenchMismatch(
                f"The bench lacks {name}: {error}. Reinstall the package."
            ) from error
        if sha256(data).hexdigest() != digest:
            raise BenchMismatch(f"{name} of the bench was changed. Reinstall the package.")
        return data


@dataclass(frozen=True, slots=True)
class Bench:
    """All pictures, in a fixed order."""

    digest: str
    """SHA-256 of the index, which names every file's: comparisons on equal digests compare."""
    pictures: tuple[BenchPicture, ...]


def open_bench(folder: Path = BENCH) -> Bench:
    """Read the index; pictures are read, and checked, when they are asked for.

    Raises BenchMismatch.
    """
    try:
        data = (folder / INDEX).read_bytes()
        entries = json.loads(data)["pictures"]
        pictures = tuple(_picture(folder, entry) for entry in entries)
    except (OSError, ValueError, KeyError) as error:
        raise BenchMismatch(
            f"The bench in {folder} cannot be read: {error!r}. Reinstall the package."
        ) from error
    return Bench(sha256(data).hexdigest(), pictures)


def digests() -> frozenset[str]:
    """SHA-256 of every photo of the bench, so that no training learns from a copy of one."""
    return frozenset(picture.digest for picture in open_bench().pictures)


def _picture(folder: Path, entry: dict) -> BenchPicture:
    files = {part: (file["path"], file["sha256"]) for part, file in entry["files"].items()}
    return BenchPicture(entry["name"], entry["kind"], tuple(entry["targets"]), folder, files)
