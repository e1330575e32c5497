"""Bulk runs: planned without writing, asked for once, stopped and resumed."""

from datetime import timedelta
from itertools import islice

import pytest
from django.utils import timezone

from oscar_gan.errors import InvalidRequest, InvalidTransition, PermissionRefused
from oscar_gan.models import BackfillRun, GenerationRequest, VariantImage
from oscar_gan.services import backfill, leases, planning, publishing, runs
from oscar_gan.services.colours import look_target
from oscar_gan.services.looks import print_look, style_look
from oscar_gan.services.requests import request_variants
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
EVERYTHING = Selection()
Status = VariantImage.Status


def labels(item):
    return [target.label for target in item.targets]


def skipped(item):
    return {skip.label: skip.reason for skip in item.skips}


def plan_of(product, **options):
    (item,) = planning.plan(selection=Selection(products=(product.pk,), **options))
    return item


class TestPlanning:
    def test_a_parent_lacks_the_colours_whose_children_have_no_photo(self, parent):
        item = plan_of(parent)
        assert item.source == parent.images.get()
        assert labels(item) == ["Navy", "Forest green"]
        assert skipped(item) == {"Red": "has-picture"}

    def test_all_means_colours_with_a_picture_as_well(self, parent):
        assert labels(plan_of(parent, missing=False)) == ["Red", "Navy", "Forest green"]

    def test_a_published_colour_is_not_missing(self, parent, staff):
        navy = factories.AttributeOption.objects.get(option="Navy")
        variant = factories.make_variant(
            parent.images.get(), status="approved", label="Navy", option=navy
        )
        free = factories.make_variant(
            parent.images.get(), status="approved", label="#123456", target="#123456"
        )
        for picture in (variant, free):
            publishing.publish(variant=picture, scope="gallery", published_by=staff)

        assert labels(plan_of(parent)) == ["Forest green"]
        assert skipped(plan_of(parent, colours=("#123456",))) == {"#123456": "has-picture"}

    def test_our_own_pictures_are_never_the_source(self, product, source, staff):
        variant = factories.make_variant(source, status="approved")
        publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
        source.delete()
        assert plan_of(product).reason == "no-photo"
        assert publication.images.get().image in product.images.all()

    def test_a_parent_without_photo_borrows_its_first_childs(self, parent):
        parent.images.get().delete()
        item = plan_of(parent)
        assert item.source.product in parent.children.all()
        assert labels(item) == ["Navy", "Forest green"]

    def test_named_colours_are_matched_per_product(self, parent, colourways):
        colours = ("navy", "Mustard", "#1F3A93", "Midnight")
        item = plan_of(parent, colours=colours)
        assert labels(item) == ["Navy", "Mustard", "#1F3A93"]
        assert skipped(item) == {"Midnight": "not-its-colour"}
        assert item.targets[0].option is not None

    def test_reasons_for_doing_nothing(self, product):
        bare = factories.make_product(photo=False)
        assert plan_of(bare).reason == "no-photo"

        book = factories.Product.objects.create(
            title="Book", product_class=factories.ProductClass.objects.create(name="Books")
        )
        factories.add_photo(book)
        assert plan_of(book).reason == "no-colours"

        item = plan_of(product, colours=("Red",))
        assert (item.reason, skipped(item)) == ("nothing-left", {"Red": "has-picture"})

    def test_an_option_whose_colour_nobody_named_is_skipped(self, product):
        assert skipped(plan_of(product)) == {"Red": "has-picture", "Mustard": "colour-unknown"}

    def test_what_was_asked_before_is_told_apart(self, parent, ask, matte_data):
        ask("Navy", source=parent.images.get())
        item = plan_of(parent)
        assert item.asked_before == {"Navy"}
        assert [target.label for target in item.fresh] == ["Forest green"]

        VariantImage.objects.update(status=Status.FAILED, problem="Broken.")
        assert plan_of(parent).asked_before == set()

    def test_looks_are_asked_of_every_product_instead_of_its_colours(self, parent, product):
        stripe = factories.make_print("Harbour stripe")
        chosen = {"prints": (stripe.pk,), "styles": ("stone-wash",), "scale": 0.1}
        for each in (parent, product):
            item = plan_of(each, **chosen)
            assert labels(item) == ["Harbour stripe", "Stone wash"]
            assert item.targets[0].look.details["placement"]["scale"] == 0.1
        assert labels(plan_of(parent, colours=("navy",), styles=("vivid",))) == ["Navy", "Vivid"]

    def test_a_published_look_is_not_missing_but_its_colour_is(self, parent, staff):
        style = style_look("vivid", colours=("#123456",))
        variant = factories.make_variant(
            parent.images.get(), status="approved", label="Vivid", target="#123456"
        )
        variant.recipe |= {"kind": "style", "style": style.details}
        variant.save()
        publishing.publish(variant=variant, scope="gallery", published_by=staff)
        assert labels(plan_of(parent, colours=("#123456",))) == ["#123456"]
        plain = style_look("vivid")
        variant.recipe["style"] = plain.details
        variant.save()
        assert skipped(plan_of(parent, styles=("vivid",))) == {"Vivid": "has-picture"}
        assert labels(plan_of(parent, styles=("vivid",), missing=False)) == ["Vivid"]

    def test_looks_asked_before_are_told_apart_by_where_they_lie(self, parent):
        stripe = factories.make_print("Harbour stripe")
        request_variants(
            source=parent.images.get(), targets=[look_target(look=print_look(stripe))]
        )
        assert plan_of(parent, prints=(stripe.pk,)).asked_before == {"Harbour stripe"}
        assert plan_of(parent, prints=(stripe.pk,), scale=0.1).asked_before == set()

    def test_a_run_whose_print_was_deleted_says_so(self, parent):
        with pytest.raises(InvalidRequest, match="1 of the 1 prints of this run were deleted"):
            plan_of(parent, prints=(4711,))

    def test_it_writes_nothing(self, parent, product, django_assert_max_num_queries):
        list(planning.plan(selection=EVERYTHING))
        assert not GenerationRequest.objects.exists()
        assert not BackfillRun.objects.exists()

    def test_it_visits_products_in_order_in_chunks(self, monkeypatch, partner):
        monkeypatch.setattr(planning, "CHUNK", 2)
        products = [factories.make_product() for _ in range(5)]
        visited = [item.product for item in planning.plan(selection=EVERYTHING)]
        assert visited == products
        after = products[2].pk
        visited = [item.product for item in planning.plan(selection=EVERYTHING, after=after)]
        assert visited == products[3:]


