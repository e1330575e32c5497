"""The training corpus: collect pictures, check them, label them, write the manifest last.

A corpus is a folder of arrays that training maps into memory:

    photos.npy     (N, 256, 256, 3) uint8   real photos, squeezed as serving squeezes them
    mattes.npy     (N, 256, 256) uint8      their pseudo-mattes (GrabCut)
    trust.npy      (N, 256, 256) uint8      how far each pixel of a pseudo-matte is believed
    prints.npy     (N, 256, 256) uint8      prints in them: 255 yes, 128 unsure, 0 no
    cutouts.npy    (K, 320, 320, 6) uint8   products without ground: RGB, alpha, product, prints
    scenes.npy     (S, 256, 256, 14) uint8  rendered products: see `scenes`
    weights.npy    (N,) uint8               how often a photo's labels are drawn; where they are
                                            people's decisions (`feedback`), else all alike
    manifest.json  what is in it, from which files (SHA-256), made how

The manifest's existence means that the corpus is complete.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
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
from .duplicates import Seen
from .rows import Rows
from .scenes import CHANNELS, read_scene
from .sources import Source

SHAPES = {
    "photos": (SIDE, SIDE, 3),
    "mattes": (SIDE, SIDE),
    "trust": (SIDE, SIDE),
    "prints": (SIDE, SIDE),
    "cutouts": (CUTOUT_SIDE, CUTOUT_SIDE, 6),
    "scenes": (SIDE, SIDE, CHANNELS),
}
ARRAYS = tuple(SHAPES)
WEIGHTS = "weights"
"""The array that only a corpus of decisions has."""
MANIFEST = "manifest.json"
REASONS = ("unreadable", "too small", "doubled", "nearly doubled", "not believed")
"""Why photos are left out."""
SMALLEST = 96
"""Shorter side in pixels below which a photo shows too little to learn from."""


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
    weights: NDArray[np.uint8] | None = None
    """(N,); 0: a photo whose labels are not believed, for the adversary alone."""

    def __str__(self) -> str:
        counts = len(self.photos), len(self.cutouts), len(self.scenes)
        return "{} photos, {} cut-outs and {} scenes".format(*counts)


def is_complete(folder: Path) -> bool:
    """Whether a corpus is there, complete."""
    return (folder / MANIFEST).exists()


def open_corpus(folder: Path) -> Corpus:
    """Map a corpus into memory; `UnusableCorpus` when it is missing or incomplete."""
    if not is_complete(folder):
        raise UnusableCorpus(
            f"{folder} holds no {MANIFEST}: the corpus is missing or unfinished."
            " Make it with `python -m oscar_gan.gan collect`."
        )
    written = json.loads((folder / MANIFEST).read_text())["arrays"]
    names = [name for name in (*ARRAYS, WEIGHTS) if name in written]
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}
    return Corpus(**arrays, digest=digest_of(folder / MANIFEST))


def collect(
    folder: Path,
    *,
    photos: Sequence[Source] = (),
    cutouts: Sequence[Path] = (),
    scenes: Sequence[Path] = (),
    min_confidence: float = 0.5,
    denoise: bool = False,
    seen: Seen | None = None,
    progress: Callable[[Iterable], Iterable] = iter,
) -> dict[str, Any]:
    """Write a corpus into `folder` and return its manifest.

    `cutouts` are pictures with their matte beside them (same name, `.png`); `scenes` are folders
    of renders (see `scenes`). Photos that are unreadable, too small or there already, and those
    whose GrabCut is believed less than `min_confidence`, are left out, and counted. `seen` is
    shared by corpora that must have no photo in common. One photo is in memory at a time.

    `denoise` takes grain and JPEG blocks out of photos. Off by default: serving meets photos as
    they are, so the networks had better meet their noise in training.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    rejected = dict.fromkeys(REASONS, 0)
    with ExitStack() as stack:
        rows = {
            name: stack.enter_context(Rows(folder / f"{name}.npy", shape))
            for name, shape in SHAPES.items()
        }
        found = _usable(progress(photos), rejected, seen or Seen())
        sources = {"photos": list(_labelled(found, rows, rejected, min_confidence, denoise))}
        for path in progress(cutouts):
            rows["cutouts"].append(read_cutout(path))
        for path in progress(scenes):
            rows["scenes"].append(read_scene(path))
    sources["cutouts"] = [_described(path) for path in cutouts]
    sources["scenes"] = [_described(path / "meta.json") for path in scenes]
    if not any(sources.values()):
        raise UnusableCorpus(
            f"None of the {len(photos)} photos, {len(cutouts)} cut-outs and {len(scenes)} scenes"
            f" can be used ({rejected}); training needs at least one. Check the folders given."
        )
    manifest = {
        "arrays": {name: digest_of(folder / f"{name}.npy") for name in ARRAYS},
        "counts": {name: len(entries) for name, entries in sources.items()},
        "rejected": rejected,
        "min_confidence": min_confidence,
        "denoised": denoise,
        "sources": sources,
    }
    write_manifest(folder, manifest)
    return manifest


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Declare a corpus complete; a crash leaves no manifest, never half of one."""
    temporary = folder / "manifest.partial"
    temporary.write_text(json.dumps(manifest, indent=1, sort_keys=True))
    temporary.replace(folder / MANIFEST)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


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


def _usable(
    sources: Iterable[Source], rejected: dict[str, int], seen: Seen
) -> Iterator[tuple[dict[str, str], NDArray[np.uint8]]]:
    """Each photo's entry for the manifest and its pixels, upright and squeezed."""
    for source in sources:
        try:
            data = source.read()
            if not seen.add_bytes(data):
                rejected["doubled"] += 1
                continue
            photo = read_photo(data)
        except UnusablePhoto:
            rejected["unreadable"] += 1
            continue
        pixels = np.rint(255 * analysis_view(photo.on_white())).astype(np.uint8)
        if min(photo.pixels.shape[:2]) < SMALLEST:
            rejected["too small"] += 1
        elif not seen.add_picture(pixels):
            rejected["nearly doubled"] += 1
        else:
            yield {"name": source.name, "sha256": photo.digest}, pixels


def _labelled(
    found: Iterable[tuple[dict[str, str], NDArray[np.uint8]]],
    rows: dict[str, Rows],
    rejected: dict[str, int],
    min_confidence: float,
    denoise: bool,
) -> Iterator[dict[str, str]]:
    """Write photos with their pseudo-labels; yield the entries of those that are believed."""
    for entry, pixels in found:
        pixels = _without_noise(pixels) if denoise else pixels
        matte = grabcut_matte(pixels)
        if grabcut_confidence(pixels, matte) < min_confidence:
            rejected["not believed"] += 1
            continue
        trust = pixel_trust(pixels, matte)
        prints = print_mask(pixels.astype(np.float32) / 255, matte > 0.5)
        prints[trust < 0.9] = UNSURE  # a piece of ground inside the matte looks like a print
        rows["photos"].append(pixels)
        rows["mattes"].append(np.rint(255 * matte).astype(np.uint8))
        rows["trust"].append(np.rint(255 * trust).astype(np.uint8))
        rows["prints"].append(prints)
        yield entry


def _without_noise(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    return cv2.fastNlMeansDenoisingColored(pixels, None, 3, 3, 5, 15)


def _described(path: Path) -> dict[str, str]:
    return {"name": f"{path.parent.name}/{path.name}", "sha256": digest_of(path)}
