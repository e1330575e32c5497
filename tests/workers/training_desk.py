"""What a desk does about trainings."""

from __future__ import annotations


def start_training() -> str:
    """Start a training; returns its id, or the code of the reason why there is none."""
    from oscar_gan.errors import OscarGanError
    from oscar_gan.services import feedback, registry, retraining
    from tests import factories

    feedback.freeze = lambda run: {}
    registry.champion = lambda name=None: factories.make_generator_version("taught")
    try:
        return str(retraining.start().pk)
    except OscarGanError as error:
        return error.code


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


CALLS = {call.__name__: call for call in (start_training, cancel_training, look_training)}
