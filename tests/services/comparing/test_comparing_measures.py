"""What is measured of a picture, against values known by construction."""

import numpy as np
import pytest

from oscar_gan.imaging.photo import read_photo
from oscar_gan.inference.analyser import WEIGHTS
from oscar_gan.services.comparing import machine
from oscar_gan.services.comparing.cases import bench_case, record_of
from oscar_gan.services.comparing.measuring import NOWHERE, measure_matte, truth_of
from tests.benches import Painter, encoded, make_bench, scene


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return make_bench(tmp_path_factory.mktemp("bench") / "bench", kinds=("mug",), each=2)


@pytest.fixture
def measured(bench):
    """What a painter's work measures on the bench's second picture, which has a print."""

    def measured(painter, place=1):
        case = bench_case(bench.pictures[place])
        beats = []
        record = record_of(case, {"challenger": painter}, lambda: beats.append(1))
        assert beats
        return record.values["challenger"]

    return measured


def test_perfect_work_measures_perfect(measured):
    found = measured(Painter())
    assert found["matte-iou"] == 1
    assert found["boundary"] == 0
    assert found["swatch"] < 2  # the painter knows no swatch
    assert found["recolour"] < 2
    assert found["protected"] == 0
    assert found["background"] == 0
    assert found["structure"] > 0.95
    assert found["refusals"] == 0


def test_a_print_that_is_painted_over_is_seen(measured):
    found = measured(Painter(keeps=False))
    assert found["protected"] > 10
    assert found["matte-iou"] == pytest.approx(1 - 320 / (56 * 52), abs=0.01)


def test_a_leak_into_the_background_is_seen_beyond_the_soft_edge(measured):
    assert measured(Painter(grow=1))["background"] == 0
    assert measured(Painter(grow=6))["background"] > 100


def test_half_a_product_is_not_measured_by_its_own_matte(measured):
    found = measured(Painter(grow=-9))
    assert found["matte-iou"] < 0.6
    assert found["recolour"] > 5


def test_without_prints_nothing_is_protected(measured):
    assert "protected" not in measured(Painter(), place=0)


def test_what_finds_nothing_measures_nothing_but_that(measured):
    found = measured(Painter(blind=True))
    assert found == {"matte-iou": 0, "boundary": NOWHERE, "refusals": 1}


def test_a_refused_picture_is_measured_and_counted(measured):
    found = measured(Painter(refuses=True))
    assert found["refusals"] == 1
    assert found["recolour"] < 2


def test_holes_of_a_trusted_outline_are_protected():
    pixels, matte, keep = scene(1, printed=True)
    truth = truth_of(read_photo(encoded(pixels)), matte)
    assert truth.has_protected
    assert (keep[truth.protected] == 255).all()
    assert not truth.beside[keep > 0].any()


def test_an_outline_without_holes_protects_nothing():
    pixels, matte, _ = scene(1, printed=False)
    truth = truth_of(read_photo(encoded(pixels)), matte)
    assert not truth.has_protected
    assert measure_matte(truth, None)["matte-iou"] == 0


class Clock:
    """Moves on by the seconds that whoever ran last takes."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Slow:
    def __init__(self, clock, *seconds):
        self.clock, self.seconds, self.runs = clock, seconds, 0

    def analyse(self, photo):
        self.clock.now += self.seconds[min(self.runs, len(self.seconds) - 1)]
        self.runs += 1


def test_times_are_medians_without_the_first_round():
    clock = Clock()
    slow = {"champion": Slow(clock, 9, 0.1), "challenger": Slow(clock, 9, 0.3)}
    found = machine.analysis_times(slow, None, clock=clock)
    assert found == {"champion": pytest.approx(100), "challenger": pytest.approx(300)}
    assert slow["champion"].runs == machine.ROUNDS + 1


@pytest.mark.parametrize(("busy", "passed"), [(1, True), (machine.TRIES, False)])
def test_a_busy_moment_does_not_refuse_but_a_slow_challenger_does(monkeypatch, busy, passed):
    calls = []

    def times(generators, photo):
        calls.append(1)
        challenger = 200 if len(calls) <= busy else 100
        return {"champion": 100.0, "challenger": challenger, "classic": 100.0}

    monkeypatch.setattr(machine, "analysis_times", times)
    assert machine.latency_row({}, None, lambda: None).passed == passed


def test_memory_is_that_of_a_fresh_process():
    ballast = np.ones(100 * 2**20, np.uint8)  # 100 MiB here, none of it there
    photo = encoded(scene(1, printed=True)[0])
    peak = machine.peak_memory(WEIGHTS, photo)
    assert 50 < peak < 400
    assert peak < machine.peak_memory(None, photo) + 200
    del ballast


def test_memory_that_cannot_be_measured_fails_its_gate(tmp_path):
    photo = encoded(scene(1, printed=True)[0])
    folders = dict.fromkeys(("champion", "challenger"), tmp_path)
    beats = []
    row = machine.memory_row(folders, photo, lambda: beats.append(1))
    assert not row.passed
    assert row.challenger is None
    assert len(beats) == 2
