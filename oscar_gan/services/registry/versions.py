"""The champion of each generator, and what an upgrade of the package does to versions."""

from __future__ import annotations

from types import SimpleNamespace

from django.db import transaction

from ...conf import get_config
from ...errors import WeightsMismatch
from ...inference import printer
from ...inference.analyser import read_manifest
from ...models import GeneratorEvent, GeneratorVersion
from .. import backends
from .weights import digest_now

Status = GeneratorVersion.Status
Kind = GeneratorEvent.Kind


def champion(name: str | None = None) -> GeneratorVersion:
    """The version of generator `name` (default: the configured one) that serves new requests.

    An upgrade of the package that changes digests is noticed here. If shipped weights reigned,
    the new ones take over; if the shop's own did, they stay, and the new ones become challenger.
    What was retired stays on record for the pictures it made.
    """
    return _settled(backends.open_generator(name or get_config().generator))


def printer_version() -> GeneratorVersion:
    """The version of the print generator that serves new sheets of tiles."""
    version, digest = read_manifest()["print"].version, printer.open_printer().digest
    return _settled(SimpleNamespace(name="print", version=version, digest=digest))


def renewed(version: GeneratorVersion) -> GeneratorVersion:
    """The row of the same weights under this release of the engine: mostly `version` itself.

    A release that makes other pixels of the same weights gives them another digest, so they get
    a row of their own. Raises WeightsMismatch for weights that shipped with another release.
    """
    if not version.files:
        return _installed_as(version)
    digest = digest_now(version)
    if digest == version.digest:
        return version
    waits = version.status == Status.CHALLENGER
    successor, _created = GeneratorVersion.objects.get_or_create(
        digest=digest,
        defaults={
            "name": version.name,
            "version": version.version,
            "files": version.files,
            "parent": version.parent,
            "status": Status.CHALLENGER if waits else Status.RETIRED,
        },
    )
    return successor


def lock(name: str) -> GeneratorVersion | None:
    """Make other decisions about a generator wait until the caller's transaction ends.

    Returns its champion, if it has one yet.
    """
    versions = GeneratorVersion.objects.select_for_update().filter(name=name).order_by("pk")
    return next((each for each in list(versions) if each.status == Status.CHAMPION), None)


def enthrone(
    version: GeneratorVersion,
    *,
    previous: GeneratorVersion | None,
    kind: str = Kind.PROMOTED,
    by=None,
    note: str = "",
) -> None:
    """Let a version serve instead of `previous` and log it, while the caller has the lock."""
    if previous is not None:
        _set_status(previous, Status.RETIRED)
        GeneratorEvent.objects.create(
            version=version, previous=previous, kind=kind, by=by, note=note
        )
    _set_status(version, Status.CHAMPION)


def _settled(shipped) -> GeneratorVersion:
    """The champion, after making sure that this release of the package can open it."""
    versions = GeneratorVersion.objects.filter(name=shipped.name)
    reigning = versions.filter(status=Status.CHAMPION).first()
    if reigning is not None:
        if reigning.digest == shipped.digest:
            return reigning
        lasts = reigning.files and digest_now(reigning) == reigning.digest
        if lasts and versions.filter(digest=shipped.digest).exists():
            return reigning
    return _settle(shipped)


@transaction.atomic
def _settle(shipped) -> GeneratorVersion:
    installed, _created = GeneratorVersion.objects.get_or_create(
        digest=shipped.digest, defaults={"name": shipped.name, "version": shipped.version}
    )
    reigning = lock(shipped.name)
    installed.refresh_from_db()
    _renew_challengers(installed)
    heir = renewed(reigning) if reigning is not None and reigning.files else installed
    if reigning is None or heir.pk != reigning.pk:
        pinned = reigning is not None and reigning.pinned and bool(reigning.files)
        enthrone(heir, previous=reigning, note="Upgrade of the package.")
        if pinned:
            heir.pinned = True
            heir.save(update_fields=["pinned"])
    return heir


def _renew_challengers(installed: GeneratorVersion) -> None:
    """Bring challengers over to this release; shipped ones of another release cannot serve."""
    waiting = GeneratorVersion.objects.filter(name=installed.name, status=Status.CHALLENGER)
    for version in waiting.exclude(pk=installed.pk):
        if not version.files or renewed(version).pk != version.pk:
            _set_status(version, Status.RETIRED)


def _installed_as(version: GeneratorVersion) -> GeneratorVersion:
    installed = backends.open_generator(version.name)
    if installed.digest == version.digest:
        return version
    same = GeneratorVersion.objects.filter(digest=installed.digest).first()
    if same is None or same.version != version.version:
        raise WeightsMismatch(
            f"{version} shipped with another release of django-oscar-gan; this one brings"
            f" {installed.name} {installed.version}. Choose that, or install the other release."
        )
    return same


def _set_status(version: GeneratorVersion, status: str) -> None:
    """Only a champion is pinned, so whoever comes or goes is not."""
    version.status, version.pinned = status, False
    version.save(update_fields=["status", "pinned"])
