"""The log: every deed leaves a line in it, lines are never changed, pages need no counting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from oscar_gan.errors import InvalidRequest, PermissionRefused
from oscar_gan.models import AuditEvent, Colourway, Palette
from oscar_gan.services import (
    audit,
    backfill,
    mattes,
    publishing,
    registry,
    requests,
    review,
    runs,
)
from oscar_gan.services.colourways import editing
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def reader(db):
    return factories.make_user("view_auditevent")


class TestWriting:
    def test_asking_and_cancelling(self, ask, staff):
        request = ask("Navy", "Mustard", requested_by=staff)
        requests.cancel_request(request=request, by=staff)
        asked, cancelled = AuditEvent.objects.order_by("pk")
        assert (asked.action, asked.actor, asked.product) == ("requested", staff, request.product)
        ids = list(request.variants.order_by("pk").values_list("pk", flat=True))
        assert asked.after == {"new": 2, "ids": ids}
        assert asked.generator == request.generator.digest
        assert (cancelled.action, cancelled.before) == ("cancelled", 2)

    def test_what_exists_already_is_no_deed(self, ask, staff):
        ask("Navy", requested_by=staff)
        ask("Navy", requested_by=staff)
        assert actions() == ["requested"]

    def test_decisions_publications_and_reverts(
        self, source, staff, django_capture_on_commit_callbacks
    ):
        variant = factories.make_variant(source)
        with django_capture_on_commit_callbacks(execute=True):
            review.approve(variant=variant, reviewer=staff)
            review.undo(variant=variant, reviewer=staff)
            review.reject(variant=variant, reviewer=staff, reason="edge")
            review.undo(variant=variant, reviewer=staff)
            review.approve(variant=variant, reviewer=staff)
        with django_capture_on_commit_callbacks(execute=True):
            publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
        image = publication.images.get().image_id
        with django_capture_on_commit_callbacks(execute=True):
            publishing.revert(publication=publication, reverted_by=staff)
        assert actions() == [
            *("approved", "undone", "rejected", "undone", "approved", "published", "reverted")
        ]
        rejected = AuditEvent.objects.get(action="rejected")
        assert (rejected.after, rejected.recipe) == ("edge", variant.recipe_digest)
        assert rejected.generator == variant.recipe["generator"]["digest"]
        published = AuditEvent.objects.get(action="published")
        product = str(source.product_id)
        assert (published.before, published.after) == ({product: [source.pk]}, {product: [image]})

    def test_outlines_by_staff_but_not_the_machines(self, source, staff, matte_data, ask, run):
        run(ask("Navy"))
        matte = mattes.add_staff_matte(source=source, data=matte_data, created_by=staff)
        event = AuditEvent.objects.get(action="matte-saved")
        assert (event.object_id, event.actor) == (str(matte.pk), staff)
        assert event.after == {"photo": source.pk, "digest": matte.digest}

    def test_generators(self, trained, superuser, django_capture_on_commit_callbacks):
        before = registry.champion()
        version = trained(passed=True)
        with django_capture_on_commit_callbacks(execute=True):
            registry.promote(version=version, by=superuser)
        event = AuditEvent.objects.filter(actor=superuser).get()
        assert (event.action, event.generator, event.before) == (
            *("generator", version.digest),
            before.digest,
        )

    def test_colourways_and_palettes(self, staff):
        navy = editing.save_colourway(colourway=Colourway(name="Navy", colour="#1f2a44"), by=staff)
        navy.colour = "#000080"
        editing.save_colourway(colourway=navy, by=staff)
        palette = editing.save_palette(palette=Palette(name="Sea"), colourways=[navy], by=staff)
        editing.delete_palette(palette=palette, by=staff)
        editing.delete_colourway(colourway=navy, by=staff)
        assert actions() == [
            *("colourway-saved", "colourway-saved", "palette-saved"),
            *("palette-deleted", "colourway-deleted"),
        ]
        changed = AuditEvent.objects.order_by("pk")[1]
        assert (changed.before["colour"], changed.after["colour"]) == ("#1F2A44", "#000080")

    def test_a_bulk_run_is_one_line_however_many_products(self, product, staff, colourways):
        run = backfill.start(selection=Selection(products=(product.pk,)), started_by=staff)
        list(backfill.run(run=run))
        runs.cancel_run(run=run, by=staff)
        assert actions() == ["run-started", "run-cancelled"]


class TestKeeping:
    def test_lines_are_never_changed_or_deleted(self, staff):
        event = audit.record(action=Action.IMPORTED, by=staff)
        event.action = Action.APPROVED
        for deed in (
            event.save,
            event.delete,
            AuditEvent.objects.all().delete,
            lambda: AuditEvent.objects.update(action="approved"),
        ):
            with pytest.raises(TypeError, match="only grows"):
                deed()
        assert AuditEvent.objects.get().action == "imported"

    def test_they_outlive_the_person_and_the_product(self, source, staff):
        review.approve(variant=factories.make_variant(source), reviewer=staff)
        email = staff.email
        source.product.delete()
        staff.delete()
        event = AuditEvent.objects.get()
        assert (event.actor, event.product, event.actor_name) == (None, None, email)
        assert event.object_name == "Navy"


class TestReading:
    @pytest.fixture
    def events(self, product, staff):
        other = factories.make_user()
        start = timezone.now() - timedelta(days=10)
        return [
            AuditEvent.objects.create(
                at=start + timedelta(days=number // 2),
                action=Action.APPROVED if number % 2 else Action.REJECTED,
                actor=staff if number < 6 else other,
                actor_name=(staff if number < 6 else other).email,
                product=product if number % 3 == 0 else None,
                object_name=f"number {number}",
            )
            for number in range(12)
        ]

    def test_pages_follow_each_other_without_gap_or_overlap(self, reader, events):
        """Two lines each have the same time: the id breaks the tie."""
        seen, cursor = [], ""
        for _ in range(6):
            page = audit.page(user=reader, filters=audit.Filters(), before=cursor, size=5)
            seen += page.events
            cursor = page.older
            if not cursor:
                break
        assert seen == events[::-1]

    def test_a_page_counts_nothing(self, reader, events, django_assert_num_queries):
        with django_assert_num_queries(3):  # the reader's permissions twice, the page
            audit.page(user=reader, filters=audit.Filters(), size=5)

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            ({}, 12),
            ({"action": "approved"}, 6),
            ({"product": "Canvas"}, 4),
            ({"product": "no such thing"}, 0),
            ({"since": 6}, 4),
            ({"until": 6}, 10),
        ],
    )
    def test_filters(self, reader, events, filters, count):
        for name in ("since", "until"):
            if name in filters:
                day = timezone.localdate() - timedelta(days=filters[name])
                filters = {**filters, name: day}
        page = audit.page(user=reader, filters=audit.Filters(**filters))
        if "since" in filters or "until" in filters:
            assert all(self._within(event, filters) for event in page.events)
            assert page.events
        else:
            assert len(page.events) == count

    def _within(self, event, filters):
        day = timezone.localtime(event.at).date()
        return filters.get("since", day) <= day <= filters.get("until", day)

    def test_a_person_by_part_of_the_address_or_name(self, reader, events, staff):
        staff.first_name = "Marguerite"
        staff.save()
        for words in (staff.email, "marguer"):
            assert len(audit.page(user=reader, filters=audit.Filters(person=words)).events) == 6

    def test_the_export_is_the_same_in_chunks(self, reader, events, monkeypatch):
        monkeypatch.setattr(audit, "CHUNK", 5)
        assert list(audit.export(user=reader, filters=audit.Filters())) == events[::-1]

    def test_partner_staff_see_their_products_and_their_own_deeds(
        self, events, product, partner_user
    ):
        own = audit.record(action=Action.IMPORTED, by=partner_user)
        seen = audit.page(user=partner_user, filters=audit.Filters()).events
        assert own in seen
        assert all(event.product == product for event in seen if event != own)
        assert len(seen) == 5

    def test_others_see_nothing(self, bystander):
        with pytest.raises(PermissionRefused):
            audit.page(user=bystander, filters=audit.Filters())

    @pytest.mark.parametrize("cursor", ["x", "2026-01-01", "2026-01-01T00:00:00+00:00_x", "_1"])
    def test_no_place_in_the_log(self, reader, cursor):
        with pytest.raises(InvalidRequest, match="newest"):
            audit.page(user=reader, filters=audit.Filters(), before=cursor)
