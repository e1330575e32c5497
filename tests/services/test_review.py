"""Review: a log of decisions that can be taken back."""

import pytest

from oscar_gan import signals
from oscar_gan.errors import InvalidRequest, InvalidTransition, PermissionRefused
from oscar_gan.models import Review, VariantImage
from oscar_gan.services import publishing, review
from tests import factories

pytestmark = pytest.mark.django_db
Status = VariantImage.Status


@pytest.fixture
def variant(source):
    return factories.make_variant(source)


def test_approving(variant, staff):
    decision = review.approve(variant=variant, reviewer=staff, comment="Lovely.")

    variant.refresh_from_db()
    assert variant.status == Status.APPROVED
    assert (decision.decision, decision.reviewer, decision.comment) == (
        Review.Decision.APPROVED,
        staff,
        "Lovely.",
    )


def test_rejecting_needs_a_reason_from_the_list(variant, staff):
    with pytest.raises(InvalidRequest, match="'ugly' is not a reason; choose from: wrong-colour"):
        review.reject(variant=variant, reviewer=staff, reason="ugly")
    assert variant.status == Status.AWAITING_REVIEW

    decision = review.reject(variant=variant, reviewer=staff, reason=Review.Reason.BLEEDING)

    variant.refresh_from_db()
    assert (variant.status, decision.reason) == (Status.REJECTED, "bleeding")


@pytest.mark.parametrize(
    "status", [status for status in Status.values if status != Status.AWAITING_REVIEW]
)
def test_only_what_awaits_review_can_be_decided(source, staff, status):
    variant = factories.make_variant(source, status=status)
    for decide in (
        lambda: review.approve(variant=variant, reviewer=staff),
        lambda: review.reject(variant=variant, reviewer=staff, reason="edge"),
    ):
        with pytest.raises(InvalidTransition, match="not awaiting review any more"):
            decide()
    assert not Review.objects.exists()
    variant.refresh_from_db()
    assert variant.status == status


def test_of_two_people_the_first_decides(variant, staff, superuser):
    stale = VariantImage.objects.get(pk=variant.pk)
    review.approve(variant=variant, reviewer=staff)
    with pytest.raises(InvalidTransition, match="Approved"):
        review.reject(variant=stale, reviewer=superuser, reason="edge")


def test_undoing_is_on_record_too(variant, staff):
    review.reject(variant=variant, reviewer=staff, reason="edge")
    review.undo(variant=variant, reviewer=staff)
    variant.refresh_from_db()
    assert variant.status == Status.AWAITING_REVIEW

    review.approve(variant=variant, reviewer=staff)
    assert list(variant.reviews.values_list("decision", flat=True)) == [
        "rejected",
        "undone",
        "approved",
    ]


def test_nothing_decided_is_nothing_to_undo(variant, staff):
    with pytest.raises(InvalidTransition, match="Nobody has decided"):
        review.undo(variant=variant, reviewer=staff)


def test_a_published_picture_is_reverted_before_it_is_undone(variant, staff):
    review.approve(variant=variant, reviewer=staff)
    publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
    with pytest.raises(InvalidTransition, match="revert its publication first"):
        review.undo(variant=variant, reviewer=staff)

    publishing.revert(publication=publication, reverted_by=staff)
    review.undo(variant=variant, reviewer=staff)
    variant.refresh_from_db()
    assert variant.status == Status.AWAITING_REVIEW


def test_it_needs_the_permission_for_this_product(variant, bystander, partner_user):
    generator_only = factories.make_user("generate_variants")
    foreign = factories.make_product(partner=factories.make_partner())
    theirs = factories.make_variant(foreign.images.get())
    for user, picture in ((bystander, variant), (generator_only, variant), (partner_user, theirs)):
        for act in (
            lambda v, u: review.approve(variant=v, reviewer=u),
            lambda v, u: review.reject(variant=v, reviewer=u, reason="edge"),
            lambda v, u: review.undo(variant=v, reviewer=u),
        ):
            with pytest.raises(PermissionRefused):
                act(picture, user)
    assert not Review.objects.exists()
    review.approve(variant=variant, reviewer=partner_user)


