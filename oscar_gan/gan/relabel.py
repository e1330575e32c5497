"""Self-training: a trained analyser corrects the pseudo-mattes it was taught with.

GrabCut fails now and then on a photo (the gap between trouser legs, a white shirt on white
sheets); an analyser trained on thousands of them averages such failures out. Where the two agree,
GrabCut's edges are kept; where they differ, the analyser is believed as far as it is sure.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from .corpus import ARRAYS, MANIFEST, SIDE, Corpus, digest_of, write_manifest
from .networks import Analyser
from .serving import reduced

SURE = 0.85
"""Probability from which the analyser overrules GrabCut."""
DISPUTED_TRUST = 0.5
"""Trust in a pixel on which the two differ."""
LEAST_AGREEMENT = 0.6
"""Overlap below which a photo is not believed at all."""


def relabel(
    source: Path,
    corpus: Corpus,
    analyser: Analyser,
    folder: Path,
    *,
    side: int,
    progress: Callable[[Iterable], Iterable] = iter,
) -> dict[str, int]:
    """Write a copy of the corpus in `source` with corrected mattes; return counts.

    `side`: pixels at which the analyser was trained.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    mattes, trust = np.array(corpus.mattes), np.array(corpus.trust)
    counts = {"photos": len(mattes), "disbelieved": 0}
    for index in progress(range(len(mattes))):
        found = _look(analyser, corpus.photos[index], side)
        mattes[index], trust[index] = settle(mattes[index], trust[index], found)
        counts["disbelieved"] += not trust[index].any()
    changed = {"mattes": mattes, "trust": trust}
    for name in ARRAYS:
        if name in changed:
            np.save(folder / f"{name}.npy", changed[name])
        else:
            shutil.copyfile(source / f"{name}.npy", folder / f"{name}.npy")
    manifest = json.loads((source / MANIFEST).read_text())
    manifest |= {
        "arrays": {name: digest_of(folder / f"{name}.npy") for name in ARRAYS},
        "relabelled": {"from": corpus.digest, **counts},
    }
    write_manifest(folder, manifest)
    return counts


def settle(
    matte: NDArray[np.uint8], trust: NDArray[np.uint8], found: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Weigh GrabCut against the analyser, `found` in [0, 1]; new matte and trust (h, w)."""
    cut, seen = matte > 127, found > 0.5
    overlap = (cut & seen).sum() / max((cut | seen).sum(), 1)
    if overlap < LEAST_AGREEMENT:
        return matte, np.zeros_like(trust)
    disputed = cut != seen
    overruled = disputed & (np.abs(found - 0.5) > SURE - 0.5)
    labels = np.where(overruled, 255 * seen, matte).astype(np.uint8)
    agreed = np.maximum(trust, 128)  # two witnesses: doubt about the colour counts less
    weights = np.where(disputed, DISPUTED_TRUST * 255 * overruled, agreed)
    return labels, weights.astype(np.uint8)


@torch.no_grad()
def _look(analyser: Analyser, photo: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """The analyser's matte of a photo of the corpus, averaged with that of its mirror image."""
    planes = torch.from_numpy(photo.transpose(2, 0, 1)[None].astype(np.float32) / 255)
    small = reduced(planes, side)
    both = analyser(torch.cat([small, small.flip(-1)])).matte
    logits = (both[:1] + both[1:].flip(-1)) / 2
    full = interpolate(logits, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    return full.sigmoid()[0, 0].numpy()
