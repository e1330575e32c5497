"""A comparison as a whole: verdict, rows, pictures, and what is left when it cannot be done."""

import json

import numpy as np
import pytest
from PIL import Image

from oscar_gan import engine
from oscar_gan.errors import InvalidRequest, LeaseLost, StorageUnavailable, WeightsMismatch
from oscar_gan.inference.analyser import WEIGHTS
from oscar_gan.models import Comparison, GeneratorEvent
from oscar_gan.services import comparing, media, registry
from oscar_gan.services.benches import Bench, open_bench
from oscar_gan.services.comparing import showing
from tests.benches import Painter

pytestmark = pytest.mark.django_db
Kind = GeneratorEvent.Kind


def failed(comparison):
    return {(row["code"], row["group"]) for row in comparison.report["rows"] if not row["passed"]}


def test_the_same_again_fails_no_gate_but_is_no_improvement(compare, challenger, champion):
    comparison = compare(Painter())
    assert failed(comparison) == set()
    assert not comparison.passed
    assert "no significant improvement" in comparison.report["verdict"]
    assert (comparison.version, comparison.against) == (challenger, champion)
    event = challenger.events.get()
    assert (event.kind, event.note) == (Kind.REFUSED, comparison.report["verdict"])


def test_a_better_one_passes(compare, challenger, staff):
    comparison = compare(Painter(), Painter(grow=-3), by=staff)
    assert comparison.passed
    report = comparison.report
    assert report["champion"] == "recolour 1"
    assert report["challenger"] == "recolour 1+shop.1"
    assert report["classic"] == "classic 1"
    assert report["bench"]["count"] == 8
    assert report["shadow"] == {"count": 0, "skipped": {}}
    assert report["improved"] == ["matte-iou", "recolour"]
    event = challenger.events.get()
    assert (event.kind, event.by) == (Kind.PASSED, staff)
    json.dumps(report, allow_nan=False)


def test_better_on_the_mean_but_without_logos_is_refused(compare):
    comparison = compare(Painter(keeps=False), Painter(grow=-6))
    (overall,) = [
        row for row in comparison.report["rows"]
        if (row["code"], row["group"], row["set"]) == ("matte-iou", "all", "bench")
    ]  # fmt: skip
    assert overall["difference"] > 0
    assert not comparison.passed
    assert ("protected", "all") in failed(comparison)
    assert "prints and other protected areas" in comparison.report["verdict"]


def test_a_loss_of_logos_is_seen_in_their_overlap(compare):
    assert ("matte-iou", "prints") in failed(compare(Painter(keeps=False)))


def test_a_worse_outline_is_refused_by_name(compare):
    comparison = compare(Painter(grow=-3))
    assert ("matte-iou", "all") in failed(comparison)
    assert comparison.report["verdict"].startswith("Refused. The matte overlap on the bench")


@pytest.mark.parametrize("new", [Painter(refuses=True), Painter(blind=True)])
def test_what_refuses_or_finds_nothing_is_refused(compare, new):
    assert ("refusals", "all") in failed(compare(new))


def test_pictures_are_kept_small(compare):
    comparison = compare(Painter(), Painter(grow=-3))
    shown = comparison.report["pictures"]
    assert len(shown) == 8
    for entry in shown:
        assert entry["iou"]["challenger"] == 1
        for view in ("photo", "champion", "challenger", "classic"):
            name = entry[view]
            assert name.startswith("comparisons/")
            with media.drafts().open(name) as file:
                assert max(Image.open(file).size) <= 512


def test_a_picture_that_was_not_made_is_not_shown(compare):
    entry = compare(Painter(blind=True)).report["pictures"][0]
    assert entry["challenger"] is None
    assert entry["champion"]


def test_weights_that_cannot_be_opened_are_refused_with_the_reason(
    compare, monkeypatch, challenger, champion
):
    def broken(version):
        if version == challenger:
            raise WeightsMismatch("Weights analyser.onnx cannot be read.")
        return Painter()

    monkeypatch.setattr(registry, "open_version", broken)
    comparison = comparing.compare(version=challenger)
    assert not comparison.passed
    assert "analyser.onnx cannot be read" in comparison.report["verdict"]
    assert comparison.report["rows"] == []
    assert challenger.events.get().kind == Kind.REFUSED


