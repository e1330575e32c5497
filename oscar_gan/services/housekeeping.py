"""Housekeeping: delete what nobody needs: old sheets of tiles, files that no row mentions."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import PurePosixPath

from django.db.models import Q
from oscar.core.loading import get_model

from ..conf import get_config
from ..models import (
    Comparison,
    GeneratorVersion,
    Matte,
    Print,
    SheetTile,
    TrainingRun,
    VariantImage,
)
from . import media, prints, sheets
from .registry.weights import FOLDER as WEIGHTS

logger = logging.getLogger(__name__)
OF_RUNS = ("checkpoint_name", "samples_name")


def sweep() -> list[str]:
    """Delete old orphans among drafts and published files; returns their names."""
    sheets.forget()
    ProductImage = get_model("catalogue", "ProductImage")
    published = ProductImage._meta.get_field("original").storage
    drafts = media.drafts()
    deleted = [
        *media.sweep(drafts, "variants", _named_in(VariantImage, "file_name")),
        *media.sweep(drafts, "mattes", _named_in(Matte, "file_name")),
        *media.sweep(drafts, sheets.FOLDER, _named_in(SheetTile, "file_name")),
        *media.sweep(drafts, prints.FOLDER, _is_printed),
        *media.sweep(drafts, WEIGHTS, _is_weights),
        *media.sweep(drafts, "manifests", _named_in(TrainingRun, "manifest_name")),
        *media.sweep(
            drafts, "training", _named_in(TrainingRun, "checkpoint_name", "samples_name")
        ),
        *media.sweep(drafts, "comparisons", _is_compared()),
        *media.sweep(
            published, get_config().published_prefix, _named_in(ProductImage, "original")
        ),
    ]
    if deleted:
        logger.info("Deleted %d orphaned files: %s", len(deleted), ", ".join(deleted[:20]))
    return deleted


def _is_printed(name: str) -> bool:
    """Whether a print has this tile, or a variant image could be made again with it."""
    digest = PurePosixPath(name).stem
    recipes = VariantImage.objects.filter(recipe__kind="print", recipe__print__tile=digest)
    return Print.objects.filter(digest=digest).exists() or recipes.exists()


def _is_weights(name: str) -> bool:
    """Whether a generator version, serving, waiting or retired, was made of this file."""
    named = Q(files__analyser__name=name) | Q(files__grader__name=name)
    return GeneratorVersion.objects.filter(named).exists()


def _is_compared():
    """Tells whether a comparison shows a picture; reads the reports when first asked."""

    @cache
    def shown() -> frozenset[str]:
        reports = Comparison.objects.values_list("report", flat=True)
        pictures = (each for report in reports.iterator() for each in report.get("pictures", ()))
        names = (value for each in pictures for value in each.values() if isinstance(value, str))
        return frozenset(names)

    return lambda name: name in shown()


def _named_in(model, *fields: str):
    def is_named(name: str) -> bool:
        named = Q(*((field, name) for field in fields), _connector=Q.OR)
        return model.objects.filter(named).exists()

    return is_named
