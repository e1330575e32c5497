"""Labels: what decisions and drawn outlines say about one photo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oscar_gan.models import Review
from oscar_gan.services import mattes, outlines, review
from oscar_gan.services.feedback.entries import entries
from oscar_gan.services.feedback.evidence import gather
from oscar_gan.services.feedback.reasons import COLOUR, IGNORED, OUTLINE, QUALITY
from tests import factories
from tests.feedback import Photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def amy(db):
    return factories.make_user(*factories.ACTIONS)


@pytest.fixture
def bob(db):
    return factories.make_user(*factories.ACTIONS)


@pytest.fixture
def photo(db):
    return Photo()


def learnt(unheard=()):
    """The manifest's entries, and how many photos were left out for which reason."""
    found, left_out = entries(gather("recolour"), unheard=unheard, benched=(), share=1.0)
    return [entry.to_json() for entry in found], left_out


def only_entry(unheard=()):
    (entry,), left_out = learnt(unheard)
    assert not left_out
    return entry


def test_every_reason_is_about_one_thing():
    assert sorted([*OUTLINE, *COLOUR, *IGNORED]) == sorted(Review.Reason.values)
    assert not QUALITY & IGNORED


class TestApprovals:
    def test_an_approved_picture_vouches_for_the_outline_found(self, photo, amy, bob):
        pictures = [photo.decide(amy), photo.decide(bob), photo.decide(bob, "wrong-colour")]
        entry = only_entry()
        assert (entry["label"], entry["weight"], entry["before"]) == ("approved", 0.5, None)
        assert entry["matte"] == {"name": photo.found.file_name, "sha256": photo.found.digest}
        assert entry["reviewers"] == [amy.pk, bob.pk]
        assert entry["variants"] == [picture.pk for picture in pictures[:2]]

    @pytest.mark.parametrize("reason", sorted(OUTLINE))
    def test_one_rejection_of_the_outline_outweighs_approvals(self, photo, amy, bob, reason):
        photo.decide(amy)
        photo.decide(bob, reason)
        entry = only_entry()
        assert (entry["label"], entry["matte"], entry["reviewers"]) == ("rejected", None, [bob.pk])

    def test_an_outline_that_is_not_on_record_cannot_be_learnt(self, amy):
        Photo(found=False).decide(amy)
        assert learnt() == ([], {"outline-not-on-record": 1})

    def test_the_outline_of_the_version_that_made_the_picture(self, photo, amy, bob):
        """An old version's rejected outline and its successor's approved one: a pair."""
        new = factories.make_generator_version(version="2", status="challenger")
        photo.decide(amy, "edge")
        better = factories.make_matte(photo.source, photo=photo.sha256)
        photo.decide(bob, generator=new)
        entry = only_entry()
        assert (entry["label"], entry["reviewers"]) == ("approved", [bob.pk])
        assert entry["matte"]["sha256"] == better.digest
        assert entry["before"]["sha256"] == photo.found.digest

    def test_after_a_roll_back_the_old_versions_outline_is_meant_again(self, photo, amy):
        photo.decide(amy)
        factories.make_matte(photo.source, photo=photo.sha256)
        photo.decide(amy)
        assert only_entry()["matte"]["sha256"] == photo.found.digest


class TestRejections:
    @pytest.mark.parametrize("reason", sorted(COLOUR))
    def test_a_wrong_colour_says_nothing_about_the_outline(self, photo, amy, reason):
        photo.decide(amy, reason)
        assert learnt() == ([], {"says-nothing-about-outline": 1})

    @pytest.mark.parametrize("reason", sorted(IGNORED))
    def test_business_reasons_teach_nothing(self, photo, amy, reason):
        photo.decide(amy, reason)
        assert learnt() == ([], {})

    def test_only_the_standing_decision_counts(self, photo, amy):
        picture = photo.decide(amy, "edge")
        review.undo(variant=picture, reviewer=amy)
        assert learnt() == ([], {})
        picture.refresh_from_db()
        review.approve(variant=picture, reviewer=amy)
        assert only_entry()["label"] == "approved"

    def test_other_generators_pictures_do_not_count(self, photo, amy):
        photo.decide(amy, generator=factories.make_generator_version("classic"))
        assert learnt() == ([], {})


