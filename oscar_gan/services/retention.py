"""Retention: files of pictures that nobody wanted are deleted after a while; their rows stay.

A row keeps the recipe, so the picture can be made again, and the decision, which goes on teaching.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ..conf import get_config
from ..models import Publication, Review, VariantImage
from . import keyset, media

logger = logging.getLogger(__name__)
CHUNK = 500


@dataclass
class Pruned:
    """What `prune` deleted, or would delete."""

    days: int | None
    """How long rejected pictures are kept; None: for ever, so nothing was looked at."""
    pictures: int = 0
    files: list[str] = field(default_factory=list)


def prune(*, dry_run: bool = False) -> Pruned:
    """Delete the files of pictures rejected longer ago than KEEP_REJECTED_DAYS.

    What awaits review, is approved or is in a gallery stays, and so does a file that another
    picture shares. The file goes first: who is killed in between finds the row again. Raises
    StorageUnavailable; what was deleted until then is on record.
    """
    days = get_config().keep_rejected_days
    done = Pruned(days)
    if days is None:
        return done
    before = timezone.now() - timedelta(days=days)
    for variant in keyset.each(_rejected(before), CHUNK):
        shared = _is_shared(variant)
        done.pictures += 1
        if not shared:
            done.files.append(variant.file_name)
        if dry_run:
            continue
        if not shared:
            media.delete_draft(variant.file_name)
        still = VariantImage.objects.filter(pk=variant.pk, status=VariantImage.Status.REJECTED)
        still.update(pruned_at=timezone.now())
    if done.files and not dry_run:
        logger.info("Deleted the files of %d rejected pictures.", len(done.files))
    return done


def _rejected(before) -> QuerySet:
    """Rejected, not decided about since `before`, in no gallery."""
    later = Review.objects.filter(variant=OuterRef("pk"), created_at__gte=before)
    live = Publication.objects.live().filter(variant=OuterRef("pk"))
    rejected = VariantImage.objects.filter(
        status=VariantImage.Status.REJECTED, pruned_at=None, created_at__lt=before
    )
    return rejected.exclude(Exists(later)).exclude(Exists(live))


def _is_shared(variant: VariantImage) -> bool:
    others = VariantImage.objects.filter(file_name=variant.file_name, pruned_at=None)
    return others.exclude(pk=variant.pk).exists()