def test_a_trained_file_that_is_no_network_is_refused(trained, bench):
    """As the registry hands it out: whole, registered, and not ONNX."""
    version = trained(b"no network")
    comparison = comparing.compare(version=version, bench=bench)
    assert not comparison.passed
    assert "cannot be used" in comparison.report["verdict"]
    assert version.events.first().kind == Kind.REFUSED


def test_a_trained_file_that_went_is_refused_and_a_storage_that_is_down_is_not(
    trained, bench, break_drafts
):
    version = trained()
    name = version.files["analyser"]["name"]
    media.drafts().delete(name)
    assert "missing" in comparing.compare(version=version, bench=bench).report["verdict"]
    Comparison.objects.all().delete()
    break_drafts()
    with pytest.raises(StorageUnavailable):
        comparing.compare(version=version, bench=bench)
    assert not Comparison.objects.exists()


def test_weights_that_open_and_do_not_run_are_refused(compare):
    new = Painter()
    new.analyse = lambda photo: 1 / 0  # as ONNX Runtime: an error of nobody's family
    comparison = compare(new)
    assert not comparison.passed
    assert "cannot be used" in comparison.report["verdict"]


def test_a_broken_champion_is_not_easy_to_beat(compare):
    old = Painter()

    def broken(photo):
        raise WeightsMismatch("changed")

    old.analyse = broken
    with pytest.raises(WeightsMismatch):
        compare(Painter(), old)
    assert not Comparison.objects.exists()


def test_the_champion_is_not_compared_with_itself(champion, bench):
    with pytest.raises(InvalidRequest, match="is the champion"):
        comparing.compare(version=champion, bench=bench)


def test_storage_that_is_down_leaves_nothing(compare, blocked_drafts):
    with pytest.raises(StorageUnavailable):
        compare(Painter())
    assert not Comparison.objects.exists()
    assert not GeneratorEvent.objects.exists()


def test_the_heartbeat_runs_between_pictures_and_may_stop_all(compare):
    beats = []
    compare(Painter(), heartbeat=lambda: beats.append(1))
    assert len(beats) > 2 * 3 * 8

    def stop():
        raise LeaseLost("Another worker has it.")

    Comparison.objects.all().delete()
    with pytest.raises(LeaseLost):
        compare(Painter(), heartbeat=stop)
    assert not Comparison.objects.exists()


class Eroded:
    """The shipped generator whose analyser lost the rim of everything."""

    def __init__(self, shipped):
        self.shipped = shipped
        self.name, self.version, self.recolour = shipped.name, "bad", shipped.recolour

    def analyse(self, photo, *, matte=None):
        import cv2

        found = self.shipped.analyse(photo).matte
        return self.shipped.analyse(photo, matte=cv2.erode(found, np.ones((13, 13))))


@pytest.fixture(scope="module")
def some_of_the_bench():
    whole = open_bench()
    return Bench(whole.digest, whole.pictures[9:12])


@pytest.fixture
def shipped(monkeypatch):
    monkeypatch.setattr(showing, "MOST", 1)
    monkeypatch.setattr(showing, "WORST", 0)
    return engine.open_weights(WEIGHTS, device="cpu")


def test_the_shipped_generator_does_not_beat_itself(compare, shipped, some_of_the_bench):
    comparison = compare(shipped, shipped, bench=some_of_the_bench)
    assert failed(comparison) == set()
    assert not comparison.passed
    assert all(row["difference"] in (0, None) for row in comparison.report["rows"])


def test_a_degraded_shipped_generator_is_refused(compare, shipped, some_of_the_bench):
    comparison = compare(Eroded(shipped), shipped, bench=some_of_the_bench)
    assert ("matte-iou", "all") in failed(comparison)
    assert "matte overlap" in comparison.report["verdict"]
