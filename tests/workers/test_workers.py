"""Real workers on every broker: each picture is made once, whatever is killed or lost."""

from __future__ import annotations

import os
import signal

import pytest

pytestmark = pytest.mark.slow

MADE_ONCE = {"status": "done", "problem": "", "files": 1, "whole": True}


def expected(attempts: int) -> dict:
    return {**MADE_ONCE, "attempts": attempts, "variants": {"Navy": "awaiting_review"}}


def test_requests_on_both_queues_are_made(shop):
    requests = [shop.ask("Navy", queue=queue) for queue in ("interactive", "backfill") * 2]
    for request in requests:
        assert shop.wait_until_closed(request) == expected(attempts=1)


def test_two_people_asking_at_once_are_one_job(shop):
    for _ in range(5):
        source = shop.call("photo", colour="#AF2430")
        labels = ["Navy", "Mustard", "Red", "Forest green"]
        for desk, order in zip(shop.desks, (labels, labels[::-1]), strict=True):
            desk.say("ask", source=source, labels=order)
        one, other = [desk.hear() for desk in shop.desks]
        assert one == other is not None
        seen = shop.wait_until_closed(one)
        assert (len(seen["variants"]), seen["files"]) == (4, 4)


def test_cancelling_under_way_drops_the_picture(shop):
    shop.hold()
    request = shop.ask("Navy", "Mustard")
    shop.wait_until_started()

    assert shop.call("cancel", request=request) == 2
    shop.let_go()

    seen = shop.wait_until_closed(request)
    assert seen["variants"] == {"Navy": "cancelled", "Mustard": "cancelled"}
    assert (seen["status"], seen["files"]) == ("done", 0)


def test_messages_that_the_broker_lost_are_sent_again(shop):
    shop.hold()
    requests = [shop.ask("Navy") for _ in range(4)]
    shop.wait_until_started()
    shop.call("lose_messages")
    shop.let_go()

    for request in requests:
        seen = shop.wait_until_closed(request)
        assert (seen["status"], seen["files"], seen["whole"]) == ("done", 1, True)


def test_a_worker_told_to_stop_finishes_its_picture(shop):
    shop.hold()
    request = shop.ask("Navy")
    worker = shop.worker_of(shop.wait_until_started())
    worker.send_signal(signal.SIGTERM)
    shop.let_go()

    assert worker.wait(timeout=30) == 0
    assert shop.look(request) == expected(attempts=1)


def test_a_killed_pool_process_costs_one_attempt(shop):
    shop.hold()
    request = shop.ask("Navy")
    os.kill(shop.wait_until_started(), signal.SIGKILL)
    shop.let_go()

    assert shop.wait_until_closed(request) == expected(attempts=2)


def test_a_killed_worker_costs_one_attempt(shop):
    shop.hold()
    request = shop.ask("Navy")
    shop.kill(shop.worker_of(shop.wait_until_started()))
    assert shop.look(request)["files"] == 0
    shop.let_go()

    assert shop.wait_until_closed(request) == expected(attempts=2)


def wait_for_sheet(shop, sheet: str) -> dict:
    def finished():
        seen = shop.call("look_sheet", sheet=sheet)
        return seen if seen["status"] in ("done", "failed") else None

    return shop.wait(finished, f"sheet {sheet} finished")


def test_a_sheet_of_tiles_is_printed(shop):
    sheet = shop.call("ask_sheet")
    assert wait_for_sheet(shop, sheet) == {"status": "done", "attempts": 1, "tiles": 8}


def test_a_worker_killed_over_a_sheet_costs_one_attempt(shop):
    shop.hold()
    sheet = shop.call("ask_sheet")
    shop.kill(shop.worker_of(shop.wait_until_started()))
    shop.let_go()

    assert wait_for_sheet(shop, sheet) == {"status": "done", "attempts": 2, "tiles": 8}


def test_a_sheet_whose_message_was_lost_is_sent_again(shop):
    shop.hold()
    sheets = [shop.call("ask_sheet", user=f"designer {number}") for number in range(3)]
    shop.wait_until_started()
    shop.call("lose_messages")
    shop.let_go()

    for sheet in sheets:
        seen = wait_for_sheet(shop, sheet)
        assert (seen["status"], seen["tiles"]) == ("done", 8)
