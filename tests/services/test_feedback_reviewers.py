"""Reviewers: nobody outweighs the others, and who says nothing about pictures is left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_gan.services.feedback.reviewers import disagreeing, factors, rejecting_everything

PEOPLE = st.integers(1, 12)
PHOTOS = st.lists(
    st.tuples(st.sets(PEOPLE, min_size=1, max_size=5), st.sampled_from([0.5, 1.0])),
    min_size=1,
    max_size=60,
)


def parts(photos):
    return [dict.fromkeys(people, weight / len(people)) for people, weight in photos]


def summed(given, by=None):
    weight = Counter()
    for photo in given:
        for who, part in photo.items():
            weight[who] += part * (by[who] if by else 1)
    return weight


class TestShares:
    @settings(deadline=None)
    @given(PHOTOS, st.floats(0, 1))
    def test_nobody_has_more_than_the_share(self, photos, share):
        given = parts(photos)
        by = factors(given, share)
        weight = summed(given, by)
        limit = max(share, 1 / len(weight))
        assert max(weight.values()) <= limit * weight.total() * (1 + 1e-9)
        assert all(0 < factor <= 1 for factor in by.values())

    @settings(deadline=None)
    @given(PHOTOS, st.floats(0, 1))
    def test_nobody_is_cut_further_than_needed(self, photos, share):
        given = parts(photos)
        weight = summed(given, by := factors(given, share))
        limit = max(share, 1 / len(weight)) * weight.total()
        for who, factor in by.items():
            assert factor == 1 or weight[who] == pytest.approx(limit)

    def test_a_busy_reviewer_is_cut_to_half(self):
        given = parts([({"busy"}, 1)] * 90 + [({"a"}, 1)] * 6 + [({"b"}, 1)] * 4)
        assert factors(given, 0.5) == {"busy": 10 / 90, "a": 1, "b": 1}

    def test_two_reviewers_weigh_the_same_at_most(self):
        given = parts([({"busy"}, 1)] * 30 + [({"a"}, 1)] * 3)
        assert factors(given, 0.2) == {"busy": 0.1, "a": 1}

    def test_a_single_reviewer_has_it_all(self):
        assert factors(parts([({"only"}, 1)] * 3), 0.1) == {"only": 1}
        assert factors([], 0.5) == {}

    def test_colleagues_on_the_same_photo_do_not_lift_the_cap(self):
        given = parts([({"busy", "friend"}, 1)] * 50 + [({"busy"}, 1)] * 50 + [({"a"}, 1)] * 10)
        weight = summed(given, factors(given, 0.5))
        assert weight["busy"] == pytest.approx(35)
        assert weight["friend"] == 25


@dataclass
class Decided:
    reviewer: object
    approved: bool


def decisions(**counts):
    """Decisions by (approved, rejected) per reviewer."""
    return [
        Decided(who, approved)
        for who, (good, bad) in counts.items()
        for approved in [True] * good + [False] * bad
    ]


class TestRejectingEverything:
    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            ({"grump": (0, 20), "a": (6, 5)}, {"grump"}),
            ({"grump": (2, 18), "a": (6, 5)}, {"grump"}),
            ({"grump": (3, 17), "a": (6, 5)}, set()),  # 85 %
            ({"grump": (0, 19), "a": (6, 5)}, set()),  # too few to tell
            ({"grump": (0, 20), "a": (5, 5)}, set()),  # the pictures may be bad
            ({"grump": (0, 50)}, set()),  # nobody to compare with
            ({"grump": (0, 50), "grouch": (0, 40), "a": (100, 10)}, {"grump", "grouch"}),
        ],
    )
    def test_it_takes_many_rejections_of_what_others_approve(self, counts, expected):
        assert rejecting_everything(decisions(**counts)) == expected


def judged(outlines: int, seed: int = 1, **error_rates):
    """Judgements about the same outlines, two in three of them good; wrong at these rates."""
    random = Random(seed)
    for outline in range(outlines):
        good = random.random() < 2 / 3
        for who, rate in error_rates.items():
            yield outline, who, good != (random.random() < rate)


class TestDisagreeing:
    def test_swapped_labels_are_found_among_three(self):
        assert disagreeing(judged(40, a=0.1, b=0.1, swapped=0.95)) == {"swapped"}

    def test_who_met_only_the_swapped_one_stays(self):
        others = judged(20, seed=2, swapped=1, a=0)
        met = [((outline, "other"), who, good) for outline, who, good in others]
        assert disagreeing([*judged(30, swapped=1, b=0), *met]) == {"swapped"}

    def test_honest_mistakes_are_none(self):
        for seed in range(20):
            assert disagreeing(judged(40, seed, a=0.15, b=0.15, c=0.15)) == set()

    def test_of_two_nobody_knows_who_is_right(self):
        assert disagreeing(judged(12, a=0, swapped=1)) == {"a", "swapped"}

    def test_it_takes_ten_in_common(self):
        assert disagreeing(judged(9, a=0, swapped=1)) == set()

    def test_a_rejection_stands_beside_an_approval_of_the_same_outline(self):
        met = [
            judgement
            for outline in range(10)
            for judgement in [(outline, "a", True), (outline, "a", False), (outline, "b", False)]
        ]
        assert disagreeing(met) == set()

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 30), PEOPLE, st.booleans()), max_size=300))
    def test_it_ends_and_names_only_those_who_judged(self, judgements):
        assert disagreeing(judgements) <= {who for _outline, who, _good in judgements}
