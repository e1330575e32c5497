"""Verifying: what must hold whatever was killed, cut or full; each violation with its ids.

Rows are asked by queries; `files` reads every file that they name, which takes as long as reading
the whole storage. Run it while nothing is being published: it looks at rows first, at files later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db.models import Count, F, Q
from django.db.models.functions import Now

from ..conf import get_config
from ..errors import StorageUnavailable, UnusablePhoto
from ..models import (
    GenerationRequest,
    Matte,
    Publication,
    PublishedImage,
    PublishingRun,
    RenditionSet,
    VariantImage,
)
from . import housekeeping, media, published_files

Status = VariantImage.Status
RequestStatus = GenerationRequest.Status
LOST, DUPLICATED, HALF_WRITTEN = "lost", "duplicated", "half-written"
GRACE = timedelta(minutes=5)
"""Beyond its lease: the reaper comes every quarter of a minute."""


@dataclass(frozen=True)
class Violation:
    """Something that must not be: its kind, what is wrong, and of what (an id or a file)."""

    kind: str
    code: str
    subject: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.code}: {self.subject}"


def verify(*, files: bool = True) -> Iterator[Violation]:
    """Every violation there is; none is what must come out."""
    for kind, code, subjects in _rows():
        yield from (Violation(kind, code, str(subject)) for subject in subjects)
    if files:
        yield from _files()


def _rows() -> Iterator[tuple]:
    """Kind, code, and the ids that break the rule."""
    closed = ~Q(request__status__in=GenerationRequest.UNFINISHED)
    variants, requests = VariantImage.objects.order_by(), GenerationRequest.objects.order_by()
    yield LOST, "variant-forgotten", _ids(variants.unfinished().filter(closed))
    unmade = Q(status__in=(Status.REFUSED, Status.FAILED))
    yield LOST, "variant-without-reason", _ids(variants.filter(unmade, problem=""))
    yield LOST, "request-without-reason", _ids(requests.filter(status="failed", problem=""))
    silent = Now() - GRACE - timedelta(seconds=get_config().lease_seconds)
    running = requests.filter(status=RequestStatus.RUNNING, lease_expires_at__lt=silent)
    yield LOST, "request-silent", _ids(running)
    runs = PublishingRun.objects.filter(finished_at=None, touched_at__lt=silent)
    yield LOST, "publishing-run-silent", _ids(runs)
    recipe = ("product", "source_digest", "recipe_digest")
    yield DUPLICATED, "recipe-twice", _twice(variants, *recipe)
    yield DUPLICATED, "published-twice", _twice(Publication.objects.live(), "variant")
    hanging = PublishedImage.objects.filter(image__isnull=False)
    again = hanging.filter(publication__reverted_at__isnull=False)
    yield DUPLICATED, "reverted-but-shown", _ids(again)
    both = hanging.filter(replaced_by__isnull=False)
    yield DUPLICATED, "replaced-but-shown", _ids(both)
    yield HALF_WRITTEN, "published-without-file", _ids(hanging.filter(image__original=""))


def _files() -> Iterator[Violation]:
    kept = VariantImage.objects.filter(pruned_at=None)
    for found, code in ((kept, "draft"), (Matte.objects, "matte")):
        rows = found.exclude(file_name="").order_by("pk")
        named = rows.values_list("pk", "file_name", "digest")
        for pk, name, digest in named.iterator():
            yield from _file(media.drafts(), code, f"{pk} {name}", name, digest)
    hanging = PublishedImage.objects.filter(image__isnull=False).order_by("pk")
    shown = hanging.values_list("pk", "image__original", "publication__variant__digest")
    for pk, name, digest in shown.iterator():
        yield from _file(published_files.storage(), "published", f"{pk} {name}", name, digest)
    current = RenditionSet.objects.filter(source_name=F("image__original")).exclude(stem="")
    for made in current.order_by("pk").iterator():
        for name in made.file_names():
            if not published_files.storage().exists(name):
                yield Violation(HALF_WRITTEN, "rendition-missing", f"{made.pk} {name}")
    for name in housekeeping.orphans():
        yield Violation(HALF_WRITTEN, "orphan", name)


def _file(storage, code: str, subject: str, name: str, digest: str) -> Iterator[Violation]:
    """What is wrong with one file, if anything: gone, or other bytes than were stored."""
    try:
        data = media.read(storage, name)
    except UnusablePhoto:
        yield Violation(LOST, f"{code}-missing", subject)
    except StorageUnavailable as error:
        yield Violation(LOST, f"{code}-unreadable", f"{subject} {error}")
    else:
        if sha256(data).hexdigest() != digest:
            yield Violation(HALF_WRITTEN, f"{code}-changed", subject)


def _ids(rows) -> Iterator:
    return rows.order_by("pk").values_list("pk", flat=True).iterator()


def _twice(rows, *fields: str) -> Iterator:
    """Values of these fields that more than one row has."""
    counted = rows.order_by().values_list(*fields).annotate(count=Count("pk"))
    return counted.filter(count__gt=1).iterator()
