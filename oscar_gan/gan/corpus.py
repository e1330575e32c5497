"""The training corpus: collect pictures, check them, label them, write the manifest last.

A corpus is a folder of arrays that training maps into memory:

    photos.npy     (N, 256, 256, 3) uint8   real photos, squeezed as serving squeezes them
    mattes.npy     (N, 256, 256) uint8      their pseudo-mattes (GrabCut)
    trust.npy      (N, 256, 256) uint8      how far each pixel of a pseudo-matte is believed
    prints.npy     (N, 256, 256) uint8      prints in them: 255 yes, 128 unsure, 0 no
    cutouts.npy    (K, 320, 320, 6) uint8   products without ground: RGB, alpha, product, prints
    scenes.npy     (S, 256, 256, 14) uint8  rendered products: see `scenes`
    manifest.json  what is in it, from which files (SHA-256), made how

The manifest's existence means that the corpus is complete.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oscar_gan.errors import OscarGanError, UnusablePhoto
from oscar_gan.imaging.grabcut import grabcut_confidence, grabcut_matte
from oscar_gan.imaging.photo import ANALYSIS_SIDE as SIDE
from oscar_gan.imaging.photo import analysis_view, read_photo

from .cutouts import CUTOUT_SIDE, UNSURE, print_mask, read_cutout
from .scenes import CHANNELS, read_scene

PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
ARRAYS = ("photos", "mattes", "trust", "prints", "cutouts", "scenes")
MANIFEST = "manifest.json"


class UnusableCorpus(OscarGanError):
    """The pictures or the folder given for training cannot be used."""

    code = "unusable-corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A complete corpus, mapped into memory; see the module's docstring for the arrays."""

    photos: NDArray[np.uint8]
    mattes: NDArray[np.uint8]
    trust: NDArray[np.uint8]
    prints: NDArray[np.uint8]
    cutouts: NDArray[np.uint8]
    scenes: NDArray[np.uint8]
    digest: str
    """SHA-256 of the manifest."""


def open_corpus(folder: Path) -> Corpus:
    """Map a corpus into memory; `UnusableCorpus` when it is missing or incomplete."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        raise UnusableCorpus(
            f"{folder} holds no {MANIFEST}: the corpus is missing or unfinished."
            " Make it with `python -m oscar_gan.gan collect`."
        )
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
    return Corpus(**arrays, digest=hashlib.sha256(manifest.read_bytes()).hexdigest())


def collect(
    folder: Path,
    *,
    photos: Sequence[Path] = (),
    cutouts: Sequence[Path] = (),
    scenes: Sequence[Path] = (),
    min_confidence: float = 0.5,
    progress: Callable[[Iterable], Iterable] = iter,
) -> dict[str, Any]:
    """Write a corpus into `folder` and return its manifest.

    `photos` and `cutouts` are files (a cut-out is a picture with its matte beside it, same name,
    `.png`); `scenes` are folders of renders (see `scenes`). Unreadable or doubled files and photos
    whose GrabCut is believed less than `min_confidence` are left out, and counted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    rejected: dict[str, int] = {"unreadable": 0, "doubled": 0, "not believed": 0}
    sources: dict[str, list[dict[str, str]]] = {"photos": [], "cutouts": [], "scenes": []}
    labelled = []
    for path, pixels in _readable(progress(photos), rejected):
        matte = grabcut_matte(pixels)
        if grabcut_confidence(pixels, matte) < min_confidence:
            rejected["not believed"] += 1
            continue
        labelled.append((pixels, *_labels(pixels, matte)))
        sources["photos"].append(_source(path))
    cut = [read_cutout(path) for path in progress(cutouts)]
    sources["cutouts"] = [_source(path) for path in cutouts]
    rendered = [read_scene(path) for path in progress(scenes)]
    sources["scenes"] = [_source(path / "meta.json") for path in scenes]
    if not labelled and not cut and not rendered:
        raise UnusableCorpus(
            f"None of the {len(photos)} photos, {len(cutouts)} cut-outs and {len(scenes)} scenes"
            f" can be used ({rejected}); training needs at least one. Check the folders given."
        )
    flat = (SIDE, SIDE)
    shapes = {"photos": (*flat, 3), "mattes": flat, "trust": flat, "prints": flat}
    columns = dict(zip(shapes, zip(*labelled, strict=True), strict=True)) if labelled else {}
    arrays = {name: _stack(columns.get(name, ()), shape) for name, shape in shapes.items()}
    arrays["cutouts"] = _stack(cut, (CUTOUT_SIDE, CUTOUT_SIDE, 6))
    arrays["scenes"] = _stack(rendered, (*flat, CHANNELS))
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    manifest = {
        "arrays": {name: digest_of(folder / f"{name}.npy") for name in ARRAYS},
        "counts": {name: len(entries) for name, entries in sources.items()},
        "rejected": rejected,
        "min_confidence": min_confidence,
        "sources": sources,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


def find_photos(folder: Path) -> list[Path]:
    """All picture files below a folder, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pixel_trust(rgb: NDArray[np.uint8], matte: NDArray[np.float32]) -> NDArray[np.float32]:
    """Say per pixel (h, w) in [0, 1] whether its colour agrees with the matte's decision.

    A colour that is mostly found outside, but lies inside (the gap between two trouser legs), is
    doubtful, and so is the reverse. Colours are counted in bins of 16 levels.
    """
    import cv2

    product = matte > 0.5
    bins = (rgb >> 4).astype(np.int32) @ np.array([256, 16, 1])
    inside = np.bincount(bins[product], minlength=4096).astype(np.float32) + 0.5
    outside = np.bincount(bins[~product], minlength=4096).astype(np.float32) + 0.5
    belongs = (inside / (inside + outside))[bins]
    agreement = cv2.blur(np.where(product, belongs, 1 - belongs), (9, 9))
    return np.interp(agreement, [0.2, 0.5], [0, 1]).astype(np.float32)


def _readable(
    paths: Iterable[Path], rejected: dict[str, int]
) -> Iterator[tuple[Path, NDArray[np.uint8]]]:
    seen = set()
    for path in paths:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest in seen:
            rejected["doubled"] += 1
            continue
        seen.add(digest)
        try:
            photo = read_photo(data)
        except UnusablePhoto:
            rejected["unreadable"] += 1
            continue
        yield path, _squeezed(photo.pixels)


def _labels(pixels: NDArray[np.uint8], matte: NDArray[np.float32]) -> tuple:
    """Matte, trust and prints of a photo, all (h, w) uint8."""
    trust = pixel_trust(pixels, matte)
    prints = print_mask(pixels.astype(np.float32) / 255, matte > 0.5)
    prints[trust < 0.9] = UNSURE  # a piece of ground inside the matte looks like a print
    return *(np.rint(255 * values).astype(np.uint8) for values in (matte, trust)), prints


def _squeezed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rint(255 * analysis_view(pixels)).astype(np.uint8)


def _stack(items: Sequence[NDArray[np.uint8]], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.stack(items) if len(items) else np.zeros((0, *shape), np.uint8)


def _source(path: Path) -> dict[str, str]:
    return {"name": f"{path.parent.name}/{path.name}", "sha256": digest_of(path)}
