"""Publishing runs: many at once, each on its own; taken back together; the shop's policy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oscar_gan.errors import InvalidRequest, PermissionRefused
from oscar_gan.models import BackfillRun, Publication, PublishingRun
from oscar_gan.services import media, publish_runs, publishing, review
from oscar_gan.services.publish_policies import Verdict
from oscar_gan.services.publish_rules import Rule
from tests import factories

pytestmark = pytest.mark.django_db
GALLERY = Rule(scope="gallery")


def approved(source, label="Navy", **fields):
    return factories.make_variant(source, status="approved", label=label, **fields)


@pytest.fixture
def started(staff, django_capture_on_commit_callbacks):
    def started(*variants, rule=GALLERY, by=staff, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return publish_runs.start(variants=variants, rule=rule, started_by=by, **kwargs)

    return started


def test_a_run_publishes_all_and_says_so(source, product, started, sent):
    run = started(approved(source), approved(source, "Mustard"))
    assert sent == [("housekeeping", "oscar_gan.publish_run", str(run.pk))]
    assert product.images.count() == 1
    publish_runs.work(run.pk)
    assert product.images.count() == 3
    run.refresh_from_db()
    assert run.finished_at
    assert publish_runs.counts(run=run) == {
        "total": 2, "published": 2, "reverted": 0, "failed": 0, "left": 0,
    }  # fmt: skip


def test_what_is_wrong_with_one_is_its_own_outcome(source, product, started):
    fine, lost = approved(source), approved(source, "Mustard")
    media.drafts().delete(lost.file_name)
    run = started(lost, fine)
    publish_runs.work(run.pk)
    assert publish_runs.counts(run=run)["failed"] == 1
    item = run.items.get(variant=lost)
    assert (item.code, item.publication) == ("unusable-photo", None)
    assert "missing from storage" in item.problem
    assert product.images.count() == 2


def test_working_twice_publishes_nothing_twice(source, product, started):
    run = started(approved(source))
    publish_runs.work(run.pk)
    publish_runs.work(run.pk)
    run.items.update(done_at=None, publication=None)  # as a worker leaves it that died
    PublishingRun.objects.update(finished_at=None)
    publish_runs.work(run.pk)
    assert product.images.count() == 2
    assert publish_runs.counts(run=run)["published"] == 1


def test_reverting_a_run_restores_and_is_idempotent(source, product, started, staff):
    other = publishing.publish(
        variant=approved(source, "Red"), scope="gallery", published_by=staff
    )
    run = started(approved(source), approved(source, "Mustard"))
    publish_runs.work(run.pk)
    for _ in range(2):
        assert publish_runs.revert(run=run, reverted_by=staff) == []
        assert {image.pk for image in product.images.all()} == {
            source.pk,
            other.images.get().image_id,
        }
    assert run.reverted_by == staff


def test_reverting_tells_what_could_not_be_taken_back(source, started, staff, product):
    old = approved(source, target="#24345C")
    publishing.publish(variant=old, scope="gallery", published_by=staff)
    run = started(approved(source, target="#102040"), rule=Rule(scope="gallery", replace=True))
    publish_runs.work(run.pk)
    data = media.read_draft(old.file_name)
    media.drafts().delete(old.file_name)
    ((item, reason),) = publish_runs.revert(run=run, reverted_by=staff)
    assert "missing from storage" in reason
    run.refresh_from_db()
    assert run.reverted_at is None
    media.store_draft(data, folder="variants", extension=".jpg")
    assert publish_runs.revert(run=run, reverted_by=staff) == []
    assert run.reverted_at


def test_a_whole_bulk_run_is_published(source, staff, started, product):
    bulk = BackfillRun.objects.create()
    inside = approved(source, request=factories.make_request(source, run=bulk, status="done"))
    approved(source, "Mustard")
    found = publish_runs.publishable(by=staff, backfill=bulk)
    assert list(found) == [inside]
    run = started(*found, backfill=bulk)
    publish_runs.work(run.pk)
    assert not publish_runs.publishable(by=staff, backfill=bulk).exists()


def test_only_own_approved_unpublished_pictures_can_be_chosen(source, staff, partner_user):
    other = factories.make_product(partner=factories.make_partner())
    foreign = approved(other.images.get())
    mine, waiting = approved(source), factories.make_variant(source)
    out = approved(source, "Mustard")
    publishing.publish(variant=out, scope="gallery", published_by=staff)
    ids = [variant.pk for variant in (foreign, mine, waiting, out)]
    assert list(publish_runs.publishable(by=partner_user, ids=ids)) == [mine]
    assert set(publish_runs.publishable(by=staff, ids=ids)) == {foreign, mine}


def test_a_run_needs_pictures_and_the_permission(source, staff, bystander, started):
    with pytest.raises(InvalidRequest, match="No approved picture"):
        started()
    with pytest.raises(PermissionRefused):
        started(approved(source), by=bystander)
    assert not PublishingRun.objects.exists()


def test_a_lost_message_is_sent_again(source, started, sent):
    run = started(approved(source))
    assert publish_runs.reap() == 0
    PublishingRun.objects.update(touched_at=timezone.now() - timedelta(hours=1))
    assert publish_runs.reap() == 1
    assert sent[-1] == ("housekeeping", "oscar_gan.publish_run", str(run.pk))
    publish_runs.work(run.pk)
    PublishingRun.objects.update(touched_at=timezone.now() - timedelta(hours=1))
    assert publish_runs.reap() == 0


# The policy


def always(*, variant, event):
    return Verdict(publish=True, rule=GALLERY)


def made_only(*, variant, event):
    return Verdict(publish=event == "generated", rule=GALLERY)


@pytest.fixture
def policy(settings):
    def policy(name):
        settings.OSCAR_GAN = {"PUBLISH_POLICY": name}

    return policy


@pytest.fixture
def approve(staff, django_capture_on_commit_callbacks):
    def approve(variant, by=staff):
        with django_capture_on_commit_callbacks(execute=True):
            review.approve(variant=variant, reviewer=by)

    return approve


TOLERANCE = "oscar_gan.services.publish_policies.within_tolerance"


def test_by_default_nothing_is_published_without_a_person(source, approve):
    approve(factories.make_variant(source))
    assert not PublishingRun.objects.exists()


@pytest.mark.parametrize(("delta_e", "goes"), [(2.0, True), (2.1, False)])
def test_the_colour_contract(source, approve, policy, colourways, product, delta_e, goes):
    policy(TOLERANCE)
    navy = next(each for each in colourways if each.name == "Navy")
    approve(factories.make_variant(source, delta_e=delta_e, colourway=navy))
    for run in PublishingRun.objects.all():
        publish_runs.work(run.pk)
    assert (product.images.count() == 2) == goes


def test_over_the_tolerance_the_reason_is_told(source, policy, colourways, approve):
    from oscar_gan.services import automatic

    policy(TOLERANCE)
    navy = next(each for each in colourways if each.name == "Navy")
    over = factories.make_variant(source, delta_e=3.25, colourway=navy)
    assert automatic.explain(variant=over) is None
    approve(over)
    verdict = automatic.explain(variant=over)
    assert verdict.reason == "the colour error, ΔE 3.2, is over the tolerance of Navy, ΔE 2.0"
    free = approved(source, "#102030")
    assert "no colourway" in automatic.explain(variant=free).reason


def test_many_approvals_of_one_person_share_a_run(source, approve, policy, staff):
    policy(f"{__name__}.always")
    for label in ("Navy", "Mustard"):
        approve(factories.make_variant(source, label=label))
    run = PublishingRun.objects.get()
    assert (run.automatic, run.started_by, run.items.count()) == (True, staff, 2)
    publish_runs.work(run.pk)
    approve(factories.make_variant(source, label="Red"))
    assert PublishingRun.objects.count() == 2


def test_a_policy_reaches_only_products_of_whoever_approved(parent, policy, approve, partner):
    policy(f"{__name__}.everywhere")
    other = factories.make_partner()
    foreign = factories.make_child(parent, "Navy", "S", partner=other)
    option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
    variant = factories.make_variant(parent.images.get(), option=option)
    approve(variant, by=factories.make_partner_user(partner))
    publish_runs.work(PublishingRun.objects.get().pk)
    assert Publication.objects.get().images.count() == 2
    assert not foreign.images.exists()


def everywhere(*, variant, event):
    return Verdict(publish=event == "approved", rule=Rule(scope="colour"))


def test_whoever_approves_need_not_be_allowed_to_publish(source, policy, approve, product):
    policy(f"{__name__}.always")
    approve(factories.make_variant(source), by=factories.make_user("review_variants"))
    publish_runs.work(PublishingRun.objects.get().pk)
    assert product.images.count() == 2


def test_a_policy_may_publish_what_awaits_review_and_a_rejection_takes_it_back(
    ask, run, policy, product, staff, django_capture_on_commit_callbacks
):
    policy(f"{__name__}.made_only")
    run(ask("Navy", requested_by=staff))
    publish_runs.work(PublishingRun.objects.get().pk)
    publication = Publication.objects.get()
    assert publication.variant.status == "awaiting_review"
    assert product.images.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        review.reject(variant=publication.variant, reviewer=staff, reason="edge")
    assert product.images.count() == 1
    publication.refresh_from_db()
    assert (publication.reverted_by, publication.reverted_at is None) == (None, False)


def test_a_decision_taken_back_in_time_publishes_nothing(source, policy, approve, product, staff):
    policy(f"{__name__}.always")
    variant = factories.make_variant(source, label="Navy")
    approve(variant)
    review.undo(variant=variant, reviewer=staff)
    review.reject(variant=variant, reviewer=staff, reason="edge")
    run = PublishingRun.objects.get()
    publish_runs.work(run.pk)
    assert product.images.count() == 1
    assert publish_runs.counts(run=run)["failed"] == 1
