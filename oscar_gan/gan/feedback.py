"""A corpus out of what people decided about an analyser's mattes.

Each photo is labelled by people: *corrected* (somebody drew its matte), *approved* (pictures made
with the generator's own matte were) or *rejected* (its outline was, and nobody drew a better one).
Their mattes say what is recoloured, white, and what stays, black; whether a black pixel is ground
or a print of the product they leave open.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.errors import UnusableMatte, UnusablePhoto
from oscar_gan.imaging.matte import read_matte
from oscar_gan.imaging.photo import Photo, analysis_view, read_photo
from oscar_gan.imaging.refine import decide_keep
from oscar_gan.inference.analyser import Analyser

from .corpus import (
    ARRAYS,
    MANIFEST,
    SHAPES,
    SIDE,
    SMALLEST,
    WEIGHTS,
    UnusableCorpus,
    digest_of,
    write_manifest,
)
from .cutouts import UNSURE
from .faces import BLUR, EXCLUDE, KEEP, blurred, erased, find_faces
from .rehearsal import rehearsal_scenes
from .rows import Rows

CORRECTED, APPROVED, REJECTED = LABELS = ("corrected", "approved", "rejected")
REASONS = ("unreadable", "changed", "too small", "matte unusable", "face")
"""Why photos are left out."""
AGREED = 128
"""Trust, of 255, in a pixel that was right before: less than in one that people changed."""
MOST = 4.0
"""Times that the rarer of corrected and approved photos are drawn more often, at most."""

Read = Callable[[], bytes]
Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPhoto:
    """A photo that people have decided about; nothing is read before it is wanted."""

    name: str
    read: Read
    """The photo's file; may raise UnusablePhoto."""
    label: str
    """One of `LABELS`."""
    matte: Read | None
    """What is recoloured, white on black, the upright photo's size; None for a rejected photo."""
    before: Read | None
    """The analyser's matte that was rejected or corrected, alike, if it is known."""
    weight: float
    """How often it is drawn beside others, in (0, 1]."""
    sha256: str
    """Of the photo's file."""


class Labels(NamedTuple):
    """What a photo teaches: arrays (256, 256) as a corpus holds them."""

    matte: Levels
    trust: Levels
    prints: Levels


