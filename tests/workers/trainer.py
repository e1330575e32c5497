"""A training without torch: each step is held like a picture, and adds to a chain of digests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from types import SimpleNamespace

from tests.workers.generator import note_and_wait

STEPS = 6
STEPS_PER_CHUNK = 2


def result_of(steps: int) -> str:
    """What a training must end with after so many steps, none skipped and none done twice."""
    state = ""
    for step in range(1, steps + 1):
        state = _next(state, step)
    return state


def decide() -> None:
    """Let there be enough decisions for a training in this process' eyes."""
    from oscar_gan.services import feedback, retraining
    from tests import factories

    feedback.new_decisions = lambda name: SimpleNamespace(why_not="")
    feedback.freeze = lambda run: {}
    # For trainings alone: requests go on to be made by the champion.
    retraining.registry = SimpleNamespace(
        champion=lambda name=None: factories.make_generator_version("taught")
    )


def install() -> None:
    """Let this process' trainings be such ones."""
    from oscar_gan.models import TrainingRun
    from oscar_gan.services import training_checkpoints, training_work

    training_checkpoints.KEPT_EVERY = 0
    phases = TrainingRun.Phase
    training_work.PHASES.update(
        {
            phases.COLLECTING: lambda chunk: chunk.hand_on(phase=phases.TRAINING),
            phases.TRAINING: _train,
            phases.EXPORTING: _finish,
        }
    )


def _train(chunk) -> None:
    from oscar_gan.models import TrainingRun
    from oscar_gan.services.training_checkpoints import Keeper, fetch_checkpoint

    fetch_checkpoint(chunk.run, chunk.folder)
    keeper = Keeper(chunk.run, chunk.folder, chunk.watch)
    step = 0
    for done in keeper.steps(_steps(chunk)):
        step = done.step
        _save(chunk.folder, step, done.state)
    keeper.keep(step)
    phase = TrainingRun.Phase.TRAINING if step < STEPS else TrainingRun.Phase.EXPORTING
    chunk.hand_on(phase=phase, step=step)


def _steps(chunk) -> Iterator[SimpleNamespace]:
    checkpoint = chunk.folder / "checkpoint.pt"
    before, state = json.loads(checkpoint.read_text()) if checkpoint.exists() else (0, "")
    for step in range(before + 1, min(before + STEPS_PER_CHUNK, STEPS) + 1):
        note_and_wait()
        state = _next(state, step)
        yield SimpleNamespace(step=step, state=state)


def _save(folder, step: int, state: str) -> None:
    (folder / "checkpoint.pt").write_text(json.dumps([step, state]))
    (folder / "samples.png").write_text(f"samples of step {step}")
    (folder / "history.json").write_text("{}")


def _finish(chunk) -> None:
    from oscar_gan.services import training_leases
    from oscar_gan.services.training_checkpoints import fetch_checkpoint

    assert fetch_checkpoint(chunk.run, chunk.folder)
    _, state = json.loads((chunk.folder / "checkpoint.pt").read_text())
    chunk.watch.write(summary={"state": state})
    training_leases.complete(chunk.lease, verdict="done")


def _next(state: str, step: int) -> str:
    return sha256(f"{state} {step}".encode()).hexdigest()
