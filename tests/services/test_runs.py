"""Bulk runs: progress, time left, cancelling; and who is told, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_gan.errors import InvalidTransition, PermissionRefused
from oscar_gan.models import BackfillRun, GenerationRequest, VariantImage
from oscar_gan.services import backfill, estimates, generation, notices, requests, runs
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
Notification = get_model("communication", "Notification")
Status = VariantImage.Status


@pytest.fixture
def begun(staff, colourways, django_capture_on_commit_callbacks):
    """A run of two products, three colours each, all asked for."""

    def begun(*, by=staff, count=2):
        products = [factories.make_product(colour="Red") for _ in range(count)]
        selection = Selection(products=tuple(product.pk for product in products))
        run = backfill.start(selection=selection, started_by=by)
        with django_capture_on_commit_callbacks(execute=True):
            list(backfill.run(run=run))
        return run

    return begun


@pytest.fixture
def work(django_capture_on_commit_callbacks):
    """Do a worker's work on the requests of a run."""

    def work(run, count=None):
        queued = run.requests.filter(status="queued").order_by("created_at")
        for pk in list(queued.values_list("pk", flat=True))[:count]:
            with django_capture_on_commit_callbacks(execute=True):
                generation.run(pk)

    return work


class TestProgress:
    def test_from_the_first_to_the_last_picture(self, begun, work, settings):
        settings.OSCAR_GAN = {"SECONDS_PER_VARIANT": 2.0}
        run = begun()
        found = runs.progress(run=run)
        assert (found.state, found.done, found.total, found.percent) == ("working", 0, 6, 0)
        assert found.seconds_left == pytest.approx(12.0)

        work(run, 1)
        found = runs.progress(run=run)
        assert (found.done, found.percent) == (3, 50)
        assert 0 < found.seconds_left < 12  # by its own pace now

        work(run)
        found = runs.progress(run=run)
        assert (found.state, found.done, found.seconds_left) == ("finished", 6, None)
        assert found.statuses == {Status.AWAITING_REVIEW: 6}

    def test_a_run_that_was_left_is_stopped(self, begun, work):
        run = begun()
        BackfillRun.objects.update(
            finished_at=None, created_at=timezone.now() - timedelta(hours=1)
        )
        run.refresh_from_db()
        work(run)
        GenerationRequest.objects.update(created_at=timezone.now() - timedelta(hours=1))
        assert runs.progress(run=run).state == "stopped"


class TestCancelling:
    def test_all_that_is_not_made_yet(self, begun, work, staff):
        run = begun()
        work(run, 1)
        assert runs.cancel_run(run=run, by=staff) == 3
        assert runs.progress(run=run).state == "cancelled"
        assert not GenerationRequest.objects.filter(status="queued").exists()
        assert runs.results(run=run) == {Status.AWAITING_REVIEW: 3, Status.CANCELLED: 3}
        with pytest.raises(InvalidTransition, match="over"):
            runs.cancel_run(run=run, by=staff)

    def test_whoever_plans_it_stops_and_what_was_just_asked_for_is_cancelled(
        self, staff, colourways
    ):
        products = [factories.make_product(colour="Red") for _ in range(3)]
        selection = Selection(products=tuple(product.pk for product in products))
        run = backfill.start(selection=selection, started_by=staff)
        planner = backfill.run(run=run)
        next(planner)
        runs.cancel_run(run=BackfillRun.objects.get(), by=staff)
        assert list(planner) == []
        assert runs.results(run=run) == {Status.CANCELLED: 6}
        with pytest.raises(InvalidTransition, match="No run"):
            backfill.find_run()

    def test_partner_staff_cancel_only_their_own(self, begun, partner, partner_user):
        run = begun()
        assert list(runs.runs_for(partner_user)) == []
        with pytest.raises(PermissionRefused, match="Somebody else"):
            runs.cancel_run(run=run, by=partner_user)

    def test_a_finished_run_has_nothing_to_cancel(self, begun, work, staff):
        run = begun()
        work(run)
        run.refresh_from_db()
        with pytest.raises(InvalidTransition):
            runs.cancel_run(run=run, by=staff)


