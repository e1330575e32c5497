"""Files: what is written comes back whole, private links are private, disks have room."""

from __future__ import annotations

import os
import shutil
import tempfile
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext as _

from ..conf import get_config
from .basics import described
from .findings import Finding, ok, problem, skipped, warning

FOLDER = "oscar-gan-doctor"
SIZE = 64 * 1024
"""Bytes written and read back."""
LINK_LIMIT = 5
"""Seconds for a link to answer."""
DISK_PROBLEM, DISK_WARNING = 500 * 2**20, 2 * 2**30
"""Bytes free: a photo of 64 megapixels with its variants and renditions is some 200 MB."""


def media() -> Finding:
    return round_trip("default", "media-files")


def drafts() -> Finding:
    return round_trip(get_config().drafts_storage, "draft-files")


def round_trip(alias: str, name: str) -> Finding:
    """Write a file, read it, compare every byte, delete it."""
    storage, data = storages[alias], os.urandom(SIZE)
    fix = _("See that this user may write there; STORAGES['%(alias)s'].") % {"alias": alias}
    try:
        with written(storage, data) as file, storage.open(file, "rb") as back:
            same = back.read() == data and storage.size(file) == SIZE
    except Exception as error:  # each backend has its own family
        return problem(name, f"{described(storage)}: {error}", fix)
    if not same:
        found = _("%(storage)s gives other bytes back than were written")
        fix = _("Use oscar_gan.storages: it sends no checksums that this server stores.")
        return problem(name, found % {"storage": described(storage)}, fix)
    return ok(name, _("%(storage)s: written, read, deleted") % {"storage": described(storage)})


@contextmanager
def written(storage: Storage, data: bytes, extension: str = ".bin") -> Iterator[str]:
    """The name of a file that is there inside the block only."""
    file = storage.save(f"{FOLDER}/{uuid.uuid4().hex}{extension}", ContentFile(data))
    try:
        yield file
    finally:
        storage.delete(file)
        if isinstance(storage, FileSystemStorage):
            with suppress(OSError):  # another file is in it just now
                storage.delete(FOLDER)


def links() -> list[Finding]:
    """Whether drafts open by signed links only, and media for everyone."""
    return [_draft_links(), _media_links()]


def _draft_links() -> Finding:
    storage = storages[get_config().drafts_storage]
    if isinstance(storage, FileSystemStorage):
        return skipped("draft-links", _("drafts are on disk; only views show them"))
    data = os.urandom(1024)
    with written(storage, data) as file:
        url = storage.url(file)
        try:
            signed, unsigned = _get(url), _get(url.partition("?")[0])
        except OSError as error:
            return _unreachable("draft-links", url, error)
    if signed[0] != 200 or signed[1] != data:
        found = _("a signed link answers %(status)s") % {"status": signed[0]}
        fix = _("Compare keys, region and clock; with a proxy, set public_endpoint_url.")
        return problem("draft-links", found, fix)
    if unsigned[0] == 200:
        found = _("a draft opens without a signature: everyone may see what waits for review")
        fix = _("Close the bucket's policy for drafts/: only media/ may be public.")
        return problem("draft-links", found, fix)
    return ok("draft-links", _("signed links open, unsigned ones are refused"))


def _media_links() -> Finding:
    storage, data = storages["default"], os.urandom(1024)
    with written(storage, data) as file:
        url = storage.url(file)
        if not url.startswith(("http://", "https://")):
            return skipped(
                "media-links",
                _("media are served by this site under %(url)s") % {"url": url.rsplit("/", 2)[0]},
            )
        try:
            status, body = _get(url)
        except OSError as error:
            return _unreachable("media-links", url, error)
    if status == 200 and body == data:
        return ok("media-links", _("published files open for everyone"))
    found = _("a published file answers %(status)s") % {"status": status}
    fix = _("Open media/ in the bucket's policy to readers (s3:GetObject), or correct the CDN.")
    return problem("media-links", found, fix)


def _unreachable(name: str, url: str, error: OSError) -> Finding:
    host = url.split("/")[2]
    found = _("%(host)s cannot be reached from here (%(error)s)") % {"host": host, "error": error}
    return warning(name, found, _("Browsers must reach it; try the link in one."))


def _get(url: str) -> tuple[int, bytes]:
    """Status and body; OSError when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=LINK_LIMIT) as response:  # noqa: S310 our storage's
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def disks() -> list[Finding]:
    """Free space where media, drafts, weights, trainings and temporary files lie."""
    seen: dict[int, Finding] = {}
    for folder in _folders():
        there = next(each for each in (folder, *folder.parents) if each.exists())
        seen.setdefault(there.stat().st_dev, _room(there))
    return list(seen.values())


def _folders() -> Iterator[Path]:
    config = get_config()
    for alias in ("default", config.drafts_storage):
        if isinstance(storages[alias], FileSystemStorage):
            yield Path(storages[alias].location).absolute()
    for folder in (config.weights_folder, config.training_folder, tempfile.gettempdir()):
        if folder:
            yield Path(folder).absolute()


def _room(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    found = _("%(free).1f of %(total).1f GiB free at %(folder)s") % {
        "free": usage.free / 2**30,
        "total": usage.total / 2**30,
        "folder": folder,
    }
    if usage.free >= DISK_WARNING:
        return ok("disk", found)
    state = problem if usage.free < DISK_PROBLEM else warning
    return state("disk", found, _("Make room, or move media and drafts to another disk or to S3."))
