"""Two web processes race for the last of a quota, on each database."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_of_two_who_ask_for_the_last_one_at_once_one_has_it(running):
    for _ in range(10):
        user = running.call("limit", used=9, per_day=10)
        for desk in running.desks:
            desk.say("spend", user=user, count=1)
        answers = [desk.hear() for desk in running.desks]
        assert sorted(answers) == ["had", "quota-exceeded"]
        assert running.call("left", user=user) == 0


def test_two_first_requests_of_a_day_at_once_are_both_counted(running):
    for _ in range(10):
        user = running.call("limit", used=0, per_day=10)
        for desk in running.desks:
            desk.say("spend", user=user, count=3)
        assert [desk.hear() for desk in running.desks] == ["had", "had"]
        assert running.call("left", user=user) == 4
