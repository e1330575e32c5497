"""Make the gallery's renditions of the existing catalogue: `manage.py make_renditions`."""

from __future__ import annotations

from itertools import islice

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from oscar.core.loading import get_model
from tqdm import tqdm

from ...conf import get_config
from ...errors import StorageUnavailable
from ...services import keyset, renditions

CHUNK = 1000
"""Pictures read at a time."""


class Command(BaseCommand):
    help = (
        "Make the renditions that product pictures lack. Stop it at any time: the next call"
        " goes on where this one stopped."
    )

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="Make all of them anew.")
        parser.add_argument("--limit", type=int, help="Make those of this many pictures.")
        parser.add_argument("--dry-run", action="store_true", help="Only count the pictures.")

    def handle(self, *, again: bool, limit: int | None, dry_run: bool, **options):
        if not get_config().renditions:
            raise CommandError("OSCAR_GAN['RENDITIONS'] is empty, so none are wanted.")
        images = get_model("catalogue", "ProductImage").objects.exclude(original="")
        if not again:
            images = renditions.without(images)
        total = images.count() if limit is None else min(images.count(), limit)
        if dry_run:
            self.stdout.write(f"{total} pictures to do; nothing was made.")
            return
        made, unreadable = 0, 0
        since = timezone.now() if again else None
        for image in tqdm(_each(images, limit), total=total, unit="picture", disable=None):
            try:
                done = renditions.make(image.pk, since=since)
            except StorageUnavailable as error:
                raise CommandError(f"{error} Made {made}; call again to go on.") from error
            if done and done.problem:
                unreadable += 1
                self.stderr.write(f"{image.original.name}: {done.problem}")
            elif done:
                made += 1
        self.stdout.write(f"Made the renditions of {made} pictures; {unreadable} unreadable.")
        if unreadable:
            raise CommandError(f"{unreadable} pictures could not be read.", returncode=1)


def _each(images, limit: int | None):
    """By id, a thousand at a time: the list of a large catalogue is never held in memory."""
    size = CHUNK if limit is None else min(limit, CHUNK)
    yield from islice(keyset.each(images, size), limit)
