"""Storage: content-addressed drafts, source photos, and each backend's errors as one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone
from oscar.core.loading import get_model

from ..conf import get_config
from ..errors import StorageUnavailable, UnusablePhoto


def drafts() -> Storage:
    """The private storage of variant images in review and of mattes."""
    return storages[get_config().drafts_storage]


def read_original(image) -> bytes:
    """The bytes of a ProductImage; UnusablePhoto when its file is gone."""
    return _read(image.original.storage, image.original.name)


def read_photo(name: str) -> bytes:
    """The bytes of a catalogue photo by its file's name; UnusablePhoto when it is gone."""
    field = get_model("catalogue", "ProductImage")._meta.get_field("original")
    return _read(field.storage, name)


def read_draft(name: str) -> bytes:
    """The bytes of a draft file."""
    return _read(drafts(), name)


def delete_draft(name: str) -> None:
    """Delete a draft file; one that is gone is fine."""
    with translated_errors(name):
        drafts().delete(name)


def drafts_in(folder: str) -> list[str]:
    """Names of all draft files in a folder and below it."""
    return list(_walk(drafts(), folder))


def store_draft(data: bytes, *, folder: str, extension: str) -> tuple[str, str]:
    """Keep `data` under its own digest; returns (file name, sha256 hex).

    Storing the same bytes twice keeps one file. A file left half-written by a killed process
    has another size and is replaced.
    """
    digest = sha256(data).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest}{extension}"
    storage = drafts()
    with translated_errors(name):
        if storage.exists(name):
            if storage.size(name) == len(data):
                return name, digest
            storage.delete(name)
        return storage.save(name, ContentFile(data)), digest


def sweep(storage: Storage, folder: str, is_known) -> list[str]:
    """Delete files under `folder` that `is_known(name)` denies and that are old enough.

    Young files may belong to a row that is about to be written. Returns the deleted names.
    """
    oldest = timezone.now() - timedelta(hours=get_config().sweep_after_hours)
    deleted = []
    for name in _walk(storage, folder):
        with translated_errors(name):
            if not is_known(name) and storage.get_modified_time(name) < oldest:
                storage.delete(name)
                deleted.append(name)
    return deleted


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Turn a backend's own errors into StorageUnavailable; each backend has its own family."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnusablePhoto(f"{name} is missing from storage; upload it again.") from error
    except StorageUnavailable:
        raise
    except Exception as error:
        raise StorageUnavailable(f"Storage failed on {name}: {error}") from error


def _read(storage: Storage, name: str) -> bytes:
    with translated_errors(name), storage.open(name, "rb") as file:
        return file.read()


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
