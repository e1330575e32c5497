"""Celery tasks: an id in, nothing out, harmless twice. Rows hold the results."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="oscar_gan.generate", acks_late=True, ignore_result=True)
def generate(request_id: str) -> None:
    """Run one generation request; one that is done or taken is skipped."""
    from .services import generation

    generation.run(request_id)


@shared_task(name="oscar_gan.make_sheet", acks_late=True, ignore_result=True)
def make_sheet(sheet_id: str) -> None:
    """Print the tiles of one sheet; one that is done or taken is skipped."""
    from .services import sheets

    sheets.run(sheet_id)


@shared_task(name="oscar_gan.reap", ignore_result=True)
def reap() -> None:
    """Re-queue what dead workers held and re-send what the broker lost (every 15 s by beat)."""
    from .services import leases, sheets

    leases.reap()
    sheets.reap()


@shared_task(name="oscar_gan.sweep", ignore_result=True)
def sweep() -> None:
    """Delete files that no row mentions (hourly by beat)."""
    from .services import housekeeping

    housekeeping.sweep()


@shared_task(name="oscar_gan.warm_thumbnails", ignore_result=True)
def warm_thumbnails(publication_id: int) -> None:
    """Make Oscar's thumbnails of a publication before a shopper has to wait for them."""
    from .services import thumbnails

    thumbnails.warm(publication_id)
