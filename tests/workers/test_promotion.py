"""Generators change under real workers: no restart, no mix, and one champion at any time."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def champion_of(shop) -> str:
    (version,) = shop.call("champions")
    return version


def test_workers_switch_without_a_restart_and_mix_nothing(shop):
    def ask(count: int = 2) -> list[str]:
        return [shop.ask("Navy", "Mustard", "Red") for _ in range(count)]

    first = ask(1)
    shop.wait_until_closed(first[0])
    processes = {name: worker.pid for name, worker in shop.workers.items()}
    shipped, challenger = champion_of(shop), shop.call("train")

    shop.hold()
    before = ask()
    shop.wait_until_started()  # the promotion comes in the middle of a picture
    own = shop.call("promote", version=challenger)
    between = ask()
    assert shop.call("roll_back") == shipped
    after = ask()
    shop.let_go()

    for requests, version in ((first + before, shipped), (between, own), (after, shipped)):
        for request in requests:
            seen = shop.wait_until_closed(request)
            assert (seen["status"], seen["files"], seen["attempts"]) == ("done", 3, 1)
            assert shop.call("makers", request=request) == [version]
    assert processes == {
        name: worker.pid for name, worker in shop.workers.items() if worker.poll() is None
    }


@pytest.mark.parametrize("decision", ["promote", "roll_back"])
def test_of_two_who_decide_at_once_one_is_told(shop, decision):
    for _ in range(3):
        for _ in range(2):  # two steps to go back
            shop.call("promote", version=shop.call("train"))
        seen = shop.call("decisions")
        args = {"version": shop.call("train")} if decision == "promote" else {}

        for desk in shop.desks:
            desk.say(decision, **args)
        answers = [desk.hear() for desk in shop.desks]

        kinds = [kind for kind, *_ in shop.call("decisions")[len(seen) :]]
        succeeded = [answer for answer in answers if answer != "invalid-transition"]
        assert len(kinds) == len(succeeded)
        assert champion_of(shop) == shop.call("decisions")[-1][1]
        assert succeeded
        if decision == "promote":
            assert len(succeeded) == 1


def test_of_two_challengers_promoted_at_once_one_serves(shop):
    """The other was compared with a champion that serves no more."""
    for _ in range(3):
        challengers = [shop.call("train") for _ in shop.desks]
        for desk, version in zip(shop.desks, challengers, strict=True):
            desk.say("promote", version=version)
        answers = [desk.hear() for desk in shop.desks]
        assert answers.count("invalid-transition") == 1
        assert champion_of(shop) in answers


def test_two_first_requests_at_once_crown_one(shop):
    for number in range(5):
        for desk in shop.desks:
            desk.say("crown", generator=f"generator {number}")
        one, other = [desk.hear() for desk in shop.desks]
        assert one == other is not None
