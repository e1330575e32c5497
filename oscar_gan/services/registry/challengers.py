"""Challengers: the shop's own weights, entered by a training."""

from __future__ import annotations

import re
from pathlib import Path

from django.db import transaction

from ...errors import InvalidRequest, WeightsMismatch
from ...inference.analyser import read_manifest
from ...inference.onnx import read_weights
from ...models import GeneratorEvent, GeneratorVersion
from . import weights
from .versions import lock


def enter_challenger(
    *, parent: GeneratorVersion, analyser: Path, by=None, note: str = ""
) -> GeneratorVersion:
    """Enter a trained analyser (an ONNX file) with its parent's grader as a challenger.

    Its label says what it grew from: `2+shop.1` (PEP 440). The files are stored first, then row
    and event together; entering the same weights of the same parent again changes nothing.
    Raises StorageUnavailable, or WeightsMismatch when a file cannot be read.
    """
    files = _stored(parent, analyser)
    with transaction.atomic():
        lock(parent.name)  # labels are counted
        known = GeneratorVersion.objects.filter(name=parent.name, parent=parent)
        for version in known:
            if _digests(version.files) == _digests(files):
                return version
        version = GeneratorVersion(
            name=parent.name, version=_next_label(parent), files=files, parent=parent
        )
        version.digest = weights.digest_now(version)
        version.save()
        GeneratorEvent.objects.create(
            version=version, kind=GeneratorEvent.Kind.TRAINED, by=by, note=note
        )
    return version


def _stored(parent: GeneratorVersion, analyser: Path) -> dict[str, dict[str, str]]:
    """The files of a challenger by network; the parent's own are stored already."""
    if parent.files:
        kept = {network: file for network, file in parent.files.items() if network != "analyser"}
    else:
        kept = {
            network: weights.store(read_weights(path, digest))
            for network, (path, digest) in _shipped(parent).items()
            if network != "analyser"
        }
    return {"analyser": weights.store(_read(analyser)), **kept}


def _shipped(parent: GeneratorVersion) -> dict[str, tuple[Path, str]]:
    registered = read_manifest(weights.folder_of(parent)).get(parent.name)
    if registered is None:
        raise InvalidRequest(f"{parent} has no weights, so nothing can be trained from it.")
    return registered.files


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsMismatch(f"Weights {path} cannot be read: {error}.") from error


def _digests(files: dict[str, dict[str, str]]) -> dict[str, str]:
    return {network: file["sha256"] for network, file in files.items()}


def _next_label(parent: GeneratorVersion) -> str:
    shipped = parent.version.partition("+")[0]
    own = re.compile(re.escape(shipped) + r"\+shop\.(\d+)")
    labels = GeneratorVersion.objects.filter(name=parent.name).values_list("version", flat=True)
    taken = [int(found[1]) for label in labels if (found := own.fullmatch(label))]
    return f"{shipped}+shop.{max(taken, default=0) + 1}"
