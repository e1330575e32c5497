"""One chunk of a training run: collect, train for a while, export, or compare. Safe to run twice.

Every chunk begins from what the row and the storage say, in a folder of its own, so whoever takes
the run over needs nothing from the worker before. Only here the shop meets torch.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from .. import signals
from ..conf import get_config
from ..errors import LeaseLost, OscarGanError, StorageUnavailable
from ..models import GeneratorVersion, TrainingRun
from . import comparing, feedback, registry, training_files, training_leases
from .training import require_torch
from .training_checkpoints import CHECKPOINT, Keeper, fetch_checkpoint, forget_checkpoint
from .training_material import analyser_of, corpora
from .training_progress import Watch

logger = logging.getLogger(__name__)
Phase = TrainingRun.Phase
EVERY = 20
"""Steps between two checkpoints on this machine."""
EXPORT = timedelta(minutes=10)
"""Lease for an export: torch does not say how far it is, and a busy machine takes minutes."""

Bar = Callable[[Iterable, int, int], Iterable]
"""Wraps the steps of a training for a person to watch: (steps, first, last)."""


@dataclass(frozen=True)
class Chunk:
    """One worker's hold on a run for a few minutes."""

    lease: training_leases.Lease
    run: TrainingRun
    folder: Path
    """This worker's own; gone afterwards."""
    watch: Watch
    message: bool = True
    """Whether the next chunk needs a message."""
    bar: Bar = lambda steps, first, last: steps
    stop: Callable[[], bool] = lambda: False
    """Whether a person wants it to stop."""

    def is_over(self) -> bool:
        """Whether to stop after the step at hand."""
        return self.stop() or self.watch.elapsed >= get_config().training_chunk_seconds

    def hand_on(self, **fields) -> None:
        """Write what was achieved and end the chunk."""
        with transaction.atomic():
            self.watch.write(**fields)
            training_leases.hand_on(self.lease, message=self.message)


def work(lease: training_leases.Lease, **options) -> None:
    """Do one chunk of the run; what goes wrong is written into its row.

    Storage that is down, and a chunk that outlasts Celery's limit, give the run back for a later
    attempt. A database that does not answer lets the lease run out, which comes to the same.
    """
    try:
        _guarded(lease, options)
    except LeaseLost as error:
        logger.warning("%s Stopping without writing.", error)
        run = TrainingRun.objects.filter(pk=lease.run_id).first()
        if run is None or not run.is_unfinished:  # cancelled while this was storing files
            training_files.clean(lease.run_id, keep=run.samples_name if run else "")


def _guarded(lease: training_leases.Lease, options: dict) -> None:
    try:
        _work(lease, options)
    except (LeaseLost, OperationalError, InterfaceError):
        raise
    except SoftTimeLimitExceeded:
        problem = "A chunk of work outlasted the time limit of Celery tasks."
        training_leases.release(lease, code="time-limit", problem=problem)
    except StorageUnavailable as error:
        training_leases.release(lease, code=error.code, problem=str(error))
    except OscarGanError as error:
        training_leases.fail(lease, code=error.code, problem=str(error))
    except Exception:
        problem = "Internal error; see the training worker's log. The champion serves as before."
        training_leases.fail(lease, code="internal", problem=problem)
        raise