@pytest.fixture
def go(django_capture_on_commit_callbacks):
    """Run a backfill to its end (or for some steps) and commit."""

    def go(run, steps=None, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return list(islice(backfill.run(run=run, **kwargs), steps))

    return go


class TestRunning:
    def test_each_product_is_one_request_on_the_backfill_queue(self, product, parent, go, sent):
        run = backfill.start(selection=EVERYTHING)

        first, second = go(run)

        assert [first.item.product, second.item.product] == [product, parent]
        assert (second.created, second.reused) == (2, 0)
        assert second.request.run == run
        assert {message[:2] for message in sent} == {("backfill", "oscar_gan.generate")}
        assert len(sent) == 2
        run.refresh_from_db()
        assert run.finished_at is not None
        assert run.counts == {"products": 2, "asked": 2, "created": 5, "reused": 0}

    def test_a_second_run_asks_for_nothing_twice(self, parent, go, sent):
        go(backfill.start(selection=EVERYTHING))
        sent.clear()

        (outcome,) = go(backfill.start(selection=EVERYTHING))

        assert (outcome.created, outcome.reused) == (0, 2)
        assert sent == []
        assert VariantImage.objects.count() == 2

    def test_skips_are_counted_by_reason(self, product, go):
        factories.make_product(photo=False)
        factories.make_product(photo=False)
        run = backfill.start(selection=EVERYTHING)
        assert [outcome.code for outcome in go(run)] == ["", "no-photo", "no-photo"]
        assert run.counts["skipped"] == {"no-photo": 2}

    def test_one_products_trouble_is_its_own(self, product, source, parent, go):
        source.original.storage.delete(source.original.name)
        run = backfill.start(selection=EVERYTHING)

        broken, fine = go(run)

        assert broken.code == "unusable-photo"
        assert "missing from storage" in broken.problem
        assert fine.created == 2
        assert run.counts["failed"] == {"unusable-photo": 1}

    def test_the_limit_counts_products_that_are_asked_for(self, go):
        factories.make_product_class()
        factories.make_product(photo=False)
        for _ in range(3):
            factories.make_product()
        run = backfill.start(selection=EVERYTHING, limit=2)
        assert len(go(run)) == 3
        assert run.counts["asked"] == 2

    def test_a_stopped_run_continues_where_it_was(self, go, sent):
        factories.make_product_class()
        products = [factories.make_product() for _ in range(4)]
        run = backfill.start(selection=EVERYTHING)
        go(run, steps=2)
        assert BackfillRun.objects.get().cursor == products[1].pk
        assert BackfillRun.objects.get().finished_at is None

        resumed = backfill.find_run()
        assert backfill.remaining(run=resumed) == 2
        assert [outcome.item.product for outcome in go(resumed)] == products[2:]
        assert resumed.counts["products"] == 4
        assert len(sent) == 4

    def test_a_run_is_found_by_the_beginning_of_its_id(self):
        older = backfill.start(selection=EVERYTHING)
        newer = backfill.start(selection=EVERYTHING)
        assert backfill.find_run() == newer
        assert backfill.find_run(str(older.pk)[:13]) == older

    def test_a_finished_run_is_not_resumed(self, go):
        run = backfill.start(selection=EVERYTHING)
        go(run)
        with pytest.raises(InvalidTransition, match="No run is waiting to be resumed"):
            backfill.find_run()
        with pytest.raises(InvalidTransition, match=f"No run {run.pk} is waiting"):
            backfill.find_run(str(run.pk))


class TestRunningHere:
    def test_pictures_are_made_without_a_message(self, parent, go, sent):
        run = backfill.start(selection=EVERYTHING)
        (outcome,) = go(run, sync=True)
        assert sent == []
        assert set(outcome.request.variants.values_list("status", flat=True)) == {
            Status.AWAITING_REVIEW
        }
        assert runs.results(run=run) == {Status.AWAITING_REVIEW: 2}

    def test_what_a_killed_process_held_is_made_when_its_lease_ran_out(self, parent, go, settings):
        settings.OSCAR_GAN = {"LEASE_SECONDS": 1}
        run = backfill.start(selection=EVERYTHING)
        go(run)
        request = GenerationRequest.objects.get()
        lease = leases.claim(request.pk)
        leases.start_variant(lease, request.variants.first())
        GenerationRequest.objects.update(lease_expires_at=timezone.now() + timedelta(seconds=0.3))

        go(run, sync=True)

        request.refresh_from_db()
        assert (request.status, request.attempts) == ("done", 2)
        assert runs.results(run=run) == {Status.AWAITING_REVIEW: 2}


class TestAskingForChosenProducts:
    def test_the_dashboard_asks_for_what_is_missing(self, parent, staff):
        (outcome,) = backfill.request_products(products=[parent], by=staff)
        assert (outcome.created, outcome.item.product) == (2, parent)
        request = GenerationRequest.objects.get()
        assert (request.requested_by, request.queue) == (staff, "backfill")
        assert request.run.started_by == staff
        assert request.run.finished_at is not None

    def test_children_stand_for_their_parent_once(self, parent, staff):
        (outcome,) = backfill.request_products(products=parent.children.all(), by=staff)
        assert outcome.item.product == parent

    def test_colours_can_be_named(self, product, staff, colourways):
        backfill.request_products(products=[product], by=staff, colours=("Navy", "#123456"))
        assert set(VariantImage.objects.values_list("label", flat=True)) == {"Navy", "#123456"}

    def test_no_products_are_no_run(self, staff, product):
        assert backfill.request_products(products=[], by=staff) == []
        assert not BackfillRun.objects.exists()

    def test_it_needs_the_permission_for_every_product(self, product, bystander, partner_user):
        foreign = factories.make_product(partner=factories.make_partner())
        with pytest.raises(PermissionRefused):
            backfill.request_products(products=[product], by=bystander)
        with pytest.raises(PermissionRefused, match="1 of the 2 products belong to another"):
            backfill.request_products(products=[product, foreign], by=partner_user)
        assert not GenerationRequest.objects.exists()
        (outcome,) = backfill.request_products(products=[product], by=partner_user)
        assert outcome.created == 2
