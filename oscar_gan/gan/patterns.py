"""A corpus of prints: pieces of our own inventions, and tiles of patterns drawn by others.

pieces.npy     (N, 64, 64, 4) uint8    inventions: states at four points of each pixel; row k
                                       is that of seed `first + k`
tiles.npy      (M, 128, 128, 4) uint8  others' tiles: weights of up to four inks, ground first
kinds.npy      (M, 1) uint8            their kinds
manifest.json  what is in it, from which files (SHA-256); written last
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.inference.layout import KINDS

from .corpus import MANIFEST, UnusableCorpus, digest_of, is_complete, write_manifest
from .inks import INKS
from .inventions import TILE, WINDOW, invention
from .rows import Rows

SHAPES = {"pieces": (WINDOW, WINDOW, 4), "tiles": (TILE, TILE, INKS), "kinds": (1,)}
INDEX = "index.csv"
TAGS = {
    "stripe": ("stripes", "straight lines", "waves"),
    "check": ("plaid pattern", "tartan", "buffalo", "checkerboard"),
    "dot": ("circles", "concentric circles", "double bubbles", "sprinkles"),
    "floral": ("flower", "floral", "leaves", "animals", "blobs", "bamboo"),
}
"""By kind; whatever has none of these is geometric."""
UNWANTED = (
    "country", "christmas", "holidays", "santaclaus", "jingle", "bells", "gift", "halloween",
    "pumpkin", "candy", "tree", "winter", "bats", "skull", "trick", "treat", "snowflakes", "fish",
    "clouds", "eyes", "doodle pattern", "railroad", "pipes", "cane", "jigsaw", "puzzle",
)  # fmt: skip
"""Seasons, countries and pictures of things: not what a shop prints all over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """A complete corpus of prints, mapped into memory; see the module's docstring."""

    pieces: NDArray[np.uint8]
    tiles: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    first: int
    """Seed of the first piece."""
    digest: str
    """SHA-256 of the manifest."""

    def __str__(self) -> str:
        return f"{len(self.pieces)} inventions and {len(self.tiles)} tiles"


def open_patterns(folder: Path) -> Patterns:
    """Map a corpus of prints into memory; `UnusableCorpus` when missing or incomplete."""
    import json

    if not is_complete(folder):
        raise UnusableCorpus(
            f"{folder} holds no {MANIFEST}: the corpus is missing or unfinished."
            " Make it with `python -m oscar_gan.gan collect-prints`."
        )
    manifest = json.loads((folder / MANIFEST).read_text())
    if "first" not in manifest:
        raise UnusableCorpus(f"{folder} is a corpus of photos; the printer learns from prints.")
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in SHAPES}
    return Patterns(**arrays, first=manifest["first"], digest=digest_of(folder / MANIFEST))


def collect_patterns(
    folder: Path,
    *,
    inventions: int,
    first: int = 0,
    patterns: Path | None = None,
    only: Iterable[str] = (),
    hold_out: Iterable[str] = (),
    progress: Callable[[Iterable], Iterable] = iter,
) -> dict[str, Any]:
    """Write a corpus of prints into `folder` and return its manifest.

    `inventions` are drawn from seeds `first` on. `patterns` holds an index.csv (slug, file, tags,
    colors, `|` between several) of tiles whose colours are known; `only` and `hold_out` choose
    among their slugs by patterns as of a shell.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    with Rows(folder / "pieces.npy", SHAPES["pieces"]) as rows:
        for seed in progress(range(first, first + inventions)):
            rows.append(invention(seed).states())
    sources = []
    with (
        Rows(folder / "tiles.npy", SHAPES["tiles"]) as tiles,
        Rows(folder / "kinds.npy", SHAPES["kinds"]) as kinds,
    ):
        for path, kind, colours in progress(list(_wanted(patterns, list(only), list(hold_out)))):
            with Image.open(path) as image:
                tiles.append(read_weights(image, colours))
            kinds.append(np.array([KINDS.index(kind)], np.uint8))
            sources.append({"name": path.name, "sha256": digest_of(path)})
    if not inventions and not sources:
        raise UnusableCorpus("No inventions and no patterns were asked for; training needs some.")
    manifest = {
        "arrays": {name: digest_of(folder / f"{name}.npy") for name in SHAPES},
        "counts": {"pieces": inventions, "tiles": len(sources)},
        "first": first,
        "sources": sources,
    }
    write_manifest(folder, manifest)
    return manifest


def read_weights(image: Image.Image, colours: list[str]) -> NDArray[np.uint8]:
    """Weights (128, 128, 4) of a tile's inks, largest first, from its picture and its colours.

    Edges were drawn antialiased: each pixel is a mixture of the two inks that explain it best.
    """
    pixels = np.asarray(image.convert("RGB"), np.float32).reshape(-1, 3)
    inks = np.array(
        [[int(text[k : k + 2], 16) for k in (1, 3, 5)] for text in colours], np.float32
    )
    shares = _unmixed(pixels, inks).reshape(*image.size[::-1], len(inks))
    shares = shares[..., np.argsort(-shares.sum((0, 1)), kind="stable")]
    halved = [
        np.asarray(Image.fromarray(plane).resize((TILE, TILE), Image.Resampling.BOX))
        for plane in np.moveaxis(shares, -1, 0)
    ]
    levels = np.zeros((TILE, TILE, INKS), np.uint8)
    levels[..., 1 : len(inks)] = np.rint(255 * np.stack(halved, -1))[..., 1:]
    levels[..., 0] = 255 - np.minimum(levels[..., 1:].sum(-1), 255)
    return levels


def _unmixed(pixels: NDArray[np.float32], inks: NDArray[np.float32]) -> NDArray[np.float32]:
    shares = np.zeros((len(pixels), len(inks)), np.float32)
    least = np.full(len(pixels), np.inf, np.float32)
    for i, j in combinations(range(len(inks)), 2):
        way = inks[j] - inks[i]
        share = np.clip((pixels - inks[i]) @ way / max(way @ way, 1e-6), 0, 1)
        gap = np.square(pixels - inks[i] - share[:, None] * way).sum(1)
        better = gap < least
        least = np.where(better, gap, least)
        shares[better] = 0
        shares[better, i], shares[better, j] = 1 - share[better], share[better]
    return shares


def _wanted(
    folder: Path | None, only: list[str], hold_out: list[str]
) -> Iterator[tuple[Path, str, list[str]]]:
    """Files, kinds and colours of the tiles that a shop could sell."""
    if not folder:
        return
    with (folder / INDEX).open(newline="") as file:
        for entry in csv.DictReader(file):
            tags = [tag.strip() for tag in entry["tags"].split("|")]
            colours, slug = entry["colors"].split("|"), entry["slug"]
            chosen = not only or any(fnmatch(slug, pattern) for pattern in only)
            if any(fnmatch(slug, pattern) for pattern in hold_out) or not chosen:
                continue
            if len(colours) <= INKS and not set(tags) & set(UNWANTED):
                yield folder / entry["file"], _kind_of(tags), colours


def _kind_of(tags: list[str]) -> str:
    for kind, known in TAGS.items():
        if set(tags) & set(known):
            return kind
    return "geometric"
