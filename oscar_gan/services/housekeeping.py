"""Housekeeping: delete what nobody needs: old sheets of tiles, files that no row mentions."""

from __future__ import annotations

import logging
from pathlib import PurePosixPath

from oscar.core.loading import get_model

from ..conf import get_config
from ..models import Matte, Print, SheetTile, VariantImage
from . import media, prints, sheets

logger = logging.getLogger(__name__)


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


def _named_in(model, field: str):
    return lambda name: model.objects.filter(**{field: name}).exists()
