"""A comparison as a whole: verdict, rows, pictures, and what is left when it cannot be finished."""

import json

import numpy as np
import pytest
from PIL import Image

from oscar_gan import engine
from oscar_gan.errors import InvalidRequest, LeaseLost, StorageUnavailable, WeightsMismatch
from oscar_gan.imaging.overlap import score_matte
from oscar_gan.imaging.photo import read_photo
from oscar_gan.inference.analyser import WEIGHTS
from oscar_gan.models import Comparison, GeneratorEvent, GeneratorVersion, Review
from oscar_gan.services import comparing, mattes, media, registry, review
from oscar_gan.services.benches import Bench, open_bench
from oscar_gan.services.comparing import machine, shadow
from tests import factories
from tests.benches import Painter, encoded, make_bench, picture, scene

pytestmark = pytest.mark.django_db
Kind = GeneratorEvent.Kind
REASONS = Review.Reason


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return make_bench(tmp_path_factory.mktemp("bench") / "bench", each=5)


@pytest.fixture
def champion(monkeypatch):
    """The reigning version; `registry` hands out the painters of `PAINTERS`."""
    version = GeneratorVersion.objects.create(
        name="recolour", version="1", digest="c" * 64, status=GeneratorVersion.Status.CHAMPION
    )
    monkeypatch.setattr(registry, "champion", lambda name=None: version)
    monkeypatch.setattr(registry, "folder_of", lambda version: WEIGHTS, raising=False)
    monkeypatch.setattr(machine, "peak_memory", lambda folder, photo: 100.0)
    steady = {"champion": 50.0, "challenger": 50.0, "classic": 90.0}
    monkeypatch.setattr(machine, "analysis_times", lambda generators, photo: steady)
    return version


@pytest.fixture
def challenger(champion):
    return GeneratorVersion.objects.create(
        name="recolour", version="1+shop.1", digest="d" * 64, parent=champion
    )


@pytest.fixture
def compare(monkeypatch, champion, challenger, bench):
    """Compare one painter with another."""

    def compare(new, old=None, **kwargs):
        painters = {champion.pk: old or Painter(), challenger.pk: new}
        opened = lambda version: painters[version.pk]  # noqa: E731
        monkeypatch.setattr(registry, "open_version", opened, raising=False)
        monkeypatch.setattr(engine, "open_generator", lambda name: Painter("classic", grow=-2))
        return comparing.compare(version=challenger, **{"bench": bench, **kwargs})

    return compare


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
    assert report["bench"]["count"] == 10
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
    assert comparison.report["verdict"].startswith("Refused: The matte overlap on the bench")


@pytest.mark.parametrize("new", [Painter(refuses=True), Painter(blind=True)])
def test_what_refuses_or_finds_nothing_is_refused(compare, new):
    assert ("refusals", "all") in failed(compare(new))


def test_pictures_are_kept_small_and_known_to_the_sweeper(compare):
    comparison = compare(Painter(), Painter(grow=-3))
    shown = comparison.report["pictures"]
    assert len(shown) == 10
    for entry in shown:
        assert entry["iou"]["challenger"] == 1
        for view in ("photo", "champion", "challenger", "classic"):
            name = entry[view]
            assert name.startswith("comparisons/")
            assert comparing.is_shown(name)
            with media.drafts().open(name) as file:
                assert max(Image.open(file).size) <= 512
    assert not comparing.is_shown("comparisons/00/0.jpg")


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

    monkeypatch.setattr(registry, "open_version", broken, raising=False)
    comparison = comparing.compare(version=challenger)
    assert not comparison.passed
    assert "analyser.onnx cannot be read" in comparison.report["verdict"]
    assert comparison.report["rows"] == []
    assert challenger.events.get().kind == Kind.REFUSED


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
    assert len(beats) > 2 * 3 * 10

    def stop():
        raise LeaseLost("Another worker has it.")

    Comparison.objects.all().delete()
    with pytest.raises(LeaseLost):
        compare(Painter(), heartbeat=stop)
    assert not Comparison.objects.exists()


class Shop:
    """Photos in the catalogue with outlines and decisions, as a manifest lists them."""

    def __init__(self, staff):
        self.staff, self.entries = staff, []

    def add(self, seed, *, label="corrected", printed=False, before=None, **fields):
        pixels, matte, _ = scene(1000 + seed, printed=printed)
        factories.make_product_class()
        product = factories.make_product(title=f"Bag {seed}", upc=f"S{seed}", photo=False)
        source = factories.add_photo(product, encoded(pixels), name=f"shadow{seed}.png")
        photo = read_photo(media.read_original(source))
        kept = mattes.keep_staff_matte(source=source, photo=photo, matte=matte)
        entry = {
            "source": source.pk, "name": source.original.name, "sha256": photo.digest,
            "product": product.pk, "group": "Bags", "label": label, "weight": 1.0,
            "split": "shadow", "reviewers": [], "variants": [seed],
            "matte": {"name": kept.file_name, "sha256": kept.digest}, "before": None,
        }  # fmt: skip
        if before is not None:
            name, digest = media.store_draft(encoded(before), folder="mattes", extension=".png")
            entry["before"] = {"name": name, "sha256": digest}
        self.entries.append({**entry, **fields})
        return source

    def decide(self, source, *, made, reason="", kind="colour"):
        """A decided variant image in navy: approved, or rejected for a reason."""
        data = encoded(made)
        name, digest = media.store_draft(data, folder="variants", extension=".png")
        variant = factories.make_variant(source, label="Navy", file_name=name, digest=digest)
        sha = next(e["sha256"] for e in self.entries if e["source"] == source.pk)
        variant.source_digest = sha
        variant.recipe = {**variant.recipe, "kind": kind}
        variant.save()
        if reason:
            review.reject(variant=variant, reviewer=self.staff, reason=reason)
        else:
            review.approve(variant=variant, reviewer=self.staff)
        return variant

    @property
    def manifest(self):
        return {"format": 1, "photos": self.entries}


