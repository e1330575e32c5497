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
    from .services import leases, sheets, training_leases

    leases.reap()
    sheets.reap()
    training_leases.reap()


@shared_task(name="oscar_gan.retrain", ignore_result=True)
def retrain() -> None:
    """Start a training if staff decided enough since the last one (nightly by beat)."""
    from .services import retraining

    retraining.start_if_due()


@shared_task(
    name="oscar_gan.train",
    acks_late=True,
    ignore_result=True,
    # Of its own, whatever the shop's limits on pictures are: collecting and comparing go through
    # every photo in one chunk. A step that hangs gives the run back.
    soft_time_limit=3600,
    time_limit=3660,
)
def train(run_id: str, sent: str | None = None) -> None:
    """Do one chunk of a training; one that is done, taken or sent again since is skipped."""
    from .services import retraining

    retraining.run(run_id, sent=sent)


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