def collect_feedback(
    folder: Path,
    photos: Iterable[LabelledPhoto],
    *,
    champion: Path,
    faces: str = BLUR,
    progress: Callable[[Iterable], Iterable] = iter,
) -> dict[str, Any]:
    """Write a corpus of labelled photos into `folder` and return its manifest.

    `champion` is the ONNX file of the analyser that is to be improved: it tells prints from
    ground. `faces` is one of `faces.MODES`: blurred faces are kept unrecognisable, and nothing is
    learnt there; photos with faces may be left out instead. Photos that cannot be used are left
    out and counted; `UnusableCorpus` when none with labels is left. The same photos give the same
    manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    analyser = Analyser(champion, digest=digest_of(champion))
    left_out = dict.fromkeys(REASONS, 0)
    shapes = SHAPES | {WEIGHTS: ()}
    with ExitStack() as stack:
        rows = {
            name: stack.enter_context(Rows(folder / f"{name}.npy", shape))
            for name, shape in shapes.items()
        }
        entries = list(_written(progress(photos), analyser, rows, left_out, faces))
        _check_taught(entries, left_out)
        for scene in rehearsal_scenes():
            rows["scenes"].append(scene)
        for weight in balanced([(entry["label"], entry["weight"]) for entry in entries]):
            rows[WEIGHTS].append(weight)
    labels = [entry["label"] for entry in entries]
    manifest = {
        "arrays": {name: digest_of(folder / f"{name}.npy") for name in (*ARRAYS, WEIGHTS)},
        "champion": analyser.digest,
        "counts": {"photos": len(entries), **{label: labels.count(label) for label in LABELS}},
        "rejected": left_out,
        "sources": {"photos": entries, "cutouts": [], "scenes": []},
    }
    write_manifest(folder, manifest)
    return manifest


def labels_of(material: Levels, before: Levels | None, prints: NDArray[np.bool_]) -> Labels:
    """What a matte teaches; arrays (256, 256), mattes of the material alone, 0 to 255.

    `prints` are the pixels that the champion takes for prints of the product. Where people left
    such a pixel black they may mean the print, or that no product is there: both keep it as it
    is, so the champion's opinion is taught on. Where they recolour one they say that it is none.
    All else says nothing about prints: taught as their absence, in so many more pixels, it would
    make the analyser forget them.
    """
    black = prints & (material <= 127)
    matte = np.where(black, 255, material).astype(np.uint8)
    trust = np.full(material.shape, AGREED, np.uint8)
    if before is not None:
        trust[(material > 127) != (before > 127)] = 255
    taught = np.full(material.shape, UNSURE, np.uint8)
    taught[prints & ~black] = 0
    taught[black] = 255
    return Labels(matte, trust, taught)


def _check_taught(entries: list[dict[str, Any]], left_out: dict[str, int]) -> None:
    rejected = sum(entry["label"] == REJECTED for entry in entries)
    if rejected == len(entries):
        raise UnusableCorpus(
            f"None of the photos can teach an outline: {rejected} were rejected without a better"
            f" matte, and {sum(left_out.values())} cannot be used ({left_out}). Draw mattes, or"
            " approve pictures whose outline is right."
        )


def balanced(photos: Sequence[tuple[str, float]]) -> NDArray[np.uint8]:
    """How often each photo is drawn, from its label and weight: (N,), 255 most, 0 if rejected.

    What was right already is half of what is seen, or else it would be forgotten over what is
    new; but no photo is seen more than `MOST` times as often as its weight alone says.
    """
    sums = {label: sum(weight for each, weight in photos if each == label) for label in LABELS}
    commoner = max(sums[CORRECTED], sums[APPROVED])
    raised = np.array(
        [
            0 if label == REJECTED else weight * min(MOST, commoner / sums[label])
            for label, weight in photos
        ]
    )
    # Rounded to 0, a labelled photo would become one for the adversary alone.
    levels = np.rint(255 * raised / raised.max()).clip(1, 255)
    return np.where(raised > 0, levels, 0).astype(np.uint8)


def _written(
    photos: Iterable[LabelledPhoto],
    analyser: Analyser,
    rows: dict[str, Rows],
    left_out: dict[str, int],
    faces: str,
) -> Iterator[dict[str, Any]]:
    """Write the usable photos' rows; yield their entries for the manifest."""
    for given in photos:
        try:
            photo = read_photo(given.read())
            if photo.digest != given.sha256:
                left_out["changed"] += 1
                continue
            if min(photo.height, photo.width) < SMALLEST:
                left_out["too small"] += 1
                continue
            boxes = [] if faces == KEEP else find_faces(photo.on_white())
            if boxes and faces == EXCLUDE:
                left_out["face"] += 1
                continue
            view = analysis_view(photo.on_white())
            labels = _labelled(given, photo, view, analyser)
        except UnusablePhoto:
            left_out["unreadable"] += 1
            continue
        except UnusableMatte:
            left_out["matte unusable"] += 1
            continue
        shape = (photo.height, photo.width)
        pixels = np.rint(255 * view).astype(np.uint8)
        rows["photos"].append(blurred(pixels, boxes, of=shape))
        labels = labels._replace(trust=erased(labels.trust, boxes, of=shape))
        for name, array in zip(("mattes", "trust", "prints"), labels, strict=True):
            rows[name].append(array)
        yield {
            "name": given.name,
            "sha256": given.sha256,
            "label": given.label,
            "weight": given.weight,
            "faces": len(boxes),
        }


def _labelled(
    given: LabelledPhoto, photo: Photo, view: NDArray[np.float32], analyser: Analyser
) -> Labels:
    if given.label == REJECTED or given.matte is None:
        empty = np.zeros((SIDE, SIDE), np.uint8)
        return Labels(empty, empty, np.full_like(empty, UNSURE))
    material = _squeezed(read_matte(given.matte(), photo))
    before = _before(given, photo)
    seen = analyser(view)
    prints = (seen.matte > 0.5) & (decide_keep(seen.keep) > 0.5)
    return labels_of(material, before, prints)


def _before(given: LabelledPhoto, photo: Photo) -> Levels | None:
    """The earlier matte; without a usable one, all pixels of the photo count alike."""
    try:
        return _squeezed(read_matte(given.before(), photo)) if given.before else None
    except UnusableMatte:
        return None


def _squeezed(matte: Levels) -> Levels:
    """A matte (H, W) as `analysis_view` squeezes its photo."""
    small = Image.fromarray(matte).resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(small)