def test_signals_follow_the_commit(variant, staff, django_capture_on_commit_callbacks):
    heard = []
    signals.variant_approved.connect(lambda variant, **_: heard.append(variant.status), weak=False)
    with django_capture_on_commit_callbacks(execute=True):
        review.approve(variant=variant, reviewer=staff)
        assert heard == []
    assert heard == [Status.APPROVED]


@pytest.fixture
def several(source):
    return [factories.make_variant(source, label=f"Colour {number}") for number in range(3)]


def decide_many(variants, reviewer, decision=Review.Decision.APPROVED, **given):
    ids = [variant.pk for variant in variants]
    return review.decide_many(variants=ids, reviewer=reviewer, decision=decision, **given)


def test_many_at_once_cost_as_many_queries_as_one(
    several, source, staff, django_assert_num_queries
):
    decide_many([factories.make_variant(source)], staff)  # permissions are cached now
    # Savepoint and its release, lock, update, reviews, their entries in the log.
    with django_assert_num_queries(6):
        decide_many(several, staff)
    assert VariantImage.objects.approved().count() == 4


def test_of_many_those_that_cannot_be_decided_stay(several, staff, superuser):
    review.reject(variant=several[1], reviewer=superuser, reason="edge")
    outcomes = decide_many(several, staff)
    assert [(each.variant.status, bool(each.problem)) for each in outcomes] == [
        (Status.APPROVED, False),
        (Status.REJECTED, True),
        (Status.APPROVED, False),
    ]
    assert Review.objects.filter(reviewer=staff).count() == 2


def test_of_many_other_partners_are_left_out(several, partner_user):
    foreign = factories.make_product(partner=factories.make_partner())
    theirs = factories.make_variant(foreign.images.get())
    outcomes = decide_many([*several, theirs], partner_user)
    assert [each.variant for each in outcomes] == several
    theirs.refresh_from_db()
    assert theirs.status == Status.AWAITING_REVIEW


def test_many_need_permission_decision_reason_and_an_end(several, bystander, staff, monkeypatch):
    with pytest.raises(PermissionRefused):
        decide_many(several, bystander)
    with pytest.raises(InvalidRequest, match="'burnt' is no decision"):
        decide_many(several, staff, "burnt")
    with pytest.raises(InvalidRequest, match="'' is not a reason"):
        decide_many(several, staff, Review.Decision.REJECTED)
    monkeypatch.setattr(review, "MAX_AT_ONCE", 2)
    with pytest.raises(InvalidRequest, match="3 pictures were chosen at once; the limit is 2"):
        decide_many(several, staff)
    assert not Review.objects.exists()


def test_many_are_announced_one_by_one(several, staff, django_capture_on_commit_callbacks):
    heard = []
    for signal in (signals.variant_approved, signals.variant_rejected):
        signal.connect(lambda variant, **_: heard.append(variant.status), weak=False)
    with django_capture_on_commit_callbacks(execute=True):
        decide_many(several[:2], staff)
        decide_many(several[2:], staff, Review.Decision.REJECTED, reason="edge")
    with django_capture_on_commit_callbacks(execute=True):
        decide_many(several, staff, Review.Decision.UNDONE)
    assert heard == [Status.APPROVED, Status.APPROVED, Status.REJECTED]


def test_an_earlier_take_is_approved_even_after_it_was_rejected(variant, staff):
    review.reject(variant=variant, reviewer=staff, reason="edge")
    review.approve_take(variant=variant, reviewer=staff)
    variant.refresh_from_db()
    assert variant.status == Status.APPROVED
    decisions = list(variant.reviews.values_list("decision", flat=True))
    assert decisions == ["rejected", "undone", "approved"]