@pytest.fixture
def shop(staff):
    return Shop(staff)


def row(comparison, code, group="all", where="shadow"):
    (found,) = [
        row for row in comparison.report["rows"]
        if (row["code"], row["group"], row["set"]) == (code, group, where)
    ]  # fmt: skip
    return found


def test_a_shops_own_photos_decide(compare, shop):
    for seed in range(8):
        shop.add(seed)
    better = compare(Painter(), Painter(grow=-3), manifest=shop.manifest)
    assert better.passed
    assert better.report["shadow"]["count"] == 8
    assert row(better, "matte-iou")["n"] == 8
    assert "this shop's own photos" in better.report["verdict"]
    sources = {entry["source"] for entry in better.report["pictures"]}
    assert sources == {entry["source"] for entry in shop.manifest["photos"]}


def test_photos_that_changed_or_went_are_counted(compare, shop):
    for seed in range(3):
        shop.add(seed)
    shop.add(3, sha256="0" * 64)
    shop.add(4, source=999_999)
    gone = shop.add(5)
    gone.original.storage.delete(gone.original.name)
    shop.add(6, split="train")
    shop.add(7, label="rejected")
    report = compare(Painter(), manifest=shop.manifest).report
    assert report["shadow"] == {
        "count": 3, "skipped": {"photo-changed": 2, "unusable-photo": 1}
    }  # fmt: skip


def test_an_approved_outline_does_not_favour_who_drew_it(compare, shop):
    """It is the champion's own: whoever comes near enough is as good."""
    shop.add(0, label="approved")
    shop.add(1, label="approved")
    found = row(compare(Painter(), manifest=shop.manifest), "matte-iou")
    assert found["champion"] == found["challenger"] == pytest.approx(0.97)


def agreed(compare, shop, new, old=None):
    found = row(compare(new, old, manifest=shop.manifest), "agreement")
    return found["champion"], found["challenger"]


def test_an_approval_is_kept_by_a_like_picture_and_lost_by_a_refusal(compare, shop):
    source = shop.add(0)
    shop.decide(source, made=media_pixels(source))
    assert agreed(compare, shop, Painter(grow=-6)) == (1, 0)
    assert agreed(compare, shop, Painter(refuses=True)) == (1, 0)


def test_a_rejection_is_heeded_by_a_better_outline(compare, shop):
    pixels, matte, keep = scene(1000, printed=False)
    bad = np.zeros_like(matte)
    bad[:, :48] = matte[:, :48]  # half the product
    source = shop.add(0, before=bad)
    rejected = np.where(bad[..., None] > 0, picture(matte, keep, "#24345C"), pixels)
    shop.decide(source, made=rejected, reason=REASONS.EDGE)
    assert score_matte(bad / 255, matte / 255).iou < 0.9
    assert agreed(compare, shop, Painter(grow=-12), Painter()) == (1, 0)


def test_rejections_of_colour_and_looks_say_nothing_about_outlines(compare, shop):
    source = shop.add(0)
    shop.decide(source, made=media_pixels(source), reason=REASONS.WRONG_COLOUR)
    shop.decide(source, made=media_pixels(source), kind="print")
    rows = compare(Painter(), manifest=shop.manifest).report["rows"]
    assert not [each for each in rows if each["code"] == "agreement"]


def test_the_last_decisions_of_a_photo_are_made_again_undone_ones_not(shop):
    source = shop.add(0)
    variants = [shop.decide(source, made=media_pixels(source)) for _ in range(4)]
    review.undo(variant=variants[3], reviewer=shop.staff)
    review.undo(variant=variants[0], reviewer=shop.staff)
    review.approve(variant=variants[0], reviewer=shop.staff)
    found = list(shadow.decisions_on(shop.entries[0]))
    assert [each.file_name for each in found] == [variants[place].file_name for place in (0, 2, 1)]


def test_at_most_sixty_photos_are_compared_the_newest():
    photo = {"split": "shadow", "label": "corrected", "matte": {"name": "m"}}
    photos = [{**photo, "source": n, "variants": [n]} for n in range(90)]
    chosen = shadow.entries_of({"photos": photos})
    assert [each["source"] for each in chosen] == list(range(89, 29, -1))


def media_pixels(source):
    return read_photo(media.read_original(source)).pixels


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
    return Bench(whole.digest, whole.pictures[2:14:2])


@pytest.fixture
def shipped():
    return {name: engine.shipped.GENERATORS[name]("cpu") for name in ("recolour", "classic")}


def test_the_shipped_generator_does_not_beat_itself(compare, shipped, some_of_the_bench):
    new, old = shipped["recolour"], shipped["recolour"]
    comparison = compare(new, old, bench=some_of_the_bench)
    assert failed(comparison) == set()
    assert not comparison.passed
    assert all(row["difference"] in (0, None) for row in comparison.report["rows"])


def test_a_degraded_shipped_generator_is_refused(compare, shipped, some_of_the_bench):
    comparison = compare(Eroded(shipped["recolour"]), shipped["recolour"], bench=some_of_the_bench)
    assert ("matte-iou", "all") in failed(comparison)
    assert "matte overlap" in comparison.report["verdict"]
