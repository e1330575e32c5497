"""Quotas: one counter for everything that asks, and nobody gets past it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from oscar_gan.errors import QuotaExceeded
from oscar_gan.models import AuditEvent, BackfillRun, GenerationRequest, Quota, QuotaUse
from oscar_gan.services import backfill, quotas, requests, runs
from oscar_gan.services.selection import Selection
from tests import factories


@pytest.fixture
def limited(settings):
    def limited(*, user=None, partner=None):
        settings.OSCAR_GAN = {
            "MAX_VARIANTS_PER_USER_PER_DAY": user,
            "MAX_VARIANTS_PER_PARTNER_PER_DAY": partner,
        }

    return limited


@pytest.mark.django_db
class TestCounting:
    def test_without_limits_nothing_is_limited_and_all_is_counted(self, ask, staff):
        ask("Navy", "Mustard", requested_by=staff)
        assert quotas.allowances(user=staff) == []
        assert QuotaUse.objects.get(user=staff).used == 2

    def test_what_is_left_and_when_it_starts_anew(self, ask, staff, limited):
        limited(user=50)
        ask("Navy", "Mustard", requested_by=staff)
        ask("Navy", requested_by=staff)  # exists already: costs nothing
        allowance = quotas.tightest(user=staff)
        assert (allowance.left, allowance.limit) == (48, 50)
        resets = timezone.localtime(allowance.resets)
        assert (resets.hour, resets.minute) == (0, 0)
        assert resets.date() == timezone.localdate() + timedelta(days=1)

    def test_too_many_queue_nothing_and_say_what_how_much_and_when(self, ask, staff, limited):
        limited(user=3)
        ask("Navy", "Mustard", requested_by=staff)
        with pytest.raises(QuotaExceeded, match=r"2 .* asked for, but 1 of 3 are left today"):
            ask("Red", "Forest green", requested_by=staff)
        assert GenerationRequest.objects.count() == 1
        assert quotas.tightest(user=staff).left == 1
        ask("Red", requested_by=staff)
        assert quotas.tightest(user=staff).left == 0

    def test_what_is_cancelled_before_it_was_begun_is_given_back(self, ask, staff, limited):
        limited(user=5)
        request = ask("Navy", "Mustard", "Red", requested_by=staff)
        request.variants.filter(label="Red").update(status="running")
        requests.cancel_variant(variant=request.variants.get(label="Navy"), by=staff)
        assert quotas.tightest(user=staff).left == 3
        requests.cancel_request(request=request, by=staff)
        assert quotas.tightest(user=staff).left == 4
        GenerationRequest.objects.update(created_at=timezone.now() - timedelta(days=1))
        request.refresh_from_db()
        request.variants.update(status="queued")
        requests.cancel_request(request=request, by=staff)
        assert quotas.tightest(user=staff).left == 4  # they were on yesterday's count

    def test_a_cancelled_run_gives_back_what_was_not_begun(self, source, staff, limited):
        limited(user=5)
        run = backfill.start(selection=Selection(colours=("#24345C", "#AA8020")), started_by=staff)
        list(backfill.run(run=run))
        assert quotas.tightest(user=staff).left == 3
        runs.cancel_run(run=run, by=staff)
        assert quotas.tightest(user=staff).left == 5

    def test_a_new_day_starts_anew(self, ask, staff, limited):
        limited(user=1)
        yesterday = timezone.localdate() - timedelta(days=1)
        QuotaUse.objects.create(user=staff, day=yesterday, used=1)
        ask("Navy", requested_by=staff)
        assert quotas.tightest(user=staff).left == 0

    def test_an_own_limit_stands_before_the_settings(self, staff, limited):
        limited(user=5)
        Quota.objects.create(user=staff, per_day=9)
        assert quotas.tightest(user=staff).limit == 9
        Quota.objects.update(per_day=None)
        assert quotas.tightest(user=staff) is None

    def test_a_partners_staff_share_the_partners(self, ask, partner, partner_user, limited):
        limited(user=10, partner=3)
        colleague = factories.make_partner_user(partner)
        ask("Navy", "Mustard", requested_by=partner_user)
        tightest = quotas.tightest(user=colleague)
        assert (tightest.owner, tightest.is_partner, tightest.left) == (partner, True, 1)
        with pytest.raises(QuotaExceeded, match=f"1 of 3 of {partner} are left"):
            ask("Red", "Forest green", requested_by=colleague)
        # What the person's own counter had taken is given back with the rest.
        use = QuotaUse.objects.filter(user=colleague)
        assert sum(use.values_list("used", flat=True)) == 0

    def test_a_command_of_nobody_has_no_limit(self, ask, limited):
        limited(user=0, partner=0)
        ask("Navy")
        assert not QuotaUse.objects.exists()


@pytest.mark.django_db
class TestBulk:
    def test_a_run_stops_at_the_limit_and_goes_on_the_next_day(
        self, staff, limited, colourways, monkeypatch
    ):
        products = [factories.make_product(colour="Red") for _ in range(3)]
        limited(user=7)  # three colours are missing of each
        run = backfill.start(
            selection=Selection(products=tuple(product.pk for product in products)),
            started_by=staff,
        )
        outcomes = list(backfill.run(run=run))
        assert [outcome.code for outcome in outcomes] == ["", "", "quota-exceeded"]
        run.refresh_from_db()
        assert (run.finished_at, run.counts["created"]) == (None, 6)
        assert backfill.find_run() == run

        tomorrow = timezone.localdate() + timedelta(days=1)
        monkeypatch.setattr("oscar_gan.services.quotas.timezone.localdate", lambda: tomorrow)
        assert [outcome.created for outcome in backfill.run(run=run)] == [3]
        run.refresh_from_db()
        assert run.finished_at is not None

    def test_a_run_of_who_may_not_generate_does_not_start(self, bystander):
        with pytest.raises(Exception, match="permission"):
            backfill.start(selection=Selection(), started_by=bystander)
        assert not BackfillRun.objects.exists()


def test_a_refusal_names_the_zone(staff, limited):
    limited(user=1)
    allowance = quotas.Allowance(
        owner=staff,
        is_partner=False,
        limit=1,
        used=1,
        resets=timezone.make_aware(datetime(2026, 11, 27)),
    )
    assert "2026-11-27 00:00" in quotas._refusal(allowance, 2)


@pytest.mark.django_db
def test_changed_quotas_are_on_record(client, superuser, staff):
    client.force_login(superuser)
    client.post("/admin/oscar_gan/quota/add/", {"user": staff.pk, "partner": "", "per_day": "7"})
    quota = Quota.objects.get()
    event = AuditEvent.objects.get(action="quota-changed")
    assert (quota.per_day, event.actor, event.before, event.after) == (7, superuser, None, 7)
