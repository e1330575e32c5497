"""Weights of a version: kept in the drafts storage, opened from a folder of this machine."""

from __future__ import annotations

import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path

from ... import engine
from ...conf import get_config
from ...errors import StorageUnavailable, UnusablePhoto, WeightsMismatch
from ...inference.analyser import MANIFEST, WEIGHTS
from ...models import GeneratorVersion
from .. import backends, media
from ..folders import working_folder

FOLDER = "generators"
"""In the drafts storage; the files in it are named by their content."""


def open_version(version: GeneratorVersion) -> engine.Generator:
    """The generator with exactly these weights, fetched if need be; sessions open when used.

    Raises WeightsMismatch when this process has or finds others, and StorageUnavailable when they
    cannot be fetched now.
    """
    device = get_config().device
    if version.files:
        generator = engine.open_weights(folder_of(version), device=device)
    else:
        generator = backends.open_generator(version.name, device=device)
    _check_same(version, generator.version, generator.digest)
    return generator


def folder_of(version: GeneratorVersion) -> Path:
    """The local folder with manifest.json and the weights of a version: read it, do not write.

    Those of the shop's own versions are fetched from the drafts storage by whoever needs them
    first; every file is checked against the SHA-256 on record. Raises as `open_version` does.
    """
    if not version.files:
        installed = backends.open_generator(version.name)
        _check_same(version, installed.version, installed.digest)
        return WEIGHTS
    _check_same(version, version.version, digest_now(version))
    folder = working_folder(get_config().weights_folder, purpose="weights") / version.digest
    for network, file in version.files.items():
        path = folder / f"{network}.onnx"
        if not _holds(path, file["sha256"]):
            _write(path, _fetch(version, file))
    manifest = _manifest(version)
    if not _holds(folder / MANIFEST, sha256(manifest).hexdigest()):
        _write(folder / MANIFEST, manifest)
    return folder


def check_stored(version: GeneratorVersion) -> None:
    """Make sure that every worker can get these weights; raises as `open_version` does."""
    if not version.files:
        folder_of(version)
    for file in version.files.values():
        _fetch(version, file)


def store(data: bytes) -> dict[str, str]:
    """Keep a weights file in the drafts storage; returns its entry in `GeneratorVersion.files`."""
    name, digest = media.store_draft(data, folder=FOLDER, extension=".onnx")
    return {"name": name, "sha256": digest}


def digest_now(version: GeneratorVersion) -> str:
    """The digest of a shop's own version under this release of the engine."""
    digests = {network: file["sha256"] for network, file in version.files.items()}
    return engine.digest_of_weights(version.version, digests)


def _check_same(version: GeneratorVersion, label: str, digest: str) -> None:
    if digest != version.digest:
        raise WeightsMismatch(
            f"{version} was asked for, but this worker has {version.name} {label}"
            f" ({digest[:12]}, not {version.digest[:12]}). Restart the workers after"
            " an upgrade, or ask again."
        )


def _fetch(version: GeneratorVersion, file: dict[str, str]) -> bytes:
    try:
        data = media.read_draft(file["name"])
    except UnusablePhoto as error:
        raise WeightsMismatch(
            f"Weights {file['name']} of {version} are missing from the drafts storage; restore"
            " them from a backup, or roll back."
        ) from error
    if (found := sha256(data).hexdigest()) != file["sha256"]:
        raise WeightsMismatch(
            f"Weights {file['name']} of {version} have SHA-256 {found[:12]}…, registered is"
            f" {file['sha256'][:12]}…; the file in the drafts storage was changed or cut short."
            " Restore it from a backup, or roll back."
        )
    return data


def _manifest(version: GeneratorVersion) -> bytes:
    files = {
        network: {"path": f"{network}.onnx", "sha256": file["sha256"]}
        for network, file in sorted(version.files.items())
    }
    entry = {"version": version.version, "files": files}
    return json.dumps({"generators": {version.name: entry}}, indent=2).encode()


def _holds(path: Path, digest: str) -> bool:
    """Whether the file is there and whole (3 ms); temporary folders are cleaned up by systems."""
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place whole: many processes may do so at once, with the same bytes."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            os.replace(draft, path)
        except OSError:
            os.unlink(draft)
            raise
    except OSError as error:
        raise StorageUnavailable(
            f"Weights cannot be kept in {path.parent}: {error}. Make room, or choose another"
            " folder with OSCAR_GAN['WEIGHTS_FOLDER']."
        ) from error
