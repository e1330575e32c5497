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
    from .services import heartbeats, leases, publish_runs, radar_filling, sheets, training_leases

    heartbeats.beat(heartbeats.REAPER)
    leases.reap()
    radar_filling.reap()
    publish_runs.reap()
    sheets.reap()
    training_leases.reap()


@shared_task(name="oscar_gan.retrain", ignore_result=True)
def retrain() -> None:
    """Start a training if staff decided enough since the last one (nightly by beat)."""
    from .services import heartbeats, retraining

    heartbeats.beat(heartbeats.TRAINER)
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
    """Delete files that no row mentions, ask for lost renditions again (hourly by beat)."""
    from .services import heartbeats, housekeeping, renditions

    housekeeping.sweep()
    renditions.request_missing()
    heartbeats.beat(heartbeats.SWEEPER)


@shared_task(name="oscar_gan.prune", ignore_result=True)
def prune() -> None:
    """Delete files of pictures rejected longer ago than the settings keep (nightly by beat)."""
    from .services import retention

    retention.prune()


@shared_task(name="oscar_gan.warm_thumbnails", ignore_result=True)
def warm_thumbnails(publication_id: int) -> None:
    """Make Oscar's thumbnails of a publication before a shopper has to wait for them."""
    from .services import thumbnails

    thumbnails.warm(publication_id)


@shared_task(name="oscar_gan.make_renditions", ignore_result=True)
def make_renditions(image_id: int) -> None:
    """Make the gallery's renditions of one picture; those that are there stay."""
    from .services import renditions

    renditions.make(image_id)


@shared_task(name="oscar_gan.forget_renditions", ignore_result=True)
def forget_renditions(stem: str) -> None:
    """Delete the renditions of a picture that is gone, unless an equal one shows them."""
    from .services import renditions

    renditions.forget(stem)


@shared_task(name="oscar_gan.publish_run", acks_late=True, ignore_result=True)
def publish_run(run_id: str) -> None:
    """Publish what is left of a publishing run; one that is finished is skipped."""
    from .services import publish_runs

    publish_runs.work(run_id)


@shared_task(name="oscar_gan.backfill_run", ignore_result=True)
def backfill_run(run_id: str) -> None:
    """Ask for the colours of what is left of a bulk run; one that is finished is skipped."""
    from .services import radar_filling

    radar_filling.work(run_id)


@shared_task(name="oscar_gan.probe", ignore_result=True)
def probe(queue: str) -> None:
    """Answer for a queue: `manage.py gan_doctor --deep` asks each whether a worker takes it."""
    from .services import heartbeats

    heartbeats.beat(heartbeats.queue_name(queue))
