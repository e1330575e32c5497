"""Erasure: everything that was made or learnt of one photo is deleted, and a report says what.

Files go first and rows last, so that a run that was killed, or met a storage that is down, finds
what is left when it is started again. What a network learnt cannot be taken out of its weights:
the report names the versions that saw the photo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.db.models import Q
from oscar.core.loading import get_model

from ..models import (
    Comparison,
    GenerationRequest,
    GeneratorVersion,
    Matte,
    Publication,
    PublishedImage,
    RenditionSet,
    Review,
    TrainingRun,
    VariantImage,
)
from . import audit, media, published_files, publishing, renditions, retraining
from .feedback import manifests


@dataclass
class Report:
    """What was erased of one photo; with `dry_run`, what would be."""

    source: int
    product: int
    digests: list[str]
    """SHA-256 of the photo's file, all of its versions that pictures were made of."""
    dry_run: bool
    variants: int = 0
    mattes: int = 0
    reviews: int = 0
    requests: int = 0
    published: int = 0
    """Pictures taken out of galleries, with their renditions and thumbnails."""
    files: list[str] = field(default_factory=list)
    """Private files deleted."""
    shared: list[str] = field(default_factory=list)
    """Private files kept, because another photo's rows have the same bytes."""
    manifests: list[str] = field(default_factory=list)
    """Trainings whose list of photos had it."""
    cancelled: list[str] = field(default_factory=list)
    """Trainings stopped because they were learning from it."""
    comparisons: list[int] = field(default_factory=list)
    """Comparisons that showed it."""
    versions: list[str] = field(default_factory=list)
    """Generator versions whose weights have learnt from it, or from a version that has."""
    same_photo: list[int] = field(default_factory=list)
    """Other gallery pictures with the same file content; not erased."""
    source_deleted: bool = False

    def to_json(self) -> dict:
        return asdict(self)


def sources_of(*, products: Iterable[int]) -> list:
    """The photos that people put into the galleries of these products and their children."""
    images = get_model("catalogue", "ProductImage").objects.filter(gan_published=None)
    products = list(products)
    of_them = Q(product__in=products) | Q(product__parent__in=products)
    return list(images.filter(of_them).select_related("product__parent").order_by("pk"))


def erase(*, source, with_source: bool = False, dry_run: bool = False, by=None) -> Report:
    """Erase what was made of the ProductImage `source`; with `with_source`, the photo as well.

    Doing it again finds nothing more to do. Raises StorageUnavailable when a file could not be
    deleted: then rows are kept, and the next call goes on.
    """
    report = _survey(source, dry_run)
    if dry_run:
        return report
    _stop_trainings(report)
    stems = _stems(source, with_source=with_source)
    _unpublish(source)
    for name in report.files:
        media.delete_draft(name)
    _rewrite_manifests(report)
    with transaction.atomic():
        _clean_comparisons(source, report)
        _delete_rows(source)
        pk, product = source.pk, source.product
        if with_source:
            source.delete()  # Oscar deletes the file and its thumbnails with the row
            report.source_deleted = True
        counts = {"variants": report.variants, "files": len(report.files)}
        # No name: the log stays, and says only that something was erased.
        audit.record(
            action=audit.Action.ERASED, by=by, name=f"photo {pk}", product=product, after=counts
        )
    for stem in stems:  # a message that somebody has to do it could be lost
        renditions.forget(stem)
    return report


def _survey(source, dry_run: bool) -> Report:
    variants, mattes = _variants(source), Matte.objects.filter(source=source)
    digests = {*variants.values_list("source_digest", flat=True)}
    digests |= {*mattes.values_list("source_digest", flat=True)}
    digests |= {*_requests(source).values_list("source_digest", flat=True)}
    report = Report(source.pk, source.product_id, sorted(digests), dry_run)
    report.variants, report.mattes = variants.count(), mattes.count()
    report.reviews = Review.objects.filter(variant__in=variants).count()
    report.requests = _requests(source).count()
    report.published = PublishedImage.objects.filter(
        publication__variant__in=variants, image__isnull=False
    ).count()
    _survey_files(source, report)
    _survey_learning(source, report)
    return report


