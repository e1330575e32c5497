"""Leases: one worker at a time, nothing lost, nothing doubled."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from oscar_gan import signals
from oscar_gan.errors import LeaseLost
from oscar_gan.models import GenerationRequest, VariantImage
from oscar_gan.services import dispatch, generation, leases

pytestmark = pytest.mark.django_db
Status = VariantImage.Status
RequestStatus = GenerationRequest.Status
LONG_AGO = timedelta(hours=1)


def expire(request):
    """As if the worker had been silent for an hour."""
    GenerationRequest.objects.filter(pk=request.pk).update(
        lease_expires_at=timezone.now() - LONG_AGO
    )


def age(request, *, by=LONG_AGO):
    """As if the request had been made and sent an hour ago."""
    GenerationRequest.objects.filter(pk=request.pk).update(
        created_at=F("created_at") - by,
        dispatched_at=F("dispatched_at") - by,
        claimed_at=F("claimed_at") - by,
    )


@pytest.fixture
def reap(django_capture_on_commit_callbacks):
    def reap():
        with django_capture_on_commit_callbacks(execute=True):
            return leases.reap()

    return reap


class TestClaiming:
    def test_only_one_worker_gets_a_request(self, ask):
        request = ask("Navy")
        lease = leases.claim(request.pk)

        assert leases.claim(request.pk) is None
        request.refresh_from_db()
        assert (request.status, request.attempts) == (RequestStatus.RUNNING, 1)
        assert request.lease_token == lease.token

    def test_a_silent_workers_request_can_be_taken_over(self, ask):
        request = ask("Navy")
        first = leases.claim(request.pk)
        expire(request)
        second = leases.claim(request.pk)

        assert second.token != first.token
        request.refresh_from_db()
        assert request.attempts == 2

    @pytest.mark.parametrize("status", ["done", "failed", "cancelled"])
    def test_a_closed_request_is_not_to_be_had(self, ask, status):
        request = ask("Navy")
        GenerationRequest.objects.update(status=status)
        assert leases.claim(request.pk) is None

    def test_an_unknown_request_is_not_to_be_had(self):
        assert leases.claim("00000000-0000-0000-0000-000000000000") is None

    def test_the_database_refuses_a_running_request_without_lease(self, ask):
        ask("Navy")
        with pytest.raises(IntegrityError, match="gan_running_request_has_lease"):
            GenerationRequest.objects.update(status=RequestStatus.RUNNING)


class TestFencing:
    @pytest.fixture
    def stolen(self, ask):
        """A request whose first worker stalled and whose second one holds the lease."""
        request = ask("Navy")
        first = leases.claim(request.pk)
        variant = request.variants.get()
        assert leases.start_variant(first, variant)
        expire(request)
        second = leases.claim(request.pk)
        return first, second, variant

    def test_a_worker_that_lost_its_lease_writes_nothing(self, stolen):
        first, _, variant = stolen
        made = {"status": Status.AWAITING_REVIEW, "file_name": "a.jpg", "delta_e": 1.0}

        for write in (
            lambda: leases.start_variant(first, variant),
            lambda: leases.finish_variant(first, variant, **made),
            lambda: leases.complete(first),
            lambda: leases.fail(first, code="x", problem="x"),
            lambda: leases.release(first, problem="x"),
        ):
            with pytest.raises(LeaseLost, match="no longer this worker's"):
                write()

        variant.refresh_from_db()
        assert (variant.status, variant.file_name) == (Status.RUNNING, "")

    def test_the_new_owner_finishes(self, stolen):
        _, second, variant = stolen
        assert leases.start_variant(second, variant)
        made = {"status": Status.AWAITING_REVIEW, "file_name": "a.jpg", "delta_e": 1.0}
        assert leases.finish_variant(second, variant, **made)
        assert not leases.finish_variant(second, variant, **made)
        leases.complete(second)
        variant.request.refresh_from_db()
        assert variant.request.status == RequestStatus.DONE

    def test_a_worker_overtaken_while_recolouring_stops_quietly(self, ask, run, stub_generator):
        request = ask("Navy", "Mustard")

        def overtake(_target):
            stub_generator.before_recolour = lambda target: None
            expire(request)
            generation.run(request.pk)

        stub_generator.before_recolour = overtake

        run(request)

        assert (request.status, request.attempts) == (RequestStatus.DONE, 2)
        assert set(request.variants.values_list("status", flat=True)) == {Status.AWAITING_REVIEW}
        assert stub_generator.made == ["#24345C", "#D29B2A", "#24345C"]

    def test_a_colour_that_moved_to_another_request_is_no_longer_this_workers(self, ask):
        request = ask("Navy")
        lease = leases.claim(request.pk)
        variant = request.variants.get()
        leases.start_variant(lease, variant)
        VariantImage.objects.update(status=Status.CANCELLED)
        other = leases.claim(ask("Navy").pk)
        variant.refresh_from_db()

        assert not leases.start_variant(lease, variant)
        assert leases.start_variant(other, variant)
        made = {"status": Status.AWAITING_REVIEW, "file_name": "a.jpg", "delta_e": 1.0}
        assert not leases.finish_variant(lease, variant, **made)
        assert leases.finish_variant(other, variant, **made)

    def test_results_prolong_the_lease(self, ask):
        request = ask("Navy")
        lease = leases.claim(request.pk)
        soon = timezone.now() + timedelta(seconds=5)
        GenerationRequest.objects.update(lease_expires_at=soon)

        leases.start_variant(lease, request.variants.get())

        request.refresh_from_db()
        assert request.lease_expires_at > soon + timedelta(seconds=60)


class TestReaping:
    def test_a_dead_workers_request_is_queued_and_sent_again(self, ask, reap, run, sent):
        request = ask("Navy")
        lease = leases.claim(request.pk)
        leases.start_variant(lease, request.variants.get())
        expire(request)
        sent.clear()

        assert reap()["requeued"] == 1

        assert sent == [("interactive", "oscar_gan.generate", str(request.pk))]
        request.refresh_from_db()
        assert (request.status, request.lease_token) == (RequestStatus.QUEUED, None)
        assert request.variants.get().status == Status.QUEUED
        assert run(request).variants.get().status == Status.AWAITING_REVIEW
        assert request.attempts == 2

    def test_a_living_workers_request_is_left_alone(self, ask, reap, sent):
        request = ask("Navy")
        leases.claim(request.pk)
        age(request)
        sent.clear()
        assert reap() == {"requeued": 0, "failed": 0, "resent": 0}
        assert sent == []

    def test_what_kills_every_worker_fails_in_the_end(self, ask, reap, settings):
        settings.OSCAR_GAN = {"MAX_ATTEMPTS": 2}
        request = ask("Navy", "Mustard")
        failed = []
        signals.variant_failed.connect(lambda variant, **_: failed.append(variant), weak=False)

        for _ in range(2):
            assert leases.claim(request.pk)
            expire(request)
            reap()

        request.refresh_from_db()
        assert request.status == RequestStatus.FAILED
        assert "worker stopped 2 times" in request.problem
        assert set(request.variants.values_list("status", "problem_code")) == {
            (Status.FAILED, "worker-lost")
        }
        assert len(failed) == 2
        assert leases.claim(request.pk) is None

    def test_a_lost_message_is_sent_again_after_a_while(self, ask, reap, sent):
        request = ask("Navy")
        sent.clear()
        assert reap()["resent"] == 0

        age(request)

        assert reap()["resent"] == 1
        assert sent == [("interactive", "oscar_gan.generate", str(request.pk))]
        assert reap()["resent"] == 0

    def test_a_long_backlog_is_not_mistaken_for_lost_messages(self, ask, reap, sent):
        backlog = [ask(label) for label in ("Navy", "Mustard", "Red")]
        for request in backlog:
            age(request)
        leases.claim(backlog[0].pk)
        sent.clear()

        assert reap()["resent"] == 0
        assert sent == []

    def test_messages_that_a_later_one_overtook_are_sent_again(self, ask, reap, sent):
        lost, served = ask("Navy"), ask("Mustard")
        age(lost)
        leases.claim(served.pk)
        sent.clear()

        assert reap()["resent"] == 1
        assert sent == [("interactive", "oscar_gan.generate", str(lost.pk))]

    def test_a_requeued_request_does_not_make_its_backlog_look_lost(self, ask, reap, sent):
        killed, *backlog = [ask(label) for label in ("Navy", "Mustard", "Red")]
        for request in (killed, *backlog):
            age(request)
        leases.claim(killed.pk)
        leases.claim(backlog[0].pk)
        age(killed)
        expire(killed)
        sent.clear()

        assert reap() == {"requeued": 1, "failed": 0, "resent": 0}
        assert reap() == {"requeued": 0, "failed": 0, "resent": 0}
        assert len(sent) == 1

    def test_queues_are_judged_apart(self, ask, reap, sent):
        backfill, interactive = ask("Navy", queue="backfill"), ask("Mustard")
        age(backfill)
        leases.claim(interactive.pk)
        sent.clear()

        assert reap()["resent"] == 1
        assert sent == [("backfill", "oscar_gan.generate", str(backfill.pk))]


class TestBrokerDown:
    def test_the_row_stays_queued_and_the_reaper_sends_it(
        self, ask, reap, sent, monkeypatch, caplog
    ):
        working = dispatch.send_task
        monkeypatch.setattr("oscar_gan.services.dispatch.send_task", lambda *args, **kwargs: False)
        request = ask("Navy")
        request.refresh_from_db()
        assert (request.status, request.dispatched_at) == (RequestStatus.QUEUED, None)

        monkeypatch.setattr("oscar_gan.services.dispatch.send_task", working)
        age(request)

        assert reap()["resent"] == 1
        assert sent == [("interactive", "oscar_gan.generate", str(request.pk))]


def test_a_released_request_waits_and_fails_when_its_attempts_are_used_up(ask, settings):
    settings.OSCAR_GAN = {"MAX_ATTEMPTS": 2}
    request = ask("Navy")
    leases.release(leases.claim(request.pk), problem="Storage is down.")
    request.refresh_from_db()
    assert (request.status, request.attempts) == (RequestStatus.QUEUED, 1)

    leases.release(leases.claim(request.pk), problem="Storage is down.")
    request.refresh_from_db()
    assert (request.status, request.problem) == (RequestStatus.FAILED, "Storage is down.")
    assert request.variants.get().problem_code == "storage-unavailable"