class TestDrawnOutlines:
    def test_a_drawn_outline_needs_no_decision(self, photo, amy):
        drawn = photo.draw(amy)
        entry = only_entry()
        assert (entry["label"], entry["weight"]) == ("corrected", 1.0)
        assert entry["matte"] == {"name": drawn.file_name, "sha256": drawn.digest}
        assert entry["before"]["sha256"] == photo.found.digest
        assert (entry["reviewers"], entry["variants"]) == ([amy.pk], [])

    def test_who_approved_its_pictures_shares_the_weight(self, photo, amy, bob):
        drawn = photo.draw(amy)
        photo.decide(bob, matte=drawn)
        photo.decide(bob, "edge")  # made with the outline found, long before
        assert only_entry()["reviewers"] == [amy.pk, bob.pk]

    def test_the_newest_counts(self, photo, amy, bob):
        photo.draw(amy)
        newest = photo.draw(bob)
        entry = only_entry()
        assert (entry["matte"]["sha256"], entry["reviewers"]) == (newest.digest, [bob.pk])

    def test_one_whose_pictures_were_rejected_for_it_is_not_believed(self, photo, amy, bob):
        drawn = photo.draw(amy)
        photo.decide(bob, "bleeding", matte=drawn)
        assert only_entry()["label"] == "rejected"
        photo.decide(amy, matte=drawn)
        assert only_entry()["label"] == "corrected"

    def test_an_outline_saved_unchanged_is_confirmed(self, photo, amy):
        factories.make_matte(
            photo.source,
            photo=photo.sha256,
            by=amy,
            digest=photo.found.digest,
            file_name=photo.found.file_name,
        )
        entry = only_entry()
        assert (entry["label"], entry["before"]) == ("corrected", None)

    def test_a_command_may_hand_outlines_in(self, photo, amy):
        photo.draw(amy)
        amy.delete()
        assert only_entry()["reviewers"] == [None]

    def test_those_of_left_out_reviewers_do_not_count(self, photo, amy, bob):
        good = photo.draw(amy)
        photo.draw(bob)
        assert only_entry({bob.pk: "why"})["matte"]["sha256"] == good.digest
        assert learnt({amy.pk: "why", bob.pk: "why"}) == ([], {"reviewer-left-out": 1})


def test_correcting_an_outline_in_the_dashboard_makes_a_pair(ask, run, source, matte_data, staff):
    navy = run(ask("Navy")).variants.get()
    found = source.gan_mattes.get()
    drawn = mattes.add_staff_matte(source=source, data=matte_data, created_by=staff)
    outlines.make_again(matte=drawn, by=staff)
    again = run(drawn.requests.get()).variants.get()
    review.approve(variant=again, reviewer=staff)

    entry = only_entry()

    assert entry["label"] == "corrected"
    assert entry["sha256"] == navy.source_digest
    assert entry["matte"] == {"name": drawn.file_name, "sha256": drawn.digest}
    assert entry["before"] == {"name": found.file_name, "sha256": found.digest}
    assert entry["variants"] == [navy.pk, again.pk]
    assert (entry["source"], entry["name"]) == (source.pk, source.original.name)
    assert (entry["product"], entry["group"]) == (source.product_id, "Clothing")


class TestPhotos:
    def test_decisions_about_a_replaced_photo_do_not_count(self, photo, amy):
        photo.decide(amy)
        later = timezone.now() + timedelta(seconds=1)
        matte = factories.make_matte(photo.source, photo="f" * 64)
        type(matte).objects.filter(pk=matte.pk).update(created_at=later)
        assert learnt() == ([], {"photo-replaced": 1})

    def test_a_photo_on_several_products_is_one_photo(self, photo, amy, bob):
        twin = Photo(sha256=photo.sha256, found=False)
        photo.decide(amy)
        twin.decide(bob)
        entry = only_entry()
        assert (entry["source"], entry["reviewers"]) == (photo.source.pk, [amy.pk, bob.pk])
        photo.source.delete()
        twin.draw(bob)
        assert only_entry()["source"] == twin.source.pk

    def test_a_deleted_photo_is_left_out(self, photo, amy):
        photo.decide(amy)
        photo.source.delete()
        assert learnt() == ([], {"photo-gone": 1})

    def test_a_child_is_grouped_with_its_parent(self, amy):
        parent = factories.make_parent(colours=("Red",))
        Photo(parent.children.get()).draw(amy)
        assert only_entry()["group"] == "Clothing"
