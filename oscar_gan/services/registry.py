"""Generator versions: which weights serve new requests."""

from __future__ import annotations

from types import SimpleNamespace

from django.db import transaction

from .. import engine
from ..conf import get_config
from ..inference.analyser import read_manifest
from ..inference.printer import open_printer
from ..models import GeneratorVersion


def champion(name: str | None = None) -> GeneratorVersion:
    """The version of generator `name` (default: the configured one) that serves new requests.

    Weights ship with the package, so an upgrade changes the digest: the new version then takes
    over and the old one is retired, but stays on record for the pictures it made.
    """
    generator = engine.open_generator(name or get_config().generator)
    version = GeneratorVersion.objects.filter(digest=generator.digest).first()
    if version is None or version.status != GeneratorVersion.Status.CHAMPION:
        return _enthrone(generator)
    return version


def printer_version() -> GeneratorVersion:
    """The version of the print generator that serves new sheets of tiles."""
    shipped = open_printer()
    version = GeneratorVersion.objects.filter(digest=shipped.digest).first()
    if version is None or version.status != GeneratorVersion.Status.CHAMPION:
        named = SimpleNamespace(
            name="print", version=read_manifest()["print"].version, digest=shipped.digest
        )
        return _enthrone(named)
    return version


@transaction.atomic
def _enthrone(generator) -> GeneratorVersion:
    Status = GeneratorVersion.Status
    reigning = GeneratorVersion.objects.filter(name=generator.name, status=Status.CHAMPION)
    reigning.exclude(digest=generator.digest).update(status=Status.RETIRED)
    version, _created = GeneratorVersion.objects.update_or_create(
        digest=generator.digest,
        defaults={
            "name": generator.name,
            "version": generator.version,
            "status": Status.CHAMPION,
        },
    )
    return version
