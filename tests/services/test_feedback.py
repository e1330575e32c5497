"""Feedback: from decisions to a frozen manifest, and what is never in one."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_gan.errors import ManifestMismatch, StorageUnavailable, TooLittleFeedback
from oscar_gan.models import TrainingOptOut, TrainingRun, VariantImage
from oscar_gan.services import feedback, media, publishing, review
from oscar_gan.services.feedback.entries import split_of
from tests import factories
from tests.feedback import Photo, digest, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_are_enough(settings):
    settings.OSCAR_GAN = {"RETRAIN_MIN_PHOTOS": 2, "RETRAIN_MIN_DECISIONS": 4}


@pytest.fixture
def amy(db):
    return factories.make_user(*factories.ACTIONS)


@pytest.fixture
def bob(db):
    return factories.make_user(*factories.ACTIONS)


@pytest.fixture
def enough(amy):
    """One trusted photo on each side of the split, drawn by somebody."""
    photos = {side: photo_on(side) for side in ("train", "validation", "shadow")}
    for photo in photos.values():
        photo.draw(amy)
    return photos


def photo_on(side: str, product=None) -> Photo:
    names = (digest(f"{side} {number}") for number in count(photo_on.seen))
    photo_on.seen += 1000
    return Photo(product, sha256=next(name for name in names if split_of(name) == side))


photo_on.seen = 0


def freeze(run=None, benched=()):
    return feedback.freeze(run or make_run(), benched=benched)


def digests(manifest) -> set[str]:
    return {photo["sha256"] for photo in manifest["photos"]}


class TestFreezing:
    def test_the_manifest_is_kept_and_recorded(self, enough, amy, bob):
        enough["train"].decide(amy)
        picture = enough["shadow"].decide(bob, "lighting")
        enough["shadow"].decide(bob, "not-wanted")
        run = make_run()
        manifest = freeze(run)

        assert feedback.read_manifest(run) == manifest
        run.refresh_from_db()
        data = media.read_draft(run.manifest_name)
        assert sha256(data).hexdigest() == run.manifest_digest
        assert run.manifest_digest in run.manifest_name
        assert run.manifest_name.startswith("manifests/")
        assert run.decisions == 2
        assert run.newest_review == picture.reviews.get().pk + 1
        assert run.summary == {key: manifest[key] for key in manifest if key != "photos"}
        assert manifest["generator"] == "recolour"
        assert manifest["base"] == run.base.digest
        assert manifest["licence"] == "the shop's own photos"
        assert manifest["labels"] == {"corrected": 3}
        assert manifest["splits"] == {"train": 1, "validation": 1, "shadow": 1}
        assert manifest["decisions"] == {
            "quality": 2, "new": 2, "approved": 1, "rejected": {"lighting": 1},
            "ignored": {"not-wanted": 1},
        }  # fmt: skip
        assert manifest["reviewers"] == [
            {"id": amy.pk, "decisions": 1, "approved": 1, "drawn": 3, "weight": 1.0, "share": 1.0,
             "left_out": ""},
            {"id": bob.pk, "decisions": 1, "approved": 0, "drawn": 0, "weight": 0, "share": 0,
             "left_out": ""},
        ]  # fmt: skip

    def test_the_same_rows_give_the_same_bytes(self, enough, amy):
        enough["train"].decide(amy)
        first, second = make_run(), make_run(status="cancelled")
        assert freeze(first) == freeze(second)
        assert first.manifest_name == second.manifest_name
        data = media.read_draft(first.manifest_name)
        assert data == json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode()

    def test_no_photo_is_opened(self, enough, monkeypatch):
        monkeypatch.setattr(media, "read_original", None)
        assert len(freeze()["photos"]) == 3

    def test_queries_do_not_grow_with_what_was_decided(self, enough, amy, bob):
        first, second = make_run(status="cancelled"), make_run()
        with CaptureQueriesContext(connection) as few:
            freeze(first)
        product = factories.make_product(photo=False)
        for number in range(30):
            photo = Photo(product)
            photo.decide((amy, bob)[number % 2], ("", "edge", "lighting")[number % 3])
            if number % 4 == 0:
                photo.draw(bob)
        with CaptureQueriesContext(connection) as many:
            freeze(second)
        assert len(few) == len(many) <= 10

    def test_storage_that_is_down_leaves_the_run_as_it_was(self, db, amy, monkeypatch):
        for side in ("train", "validation"):
            photo_on(side).draw(amy)
        run = make_run()

        def broken(*args):
            raise OSError("down")

        monkeypatch.setattr(type(media.drafts()), "save", broken)
        with pytest.raises(StorageUnavailable):
            freeze(run)
        run.refresh_from_db()
        assert run.manifest_name == ""


class TestReading:
    def test_tampering_is_noticed(self, enough):
        run = make_run()
        manifest = freeze(run)
        manifest["photos"][0]["weight"] = 1e6
        path = media.drafts().path(run.manifest_name)
        with open(path, "w") as file:
            json.dump(manifest, file)
        with pytest.raises(ManifestMismatch, match="was changed since it was frozen"):
            feedback.read_manifest(run)

    def test_a_run_that_froze_nothing_has_none(self, db):
        with pytest.raises(ManifestMismatch, match="Nothing was frozen"):
            feedback.read_manifest(make_run())

    def test_shadow_photos_are_those_with_a_known_outline(self, enough, bob):
        photo_on("shadow").decide(bob, "edge")
        manifest = freeze()
        assert manifest["splits"]["shadow"] == 2
        (shadow,) = feedback.shadow_photos(manifest)
        assert shadow["sha256"] == enough["shadow"].sha256
        assert feedback.shadow_photos(None) == []


class TestTooLittle:
    def test_ten_photos_are_not_enough(self, enough, amy, settings):
        settings.OSCAR_GAN = {}
        for _ in range(7):
            Photo().decide(amy)
        run = make_run()
        with pytest.raises(TooLittleFeedback, match="^10 of 40 photos have a trusted outline"):
            freeze(run)
        run.refresh_from_db()
        assert (run.manifest_name, run.newest_review) == ("", 0)
        assert not media.drafts().exists("manifests")

    def test_both_sides_that_a_training_reads_need_a_photo(self, db, amy):
        for _ in range(3):
            photo_on("train").draw(amy)
        with pytest.raises(TooLittleFeedback, match="3 of them to train on and 0 to validate"):
            freeze()

    def test_a_lone_reviewer_who_rejects_everything_leaves_nothing_to_learn(self, db, bob):
        product = factories.make_product(photo=False)
        for _ in range(25):
            Photo(product).decide(bob, "edge")
        with pytest.raises(TooLittleFeedback, match="^0 of 2"):
            freeze()


class TestSplits:
    def test_a_photo_never_changes_sides(self, enough, amy):
        before = {photo["sha256"]: photo["split"] for photo in freeze()["photos"]}
        for _ in range(10):
            Photo().decide(amy)
        photos = freeze(make_run(status="cancelled"))["photos"]
        after = {photo["sha256"]: photo["split"] for photo in photos}
        assert len(photos) == len(after) == 13
        assert after.items() >= before.items()

    def test_the_sides_have_their_sizes(self):
        sides = Counter(split_of(digest(number)) for number in range(4000))
        assert sides["shadow"] == pytest.approx(800, rel=0.15)
        assert sides["validation"] == pytest.approx(400, rel=0.15)
        assert sides["train"] == pytest.approx(2800, rel=0.05)


class TestReviewers:
    def test_nobody_outweighs_the_others(self, enough, amy, bob):
        product = factories.make_product(photo=False)
        for _ in range(8):
            photo_on("train", product).draw(bob)
        for _ in range(30):  # cheap rejections do not make his outlines a small part
            photo_on("train", product).decide(factories.make_user(), "edge")
        manifest = freeze()
        weight = {each["id"]: each["weight"] for each in manifest["reviewers"]}
        assert weight[amy.pk] == pytest.approx(weight[bob.pk]) == 1
        share = {each["id"]: each["share"] for each in manifest["reviewers"]}
        assert share[bob.pk] == pytest.approx(0.5)

    def test_who_rejects_everything_is_left_out(self, enough, amy, bob):
        product = factories.make_product(photo=False)
        for number in range(20):
            photo = photo_on("train", product)
            photo.decide(amy)
            photo.decide(bob, "edge" if number else "lighting")
        manifest = freeze()
        reviewers = {each["id"]: each["left_out"] for each in manifest["reviewers"]}
        assert reviewers == {amy.pk: "", bob.pk: "rejects everything"}
        assert manifest["labels"] == {"corrected": 3, "approved": 20}

    def test_who_only_corrects_outlines_rejects_nothing_for_good(self, enough, amy, bob):
        """Correcting an outline rejects the picture made with the old one."""
        product = factories.make_product(photo=False)
        for _ in range(20):
            photo = photo_on("train", product)
            photo.decide(amy)
            photo.decide(bob, "edge")
            photo.draw(bob)
        manifest = freeze()
        assert not any(each["left_out"] for each in manifest["reviewers"])
        assert manifest["labels"] == {"corrected": 23}

    def test_swapped_labels_are_left_out(self, enough, amy, bob):
        carol, product = factories.make_user(), factories.make_product(photo=False)
        for number in range(12):
            photo, good = photo_on("train", product), number % 3
            for who in (amy, carol):
                photo.decide(who, "" if good else "bleeding")
            photo.decide(bob, "bleeding" if good else "")
        manifest = freeze()
        reviewers = {each["id"]: each["left_out"] for each in manifest["reviewers"]}
        assert reviewers == {amy.pk: "", carol.pk: "", bob.pk: "disagrees with the others"}
        assert manifest["labels"] == {"corrected": 3, "approved": 8, "rejected": 4}

    def test_another_outline_is_another_question(self, enough, amy, bob):
        """Who rejects the outline found and who approves the one drawn do not disagree."""
        carol, product = factories.make_user(), factories.make_product(photo=False)
        for _ in range(12):
            photo = photo_on("train", product)
            photo.decide(bob, "edge")
            photo.decide(carol, matte=photo.draw(amy))
        manifest = freeze()
        assert not any(each["left_out"] for each in manifest["reviewers"])
        assert manifest["labels"] == {"corrected": 15}


class TestNeverLearntFrom:
    def left_out(self, photo, reason, benched=()):
        manifest = freeze(benched=benched)
        assert photo.sha256 not in digests(manifest)
        assert manifest["left_out"] == {reason: 1}
        assert len(manifest["photos"]) == 3

    @pytest.mark.parametrize("who", ["product", "parent", "child", "partner", "seller of a child"])
    def test_who_opted_out(self, enough, amy, partner, who):
        parent = factories.make_parent(colours=("Red",), partner=partner)
        child = parent.children.get()
        on = {"parent": child, "child": parent, "seller of a child": parent}.get(who)
        photo = Photo(on or factories.make_product(photo=False, partner=partner))
        photo.draw(amy)
        opted = {"product": photo.source.product, "parent": parent, "child": child}.get(who)
        if opted:
            TrainingOptOut.objects.create(product=opted)
        else:
            TrainingOptOut.objects.create(partner=partner)
        self.left_out(photo, "opted-out")

    def test_others_opting_out_changes_nothing(self, enough):
        TrainingOptOut.objects.create(product=factories.make_product(photo=False))
        TrainingOptOut.objects.create(partner=factories.make_partner())
        assert len(freeze()["photos"]) == 3

    def test_our_own_published_pictures(self, enough, amy, source):
        picture = factories.make_variant(source)
        review.approve(variant=picture, reviewer=amy)
        publication = publishing.publish(variant=picture, scope="gallery", published_by=amy)
        published = publication.images.get().image
        factories.make_matte(published, photo="a" * 64, by=amy)
        manifest = freeze()
        assert manifest["left_out"] == {"own-picture": 1, "outline-not-on-record": 1}

    def test_our_own_pictures_handed_in_as_photos(self, enough, amy):
        photo = photo_on("train")
        photo.draw(amy)
        other = photo_on("train").decide(amy, "lighting")
        VariantImage.objects.filter(pk=other.pk).update(digest=photo.sha256)
        manifest = freeze()
        assert manifest["left_out"] == {"own-picture": 1, "says-nothing-about-outline": 1}

    def test_the_bench(self, enough, amy):
        photo = photo_on("train")
        photo.decide(amy)
        self.left_out(photo, "on-the-bench", benched={photo.sha256})

    def test_the_frozen_bench_is_meant_when_none_is_named(self, enough, amy):
        benches = pytest.importorskip("oscar_gan.services.benches")
        photo = Photo(sha256=min(benches.digests()))
        photo.draw(amy)
        assert photo.sha256 not in digests(feedback.freeze(make_run()))

    def test_photos_that_are_gone(self, enough, amy):
        photo = photo_on("train")
        photo.decide(amy)
        photo.source.delete()
        self.left_out(photo, "photo-gone")


class TestNewDecisions:
    def test_they_are_counted_by_kind(self, enough, amy, bob):
        photo = enough["train"]
        photo.decide(amy)
        photo.decide(bob, "edge")
        photo.decide(bob, "lighting")
        photo.decide(bob, "other")
        undone = photo.decide(bob, "edge")
        review.undo(variant=undone, reviewer=bob)
        new = feedback.new_decisions("recolour")
        assert (new.approved, new.rejected) == (1, {"edge": 1, "lighting": 1})
        assert (new.ignored, new.total, new.photos) == ({"other": 1}, 3, 3)
        assert not new.enough
        assert new.why_not == "3 of 4 new decisions"
        photo.decide(amy)
        assert feedback.new_decisions("recolour").enough
        assert feedback.new_decisions("recolour").why_not == ""
        assert feedback.new_decisions("classic").total == 0

    def test_what_is_missing_is_told(self, db, settings):
        settings.OSCAR_GAN = {}
        new = feedback.new_decisions("recolour")
        assert new.why_not == "0 of 100 new decisions; 0 of 40 photos with a trusted outline"

    @pytest.mark.parametrize(
        ("status", "left"), [("done", 1), ("failed", 3), ("cancelled", 3), ("running", 3)]
    )
    def test_a_finished_training_took_in_what_was_decided_before(self, enough, amy, status, left):
        enough["train"].decide(amy)
        enough["train"].decide(amy, "edge")
        run = make_run()
        freeze(run)
        problem = "x" if status == "failed" else ""
        TrainingRun.objects.update(status=status, problem=problem)
        enough["shadow"].decide(amy)
        assert feedback.new_decisions("recolour").total == left
        assert freeze(make_run(status="cancelled"))["decisions"]["new"] == left

    def test_photos_are_those_that_freezing_finds(self, enough, amy, bob):
        product = factories.make_product(photo=False)
        photos = [Photo(product) for _ in range(6)]
        photos[0].decide(amy)
        photos[0].decide(bob)
        photos[1].decide(amy)
        photos[1].decide(bob, "edge")
        photos[2].decide(amy, "edge")
        photos[3].decide(amy, "lighting")
        photos[4].decide(amy)
        photos[4].draw(bob)
        photos[5].decide(amy)
        photos[5].source.delete()
        opted = Photo()
        opted.draw(amy)
        TrainingOptOut.objects.create(product=opted.source.product)
        trusted = [photo for photo in freeze()["photos"] if photo["matte"]]
        assert feedback.new_decisions("recolour").photos == len(trusted) == 5

    def test_it_takes_three_queries(self, enough, amy, django_assert_num_queries):
        for _ in range(5):
            Photo().decide(amy)
        with django_assert_num_queries(3):
            assert feedback.new_decisions("recolour").enough