def _survey_files(source, report: Report) -> None:
    own = {*_variants(source).exclude(file_name="").values_list("file_name", flat=True)}
    others = VariantImage.objects.filter(file_name__in=own).exclude(source=source)
    shared = {*others.values_list("file_name", flat=True)}
    for name in ("file_name", "layers_name"):
        mattes = Matte.objects.filter(source=source).exclude(**{name: ""})
        own |= (found := {*mattes.values_list(name, flat=True)})
        theirs = Matte.objects.filter(**{f"{name}__in": found}).exclude(source=source)
        shared |= {*theirs.values_list(name, flat=True)}
    report.files, report.shared = sorted(own - shared), sorted(shared)


def _survey_learning(source, report: Report) -> None:
    """Which trainings read the photo, what came of them, and where else it hangs."""
    taught: set[int] = set()
    for run in TrainingRun.objects.exclude(manifest_name="").select_related("result"):
        if _names(manifests.read_manifest(run), report.digests):
            report.manifests.append(str(run.pk))
            if run.result_id:
                taught.add(run.result_id)
    report.versions = [str(version) for version in _with_descendants(taught)]
    for comparison in Comparison.objects.iterator():
        if any(each.get("source") == source.pk for each in comparison.report.get("pictures", ())):
            report.comparisons.append(comparison.pk)
    if report.digests:
        same = Matte.objects.filter(source_digest__in=report.digests).exclude(source=source)
        report.same_photo = sorted({*same.values_list("source", flat=True)})


def _with_descendants(versions: set[int]) -> list[GeneratorVersion]:
    found, fresh = set(versions), set(versions)
    while fresh:
        children = GeneratorVersion.objects.filter(parent__in=fresh).exclude(pk__in=found)
        fresh = {*children.values_list("pk", flat=True)}
        found |= fresh
    return list(GeneratorVersion.objects.filter(pk__in=found).order_by("pk"))


def _names(manifest: dict, digests: list[str]) -> bool:
    return any(photo["sha256"] in digests for photo in manifest["photos"])


def _stop_trainings(report: Report) -> None:
    """A training that has begun keeps arrays of the photo on its worker's disk until it ends."""
    for run in TrainingRun.objects.filter(pk__in=report.manifests):
        if run.is_unfinished and retraining.cancel(run=run):
            report.cancelled.append(str(run.pk))


def _stems(source, *, with_source: bool) -> list[str]:
    """Of the renditions of all that goes out of galleries."""
    gone = Q(image__gan_published__publication__variant__in=_variants(source))
    if with_source:
        gone |= Q(image=source)
    return list(RenditionSet.objects.filter(gone).values_list("stem", flat=True))


def _unpublish(source) -> None:
    live = Publication.objects.live().filter(variant__in=_variants(source))
    for publication in live.select_related("variant__product"):
        publishing.revert(publication=publication, reverted_by=None, automatic=True)
    shown = PublishedImage.objects.filter(publication__variant__in=_variants(source))
    names = shown.values_list("file_name", flat=True)
    # A revert leaves to the sweeper what storage would not delete; here it has to be gone.
    for name in published_files.unnamed(names):
        with media.translated_errors(name):
            published_files.storage().delete(name)


def _rewrite_manifests(report: Report) -> None:
    for run in TrainingRun.objects.filter(pk__in=report.manifests):
        manifests.without(run, report.digests)


def _clean_comparisons(source, report: Report) -> None:
    for comparison in Comparison.objects.filter(pk__in=report.comparisons):
        pictures = comparison.report["pictures"]
        kept = [each for each in pictures if each.get("source") != source.pk]
        comparison.report = {**comparison.report, "pictures": kept}
        comparison.save(update_fields=["report"])  # the sweep deletes their files


def _delete_rows(source) -> None:
    _variants(source).delete()
    Matte.objects.filter(source=source).delete()
    _requests(source).filter(variants=None).delete()


def _variants(source):
    return VariantImage.objects.filter(source=source)


def _requests(source):
    return GenerationRequest.objects.filter(source=source)
