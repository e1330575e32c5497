"""Versions as people name and read them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ...errors import InvalidRequest
from ...models import GeneratorVersion
from .weights import digest_now

SHORTEST_PREFIX = 6
"""Digits of a digest that name a version."""


def versions_of(name: str):
    """Versions of a generator, the newest first, with what `describe` needs of them."""
    versions = GeneratorVersion.objects.filter(name=name).select_related("parent")
    return versions.prefetch_related("comparisons__against")


def find_version(text: str, *, name: str) -> GeneratorVersion:
    """The version meant by its label (`2+shop.1`), its id, or the start of its digest.

    Of one label's rows, which an upgrade of the engine makes several, the one that can serve.
    Raises InvalidRequest.
    """
    versions = list(versions_of(name))
    prefix = text if len(text) >= SHORTEST_PREFIX else None
    ways = (
        [each for each in versions if each.version == text],
        [each for each in versions if str(each.pk) == text],
        [each for each in versions if prefix and each.digest.startswith(prefix)],
    )
    found = next(filter(None, ways), None)
    if found is None:
        known = ", ".join(dict.fromkeys(each.version for each in versions)) or _("none")
        problem = _("There is no version '%(text)s' of %(name)s; there are: %(known)s.")
        raise InvalidRequest(problem % {"text": text, "name": name, "known": known})
    return min(found, key=lambda each: (each.status != "champion", not _is_current(each)))


def describe(version: GeneratorVersion) -> dict:
    """A version and its newest comparison, ready for JSON."""
    comparison = next(iter(version.comparisons.all()), None)
    return {
        "id": version.pk,
        "name": version.name,
        "version": version.version,
        "digest": version.digest,
        "status": version.status,
        "pinned": version.pinned,
        "parent": version.parent and version.parent.version,
        "shipped": not version.files,
        "created": version.created_at.isoformat(),
        "comparison": comparison
        and {
            "against": comparison.against.version,
            "passed": comparison.passed,
            "verdict": comparison.report.get("verdict", ""),
            "created": comparison.created_at.isoformat(),
        },
    }


def _is_current(version: GeneratorVersion) -> bool:
    return not version.files or digest_now(version) == version.digest
