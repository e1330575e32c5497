"""Housekeeping: delete what nobody needs, and score what was made before there were scores."""

from __future__ import annotations

import logging
from collections.abc import Iterator
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
from . import doubts, media, prints, published_files, renditions, sheets
from .registry.weights import FOLDER as WEIGHTS

logger = logging.getLogger(__name__)
OF_RUNS = ("checkpoint_name", "samples_name")


def sweep() -> list[str]:
    """Delete old orphans among drafts and published files; returns their names."""
    sheets.forget()
    doubts.score_missing()
    deleted = [name for folder in _folders() for name in media.sweep(*folder)]
    if deleted:
        logger.info("Deleted %d orphaned files: %s", len(deleted), ", ".join(deleted[:20]))
    return deleted


def orphans() -> Iterator[str]:
    """What the next sweep would delete."""
    for folder in _folders():
        yield from media.orphans(*folder)


def _folders() -> tuple:
    """Folders that are ours alone: the storage, the name, and what tells that a row has a file."""
    ProductImage = get_model("catalogue", "ProductImage")
    published, drafts = published_files.storage(), media.drafts()
    return (
        (drafts, "variants", _named_in(VariantImage, "file_name")),
        (drafts, "mattes", _named_in(Matte, "file_name", "layers_name")),
        (drafts, sheets.FOLDER, _named_in(SheetTile, "file_name")),
        (drafts, prints.FOLDER, _is_printed),
        (drafts, WEIGHTS, _is_weights),
        (drafts, "manifests", _named_in(TrainingRun, "manifest_name")),
        (drafts, "training", _named_in(TrainingRun, *OF_RUNS)),
        (drafts, "comparisons", _is_compared()),
        (published, get_config().published_prefix, _named_in(ProductImage, "original")),
        (published, renditions.FOLDER, renditions.is_known()),
    )


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
