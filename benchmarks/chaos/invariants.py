"""What must hold at the end: the plugin's own verification, and every promise of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from benchmarks.chaos.load import Load
from oscar_gan.models import (
    GenerationRequest,
    Publication,
    PublishedImage,
    PublishingRun,
    VariantImage,
)
from oscar_gan.services import media
from oscar_gan.services.verifying import HALF_WRITTEN, LOST, Violation, verify
from tests import factories


def is_settled() -> bool:
    """Whether nothing is left to do."""
    requests = GenerationRequest.objects.filter(status__in=GenerationRequest.UNFINISHED)
    runs = PublishingRun.objects.filter(finished_at=None)
    return not (requests.exists() or runs.exists() or VariantImage.objects.unfinished().exists())


def violations(load: Load) -> Iterator[Violation]:
    """Everything that must not be."""
    yield from verify()
    yield from _promises(load)
    yield from _originals(load)
    yield from _publications()
    unfinished = GenerationRequest.objects.filter(status__in=GenerationRequest.UNFINISHED)
    for pk in unfinished.values_list("pk", flat=True):
        yield Violation(LOST, "request-unfinished", str(pk))
    for pk in PublishingRun.objects.filter(finished_at=None).values_list("pk", flat=True):
        yield Violation(LOST, "publishing-run-unfinished", str(pk))


def _promises(load: Load) -> Iterator[Violation]:
    """Every variant image that was promised is there and finished, unless its product went."""
    kept = dict(VariantImage.objects.values_list("pk", "status"))
    gone = set(load.deleted)
    products = set(factories.Product.objects.values_list("pk", flat=True))
    expected = {pk for pk, product in load.of_product.items() if product in products - gone}
    for pk in sorted(expected):
        if pk not in kept:
            yield Violation(LOST, "promise-forgotten", f"{pk} of request {load.asked[pk]}")
        elif kept[pk] in VariantImage.UNFINISHED:
            yield Violation(LOST, "promise-unfinished", f"{pk} of request {load.asked[pk]}")


def _originals(load: Load) -> Iterator[Violation]:
    """What people uploaded is there, to the byte."""
    rows = factories.ProductImage.objects.in_bulk(list(load.photos))
    for pk, digest in load.photos.items():
        if load.products[pk] in load.deleted:
            continue
        if pk not in rows:
            yield Violation(LOST, "photo-missing", str(pk))
        elif sha256(media.read_original(rows[pk])).hexdigest() != digest:
            yield Violation(HALF_WRITTEN, "photo-changed", str(pk))


def _publications() -> Iterator[Violation]:
    """Every live publication hangs, unless another one replaced it."""
    gone = PublishedImage.objects.filter(
        image=None, replaced_by=None, publication__in=Publication.objects.live()
    )
    for pk in gone.values_list("pk", flat=True):
        yield Violation(LOST, "publication-without-picture", str(pk))
    recorded = PublishedImage.objects.filter(image__isnull=False).values("image")
    ours = factories.ProductImage.objects.filter(code__startswith="gan-").exclude(pk__in=recorded)
    for pk in ours.values_list("pk", flat=True):
        yield Violation(HALF_WRITTEN, "picture-without-record", str(pk))
