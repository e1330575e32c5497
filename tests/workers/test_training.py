"""Trainings under real workers: one at a time, to the same end whatever is killed or lost."""

from __future__ import annotations

import os
import signal

import pytest

from tests.workers.trainer import STEPS, result_of

pytestmark = pytest.mark.slow
DONE = {"status": "done", "problem": "", "step": STEPS, "state": result_of(STEPS), "files": 1}


@pytest.fixture
def wait_for(shop):
    def wait_for(run: str) -> dict:
        """The run once it is finished and its files are cleaned."""

        def finished():
            seen = shop.call("look_training", run=run)
            over = seen["status"] not in ("queued", "running") and seen["files"] <= 1
            return seen if over else None

        return shop.wait(finished, f"training {run} finished")

    return wait_for


@pytest.fixture
def training(shop, wait_for) -> str:
    """A run that is held in the middle of its first step."""
    shop.hold()
    run = shop.call("start_training")
    shop.wait_until_started()
    return run


def test_of_two_people_at_once_one_starts_it_and_it_passes_from_worker_to_worker(shop, wait_for):
    for desk in shop.desks:
        desk.say("start_training")
    run, refused = sorted((desk.hear() for desk in shop.desks), key=len, reverse=True)
    assert refused == "invalid-request"
    assert wait_for(run) == DONE


def test_a_killed_pool_process_loses_nothing(shop, training, wait_for):
    os.kill(shop.wait_until_started(), signal.SIGKILL)
    shop.let_go()
    assert wait_for(training) == DONE


def test_a_killed_worker_loses_nothing(shop, training, wait_for):
    shop.kill(shop.worker_of(shop.wait_until_started()))
    shop.let_go()
    assert wait_for(training) == DONE


def test_a_message_that_the_broker_lost_is_sent_again(shop, wait_for):
    for worker in list(shop.workers.values()):
        shop.kill(worker)
    run = shop.call("start_training")
    shop.call("lose_messages")
    shop.staff()
    assert wait_for(run) == DONE


def test_cancelling_under_way_frees_the_worker(shop, training, wait_for):
    assert shop.call("cancel_training", run=training)
    shop.let_go()
    seen = wait_for(training)
    assert (seen["status"], seen["files"]) == ("cancelled", 0)
    assert wait_for(shop.call("start_training")) == DONE


def test_beat_starts_trainings_as_the_schedule_is_edited_while_it_runs(shop, wait_for):
    shop.call("schedule_training", every=1)
    try:
        run = shop.wait(lambda: shop.call("scheduled_training"), "beat started a training")
    finally:
        shop.call("schedule_training", every=0)
    assert wait_for(run) == DONE
