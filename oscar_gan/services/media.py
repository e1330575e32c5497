"""Storage: content-addressed drafts, source photos, and each backend's errors as one."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import Error as DatabaseProblem
from oscar.core.loading import get_model

from ..conf import get_config
from ..errors import StorageUnavailable, UnusablePhoto
from .clock import database_now


def drafts() -> Storage:
    """The private storage of variant images in review and of mattes."""
    return storages[get_config().drafts_storage]


def read_original(image) -> bytes:
    """The bytes of a ProductImage; UnusablePhoto when its file is gone."""
    return read(image.original.storage, image.original.name)


def read_photo(name: str) -> bytes:
    """The bytes of a catalogue photo by its file's name; UnusablePhoto when it is gone."""
    field = get_model("catalogue", "ProductImage")._meta.get_field("original")
    return read(field.storage, name)


def read_draft(name: str, *, digest: str = "") -> bytes:
    """The bytes of a draft file; with `digest` (sha256 hex), no others than those."""
    data = read(drafts(), name)
    if digest and sha256(data).hexdigest() != digest:
        raise StorageUnavailable(
            f"{name} is not what was stored there: its {len(data)} bytes have another digest."
            " Try again; if it stays so, ask for the picture anew."
        )
    return data


def read(storage: Storage, name: str) -> bytes:
    """The bytes of a file, all of them; UnusablePhoto when it is gone."""
    with translated_errors(name), storage.open(name, "rb") as file:
        data = file.read()
        size = getattr(file, "size", None)
    if size is not None and len(data) < size:
        raise StorageUnavailable(
            f"{name} has {size} bytes, but storage gave only {len(data)}; try again."
        )
    return data


def delete_draft(name: str) -> None:
    """Delete a draft file; one that is gone is fine."""
    with translated_errors(name):
        drafts().delete(name)


def drafts_in(folder: str) -> list[str]:
    """Names of all draft files in a folder and below it."""
    return list(_walk(drafts(), folder))


def store_draft(data: bytes, *, folder: str, extension: str) -> tuple[str, str]:
    """Keep `data` under its own digest; returns (file name, sha256 hex).

    Storing the same bytes twice keeps one file. One that is half-written is replaced; so is one
    that the sweeper might take before its row is written.
    """
    digest = sha256(data).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest}{extension}"
    storage = drafts()
    with translated_errors(name):
        taken = storage.exists(name)
        whole = taken and storage.size(name) == len(data)
        if whole and storage.get_modified_time(name) > _sweepable(0.5):
            return name, digest
    return save_whole(storage, name, data, taken=taken), digest


def save_whole(storage: Storage, name: str, data: bytes, *, taken: bool = False) -> str:
    """Save a file whole or not at all, over one if its name is `taken`; returns its name.

    Object stores do so by themselves. In a folder a killed process or a full disk would leave
    half a file under the final name, so it gets its name when it is complete.
    """
    with translated_errors(name):
        if isinstance(storage, FileSystemStorage):
            return _save_and_rename(storage, name, data)
        if taken and storage.get_available_name(name) != name:  # would not be written over
            storage.delete(name)
        return storage.save(name, ContentFile(data))


def sweep(storage: Storage, folder: str, is_known) -> list[str]:
    """Delete the orphans under `folder`; returns their names."""
    deleted = []
    for name in orphans(storage, folder, is_known):
        with translated_errors(name):
            storage.delete(name)
        deleted.append(name)
    return deleted


def orphans(storage: Storage, folder: str, is_known) -> Iterator[str]:
    """Files under `folder` that `is_known(name)` denies and that are old enough.

    Young files may belong to a row that is about to be written.
    """
    oldest = _sweepable()
    for name in _walk(storage, folder):
        with translated_errors(name):
            orphaned = not is_known(name) and storage.get_modified_time(name) < oldest
        if orphaned:
            yield name


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Turn a backend's own errors into StorageUnavailable; each backend has its own family."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnusablePhoto(f"{name} is missing from storage; upload it again.") from error
    except (StorageUnavailable, MemoryError, DatabaseProblem):
        raise
    except Exception as error:
        raise StorageUnavailable(f"Storage failed on {name}: {error}") from error


def _save_and_rename(storage: FileSystemStorage, name: str, data: bytes) -> str:
    part = f"{name}.{uuid.uuid4().hex[:8]}.part"
    try:
        part = storage.save(part, ContentFile(data))
        os.replace(storage.path(part), storage.path(name))
    except BaseException:
        with suppress(OSError):
            storage.delete(part)
        raise
    return name


def _sweepable(share: float = 1.0):
    """Files last written before then may be swept; by the database's clock, not this machine's."""
    return database_now() - share * timedelta(hours=get_config().sweep_after_hours)


def _walk(storage: Storage, folder: str) -> Iterator[str]:
    with translated_errors(folder):
        try:
            folders, files = storage.listdir(folder)
        except FileNotFoundError:
            return
    for file in files:
        yield f"{folder}/{file}"
    for child in folders:
        yield from _walk(storage, f"{folder}/{child}")
