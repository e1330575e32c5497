"""The speed benchmark's phases and sums."""

from __future__ import annotations

import pytest

from benchmarks import speed


def test_a_request_is_timed_by_phase_beside_its_floor(monkeypatch):
    monkeypatch.setitem(speed.SIZES, 1, (320, 240))
    figures = speed.measure(speed.Scenario(1, 2, 50), "classic", 2)
    assert {len(spent) for spent in figures["phases"].values()} == {2}
    assert {"analyse: mattes", "lay", "encode", "floor: encode"} <= set(figures["phases"])
    total, least = speed.totals(figures)
    together = sum(spent[0] for spent in figures["phases"].values())
    assert total[0] + least[0] == pytest.approx(together)
    assert figures["coverage"] == pytest.approx(0.5, abs=0.1)
    assert "total" in speed.table_of(speed.Scenario(1, 2), figures).markdown()


def test_medians_carry_their_quartiles():
    assert speed.middle([1, 2, 3, 4, 5], 0) == "3 (2–4)"
    assert speed.middle([2.0, 2.0], 1) == "2.0"
