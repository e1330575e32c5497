"""What a training run learns from, as files: a corpus of the manifest's photos, made when needed.

The corpus is a function of the manifest: whichever machine makes it, it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path

from ..conf import get_config
from ..errors import UnusableMatte, UnusablePhoto
from ..inference.analyser import read_manifest
from ..models import GeneratorVersion, TrainingRun
from . import feedback, media, registry

TRAINED, HELD_OUT = "corpus", "held-out"
"""Folders of the corpora."""


def analyser_of(version: GeneratorVersion) -> Path:
    """The analyser's file of a generator version, fetched if need be."""
    registered = read_manifest(registry.folder_of(version))[version.name]
    return registered.analyser[0]


def corpora(run: TrainingRun, folder: Path, progress: Callable[[Iterable], Iterable]):
    """Open the run's corpora in `folder`, made if need be: what is learnt from, what is held out.

    `folder` is this worker's own; a corpus takes its place beside it only when it is complete.
    The second is None where no held-out photo has an outline. Raises UnusableCorpus,
    StorageUnavailable.
    """
    from ..gan.corpus import UnusableCorpus, open_corpus

    _make(run, "train", folder / TRAINED, progress)
    try:
        _make(run, "validation", folder / HELD_OUT, progress)
    except UnusableCorpus:
        return open_corpus(folder.parent / TRAINED), None
    return open_corpus(folder.parent / TRAINED), open_corpus(folder.parent / HELD_OUT)


def _make(run: TrainingRun, split: str, folder: Path, progress) -> None:
    """Collect the photos of one split, unless that was done before on this machine."""
    from ..gan.corpus import is_complete

    place = folder.parent.parent / folder.name
    if is_complete(place):
        return
    photos = [each for each in feedback.read_manifest(run)["photos"] if each["split"] == split]
    _collect(folder, photos, analyser_of(run.base), progress)
    try:
        folder.rename(place)
    except OSError:  # another worker's, made meanwhile, is the same
        if not is_complete(place):
            raise


def _collect(folder: Path, photos: list[dict], champion: Path, progress) -> None:
    from ..gan import retraining

    labelled = [
        retraining.LabelledPhoto(
            name=each["name"],
            read=partial(_read_photo, each["name"], each["sha256"]),
            label=each["label"],
            matte=_reader(each["matte"]),
            before=_reader(each["before"]),
            weight=each["weight"],
            sha256=each["sha256"],
        )
        for each in photos
    ]
    retraining.collect_feedback(
        folder,
        labelled,
        champion=champion,
        faces=get_config().training_faces,
        progress=progress,
    )


def _read_photo(name: str, digest: str) -> bytes:
    data = media.read_photo(name)
    if sha256(data).hexdigest() != digest:
        raise UnusablePhoto(f"{name} was replaced after the manifest was frozen.")
    return data


def _reader(matte: dict | None) -> Callable[[], bytes] | None:
    return partial(_read_matte, matte["name"], matte["sha256"]) if matte else None


def _read_matte(name: str, digest: str) -> bytes:
    data = media.read_draft(name)
    if sha256(data).hexdigest() != digest:
        raise UnusableMatte(f"{name} is not the matte that the manifest names.")
    return data
