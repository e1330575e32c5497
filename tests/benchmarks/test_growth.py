"""Formulas of cost and the simulation that rests on them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import growth
from oscar_gan.conf import Config

KNOWN = np.array([0.2, 0.03, 0.01, 0.02, 0.004, 0.015])


def points(*sizes: float):
    for megapixels in sizes:
        for variants in (1, 8):
            for share in (0.2, 0.5, 0.9):
                at = growth.Point(megapixels, variants, share, 0, 100 + 10 * megapixels)
                yield at._replace(seconds=float(np.dot(KNOWN, growth.terms(at))))


def test_a_known_formula_is_found_without_the_unseen_size():
    spoilt = [each._replace(seconds=99) for each in points(growth.UNSEEN)]
    found = growth.fit([*points(1, 4, 24), *spoilt], lambda each: each.seconds, growth.terms)
    assert found == pytest.approx(KNOWN, rel=1e-6)


def test_one_worker_needs_as_long_as_its_requests():
    run = growth.simulate(5000, 1, 2.0, asked=1e9, deaths=0)
    assert run["seconds"] == pytest.approx(10_000, rel=0.02)
    assert run["busy"] == pytest.approx(1)
    assert run["queue"] >= 4990


def test_more_workers_than_are_asked_for_wait():
    run = growth.simulate(4000, 50, 2.0, asked=10, deaths=0)
    assert run["seconds"] == pytest.approx(400, rel=0.02)
    assert run["busy"] == pytest.approx(20 / 50, rel=0.05)
    assert run["queue"] < 50


def test_what_a_dead_worker_held_is_made_after_its_lease():
    whole = growth.simulate(200, 4, 1.0, asked=1e9, deaths=0)
    torn = growth.simulate(200, 4, 1.0, asked=1e9, deaths=1)
    assert torn["again"] == 200
    assert torn["seconds"] > whole["seconds"] + Config().lease_seconds / 2


def test_what_was_measured_can_be_read():
    found = list(growth.measured())
    assert {each.megapixels for each in found} >= {1, 4, growth.UNSEEN, 24}
    assert all(each.seconds > 0 and each.mib > 0 for each in found)
    assert growth.constants()[1] > 0
