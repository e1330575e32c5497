"""Housekeeping: delete files that no row mentions."""

from __future__ import annotations

import logging

from oscar.core.loading import get_model

from ..conf import get_config
from ..models import Matte, VariantImage
from . import media

logger = logging.getLogger(__name__)


def sweep() -> list[str]:
    """Delete old orphans among drafts and published files; returns their names."""
    ProductImage = get_model("catalogue", "ProductImage")
    published = ProductImage._meta.get_field("original").storage
    drafts = media.drafts()
    deleted = [
        *media.sweep(drafts, "variants", _named_in(VariantImage, "file_name")),
        *media.sweep(drafts, "mattes", _named_in(Matte, "file_name")),
        *media.sweep(
            published, get_config().published_prefix, _named_in(ProductImage, "original")
        ),
    ]
    if deleted:
        logger.info("Deleted %d orphaned files: %s", len(deleted), ", ".join(deleted[:20]))
    return deleted


def _named_in(model, field: str):
    return lambda name: model.objects.filter(**{field: name}).exists()
