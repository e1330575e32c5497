"""Which pictures lack renditions, and which renditions lack a picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import PurePosixPath

from django.db.models import F, Q
from django.utils import timezone
from oscar.core.loading import get_model

from ...conf import get_config
from ...models import RenditionSet
from .. import dispatch, media

RECENT = timedelta(days=2)
"""Pictures this young whose message was lost are asked for again; older ones by the command."""
MOST = 500
"""Messages of one such round, so that a large import does not flood the broker."""


def request(image_id: int) -> None:
    """Have a worker make the renditions of a picture, unless they are there.

    Published pictures do not wait behind the photos of an import.
    """
    images = get_model("catalogue", "ProductImage").objects.filter(pk=image_id)
    for code in without(images).values_list("code", flat=True):
        queue = "housekeeping" if (code or "").startswith("gan-") else "backfill"
        dispatch.send_task("oscar_gan.make_renditions", image_id, queue=queue)


def request_missing() -> int:
    """Ask again for those of recent pictures: messages are only hints. Returns how many."""
    if not get_config().renditions:
        return 0
    images = get_model("catalogue", "ProductImage").objects
    missing = without(images.filter(date_created__gte=timezone.now() - RECENT))
    ids = list(missing.order_by("pk").values_list("pk", flat=True)[:MOST])
    for image_id in ids:
        request(image_id)
    return len(ids)


def without(images):
    """Those of a query of ProductImages that have no row for the file they show."""
    made = Q(gan_renditions__source_name=F("original"))
    return images.exclude(pk__in=images.filter(made).values("pk"))


def forget(stem: str) -> int:
    """Delete the files of a stem that no row has any more; returns how many there were.

    Harmless twice: a stem is never taken again once its last row is gone.
    """
    if not stem or RenditionSet.objects.filter(stem=stem).exists():
        return 0
    storage = _storage()
    folder, start = str(PurePosixPath(stem).parent), f"{PurePosixPath(stem).name}-"
    deleted = 0
    with media.translated_errors(folder):
        try:
            _folders, files = storage.listdir(folder)
        except FileNotFoundError:
            return 0
        for name in files:
            if name.startswith(start):
                storage.delete(f"{folder}/{name}")
                deleted += 1
    return deleted


def is_known() -> Callable[[str], bool]:
    """Tells whether a row has a file under FOLDER; for the sweeper."""

    @lru_cache(maxsize=1)
    def stems(folder: str) -> frozenset[str]:
        """One query a folder: there are a few dozen files to each picture."""
        rows = RenditionSet.objects.filter(stem__startswith=f"{folder}/")
        return frozenset(rows.values_list("stem", flat=True))

    return lambda name: name.rsplit("-", 1)[0] in stems(str(PurePosixPath(name).parent))


def _storage():
    return get_model("catalogue", "ProductImage")._meta.get_field("original").storage
