"""What a desk does about trainings."""

from __future__ import annotations

from tests.workers import trainer


def start_training() -> str:
    """Start a training; returns its id, or the code of the reason why there is none."""
    from oscar_gan.errors import OscarGanError
    from oscar_gan.services import retraining

    trainer.decide()
    try:
        return str(retraining.start().pk)
    except OscarGanError as error:
        return error.code


def schedule_training(every: int) -> str:
    """Have beat start trainings every so many seconds, as if somebody edited it so; 0: never."""
    from django_celery_beat.models import IntervalSchedule, PeriodicTask

    if not every:
        PeriodicTask.objects.get(name="edited").delete()
        return "never"
    interval = IntervalSchedule.objects.create(every=every, period="seconds")
    PeriodicTask.objects.create(
        name="edited", task="oscar_gan.retrain", interval=interval, queue="housekeeping"
    )
    return "edited"


def scheduled_training() -> str:
    """The run that beat started; "" before that."""
    from oscar_gan.models import TrainingRun

    run = TrainingRun.objects.filter(scheduled=True).first()
    return str(run.pk) if run else ""


def cancel_training(run: str) -> bool:
    from oscar_gan.models import TrainingRun
    from oscar_gan.services import retraining

    return retraining.cancel(run=TrainingRun.objects.get(pk=run))


def look_training(run: str) -> dict:
    """A run as it stands, and how many files of it are in the storage."""
    from oscar_gan.models import TrainingRun
    from oscar_gan.services import media

    row = TrainingRun.objects.get(pk=run)
    return {
        "status": row.status,
        "problem": row.problem,
        "step": row.step,
        "state": row.summary.get("state"),
        "files": len(media.drafts_in(f"training/{run}")),
    }


CALLS = {
    call.__name__: call
    for call in (
        *(start_training, cancel_training, look_training),
        *(schedule_training, scheduled_training),
    )
}