class TestNotices:
    def test_one_line_when_the_last_picture_is_there(self, begun, work, staff):
        run = begun()
        work(run, 1)
        assert not Notification.objects.exists()
        work(run)
        notice = Notification.objects.get()
        assert notice.recipient == staff
        assert notice.subject == "Your bulk run is finished: 6 are ready for review."
        assert f"/dashboard/variants/runs/{run.pk}/" in notice.body
        notices.run_finished(run.pk)
        assert Notification.objects.count() == 1
        assert mail.outbox == []

    def test_refused_and_failed_ones_are_counted(self, begun, work, stub_generator):
        from types import SimpleNamespace

        stub_generator.refuse["#D29B2A"] = SimpleNamespace(code="too-dark", message="Too dark.")
        work(begun(count=1))
        assert "2 are ready for review, 1 was refused." in Notification.objects.get().subject

    def test_a_run_with_nothing_to_make_is_told_of_too(self, begun, work):
        run = begun(count=1)
        work(run)
        again = backfill.start(
            selection=Selection.from_json(run.options), started_by=run.started_by
        )
        list(backfill.run(run=again))
        assert Notification.objects.count() == 2

    def test_by_email_through_oscars_dispatcher(self, begun, work, staff):
        notices.choose_channel(user=staff, channel="email")
        run = begun()
        work(run)
        (message,) = mail.outbox
        assert message.to == [staff.email]
        assert message.subject == "Your bulk run is finished"
        assert f"/dashboard/variants/runs/{run.pk}/" in message.body
        assert "6 are ready for review" in message.body
        assert Notification.objects.count() == 1

    def test_not_at_all(self, begun, work, staff):
        notices.choose_channel(user=staff, channel="off")
        work(begun())
        assert not Notification.objects.exists()

    def test_mail_that_cannot_be_sent_harms_nothing(self, begun, work, staff, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        notices.choose_channel(user=staff, channel="email")
        run = begun()
        work(run)
        assert runs.progress(run=run).state == "finished"
        assert Notification.objects.count() == 1

    def test_a_cancelled_run_is_not_told_of(self, begun, work, staff):
        run = begun()
        work(run, 1)
        runs.cancel_run(run=run, by=staff)
        notices.run_finished(run.pk)
        assert not Notification.objects.exists()

    @pytest.mark.parametrize(("seconds", "told"), [(5, 0), (90, 1)])
    def test_requests_only_when_they_took_long(self, ask, run, staff, seconds, told):
        request = ask("Navy", requested_by=staff)
        begun = timezone.now() - timedelta(seconds=seconds)
        GenerationRequest.objects.update(created_at=begun)
        run(request)
        assert Notification.objects.count() == told

    def test_an_outline_that_was_looked_for_is_no_news(self, source, staff, run):
        _matte, request = requests.request_analysis(source=source, requested_by=staff)
        GenerationRequest.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        run(request)
        assert not Notification.objects.exists()

    def test_cancelling_the_last_request_of_a_run_ends_it(
        self, begun, work, staff, django_capture_on_commit_callbacks
    ):
        run = begun()
        work(run, 1)
        with django_capture_on_commit_callbacks(execute=True):
            requests.cancel_request(request=run.requests.get(status="queued"), by=staff)
        assert "3 are ready for review, 3 were cancelled" in Notification.objects.get().subject

    def test_a_failed_request_says_so(self, ask, run, staff, source):
        request = ask("Navy", requested_by=staff)
        GenerationRequest.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        source.original.storage.delete(source.original.name)
        run(request)
        subject = Notification.objects.get().subject
        assert subject.startswith("The variant images of Canvas bag failed")
        assert "1 failed" in subject


class TestEstimates:
    def test_what_waits_in_the_queue_is_shared_by_its_workers(self, ask, source, settings):
        settings.OSCAR_GAN = {"SECONDS_PER_VARIANT": 2.0}
        ask("Navy", "Mustard")
        ask("Red")
        found = estimates.estimate(variants=4)
        assert (found.ahead, found.wait, found.seconds, found.total) == (2, 6.0, 8.0, 14.0)
        assert estimates.estimate(variants=4, queue="backfill").ahead == 0

    def test_size_and_time_of_a_photo_are_measured(self, ask, run):
        request = run(ask("Navy", "Mustard"))
        start = timezone.now() - timedelta(minutes=1)
        GenerationRequest.objects.update(
            claimed_at=start, finished_at=start + timedelta(seconds=9)
        )
        request.variants.update(seconds=2.0, size=1000)
        pace = estimates.pace()
        assert (pace.variant, pace.photo, pace.size) == (2.0, 5.0, 1000)
        found = estimates.estimate(variants=3, photos=2)
        assert (found.seconds, found.size) == (16.0, 3000)

    def test_the_size_of_a_file_is_kept(self, ask, run):
        request = run(ask("Navy"))
        assert request.variants.get().size > 0