def _work(lease: training_leases.Lease, options: dict) -> None:
    run = TrainingRun.objects.select_related("base", "result", "started_by").get(pk=lease.run_id)
    training_files.tidy()
    folder = training_files.working_folder() / str(run.pk) / f"work-{lease.token}"
    folder.mkdir(parents=True)
    try:
        PHASES[run.phase](Chunk(lease, run, folder, Watch(lease, run), **options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _collect(chunk: Chunk) -> None:
    require_torch()
    corpora(chunk.run, chunk.folder, chunk.watch.items)
    chunk.hand_on(phase=Phase.TRAINING)


def _train(chunk: Chunk) -> None:
    require_torch()
    from ..gan.checkpoints import UnusableCheckpoint

    fetch_checkpoint(chunk.run, chunk.folder)
    try:
        step = _teach(chunk)
    except UnusableCheckpoint as error:
        # A photo was deleted meanwhile, and this machine made its corpus without it.
        logger.warning("Training run %s begins anew: %s", chunk.run.pk, error)
        forget_checkpoint(chunk.folder)
        step = _teach(chunk)
    phase = Phase.TRAINING if step < chunk.run.steps else Phase.EXPORTING
    chunk.hand_on(phase=phase, step=step)


def _teach(chunk: Chunk) -> int:
    """Train until the chunk is over; returns the step it is at, which the storage has."""
    from ..gan import retraining
    from ..gan.collapse import TrainingCollapsed
    from ..gan.parallel import choose_device, take_one_core

    run, champion = chunk.run, analyser_of(chunk.run.base)
    corpus, held_out = corpora(run, chunk.folder, chunk.watch.items)
    config, settings = retraining.settings_for(champion, steps=run.steps, seed=run.seed)
    take_one_core()
    keeper = Keeper(run, chunk.folder, chunk.watch)
    try:
        trainer = retraining.fine_tune(
            chunk.folder,
            corpus,
            held_out=held_out,
            champion=champion,
            config=config,
            settings=settings,
            every=EVERY,
            device=choose_device(get_config().device),
            progress=lambda *steps: keeper.steps(chunk.bar(*steps)),
            stop=chunk.is_over,
        )
    except TrainingCollapsed as error:
        # Its own advice is about folders of the lab.
        raise TrainingCollapsed(
            f"{error.__cause__ or error} The champion serves as before; train again, with fewer"
            " TRAINING_STEPS or more decisions."
        ) from error
    keeper.keep(trainer.step)
    return trainer.step


def _export(chunk: Chunk) -> None:
    require_torch()
    from ..gan.retraining import export_challenger

    run = chunk.run
    if not fetch_checkpoint(run, chunk.folder):
        chunk.hand_on(phase=Phase.TRAINING, checkpoint_name="", step=0)
        return
    exported = chunk.folder / "analyser.onnx"
    label = f"{run.base.version.partition('+')[0]}+run.{run.pk.hex[:8]}"
    learnt = f"{run.decisions} quality decisions; manifest {run.manifest_digest}"
    data = f"{learnt}; photos: {get_config().photo_licence}"
    chunk.watch.write(lease_expires_at=Now() + EXPORT)
    export_challenger(
        chunk.folder / CHECKPOINT,
        exported,
        champion=analyser_of(run.base),
        version=label,
        data=data,
    )
    with transaction.atomic():
        # In one transaction, so that a crash leaves no version that no run knows.
        chunk.watch.write()
        version = registry.enter_challenger(
            parent=run.base, analyser=exported, by=run.started_by, note=learnt
        )
        chunk.hand_on(result=version, phase=Phase.COMPARING)


def _compare(chunk: Chunk) -> None:
    run = chunk.run
    comparison = comparing.compare(
        version=run.result,
        manifest=feedback.read_manifest(run),
        by=run.started_by,
        heartbeat=chunk.watch.beat,
    )
    with transaction.atomic():
        chunk.watch.write()
        verdict = comparison.report["verdict"]
        if comparison.passed and get_config().promote_automatically:
            verdict = f"{verdict} {_promoted(run.result)}"
        training_leases.complete(chunk.lease, verdict=verdict)
        send = signals.generator_trained.send_robust
        transaction.on_commit(
            partial(send, sender=GeneratorVersion, version=run.result, passed=comparison.passed)
        )


def _promoted(version: GeneratorVersion) -> str:
    """Promote by policy; says in a sentence whether it serves now."""
    try:
        with transaction.atomic():
            registry.promote(version=version, note="PROMOTE_AUTOMATICALLY")
    except OscarGanError as error:
        logger.warning("%s was not promoted: %s", version, error)
        return f"It was not promoted: {error}"
    return "It serves from now on."


PHASES = {
    Phase.COLLECTING: _collect,
    Phase.TRAINING: _train,
    Phase.EXPORTING: _export,
    Phase.COMPARING: _compare,
}
