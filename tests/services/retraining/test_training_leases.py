"""Leases on training runs: one worker at a time, nothing lost, messages that never multiply."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from oscar_gan.errors import LeaseLost
from oscar_gan.models import TrainingRun
from oscar_gan.services import retraining, training_leases

pytestmark = pytest.mark.django_db


def expire(run):
    """As if the worker had been silent for an hour."""
    TrainingRun.objects.filter(pk=run.pk).update(
        lease_expires_at=timezone.now() - timedelta(hours=1)
    )


def age(run, **by):
    """As if the run had been made and sent that long ago."""
    TrainingRun.objects.filter(pk=run.pk).update(
        created_at=F("created_at") - timedelta(**by),
        dispatched_at=F("dispatched_at") - timedelta(**by),
    )


@pytest.fixture
def run(start):
    return start()


@pytest.fixture
def reap(django_capture_on_commit_callbacks):
    def reap():
        with django_capture_on_commit_callbacks(execute=True):
            return retraining.reap()

    return reap


class TestClaiming:
    def test_only_one_worker_gets_a_run(self, run):
        lease = training_leases.claim(run.pk)
        assert training_leases.claim(run.pk) is None
        assert training_leases.claim(run.pk, at_once=True) is None
        run.refresh_from_db()
        assert (run.status, run.attempts, run.lease_token) == ("running", 1, lease.token)

    def test_a_silent_workers_run_is_taken_over_and_it_can_write_no_more(self, run):
        first = training_leases.claim(run.pk)
        expire(run)
        second = training_leases.claim(run.pk)
        assert second.token != first.token
        for attempt in (
            lambda: training_leases.write(first, step=7),
            lambda: training_leases.hand_on(first),
            lambda: training_leases.release(first, code="x", problem="x"),
            lambda: training_leases.fail(first, code="x", problem="x"),
            lambda: training_leases.complete(first, verdict="x"),
        ):
            with pytest.raises(LeaseLost, match=str(run.pk)):
                attempt()
        run.refresh_from_db()
        assert (run.status, run.step, run.attempts) == ("running", 0, 2)

    @pytest.mark.parametrize("status", ["done", "cancelled"])
    def test_a_finished_run_is_not_to_be_had(self, run, status):
        TrainingRun.objects.update(status=status)
        assert training_leases.claim(run.pk) is None

    def test_an_unknown_run_is_not_to_be_had(self):
        assert training_leases.claim("00000000-0000-0000-0000-000000000000") is None

    def test_a_message_is_good_until_another_one_was_sent(self, run, sent):
        training_leases.send(run.pk)
        (*_, earlier), (*_, later) = sent
        assert earlier != later
        assert training_leases.claim(run.pk, sent=earlier) is None
        assert training_leases.claim(run.pk, sent=later)

    def test_a_redelivered_message_does_nothing_after_its_chunk(self, run, sent):
        """Redis gives a message out again when a chunk outlasts `visibility_timeout`."""
        (*_, message) = sent[0]
        lease = training_leases.claim(run.pk, sent=message)
        assert training_leases.claim(run.pk, sent=message) is None
        training_leases.hand_on(lease)
        training_leases.send(run.pk)
        assert training_leases.claim(run.pk, sent=message) is None


class TestGivingBack:
    def test_a_chunk_that_achieved_something_costs_no_attempt(self, run):
        training_leases.hand_on(training_leases.claim(run.pk))
        run.refresh_from_db()
        assert (run.status, run.attempts, run.lease_token) == ("queued", 0, None)

    def test_storage_that_is_down_is_waited_for_ever_longer(self, run):
        waits = []
        for _ in range(2):
            lease = training_leases.claim(run.pk, at_once=True)
            training_leases.release(lease, code="storage-unavailable", problem="S3 is down.")
            assert training_leases.claim(run.pk) is None
            run.refresh_from_db()
            waits.append((run.lease_expires_at - timezone.now()).total_seconds() / 60)
        assert waits == [pytest.approx(5, abs=0.2), pytest.approx(50, abs=0.2)]
        assert (run.status, run.problem) == ("queued", "S3 is down.")

        lease = training_leases.claim(run.pk, at_once=True)
        training_leases.release(lease, code="storage-unavailable", problem="S3 is down.")
        run.refresh_from_db()
        assert (run.status, run.problem_code) == ("failed", "storage-unavailable")

    def test_a_new_start_takes_the_old_problem_back(self, run):
        lease = training_leases.claim(run.pk)
        training_leases.release(lease, code="storage-unavailable", problem="S3 is down.")
        training_leases.claim(run.pk, at_once=True)
        run.refresh_from_db()
        assert (run.problem, run.problem_code) == ("", "")

    def test_a_run_that_a_person_has_in_hand_is_left_alone_for_a_day(self, run, reap, sent):
        training_leases.hand_on(training_leases.claim(run.pk), message=False)
        age(run, hours=12)
        sent.clear()
        assert reap()["resent"] == 0
        expire(run)
        assert reap()["resent"] == 1
        assert training_leases.claim(run.pk)


class TestReaping:
    def test_a_dead_workers_run_is_queued_and_sent_again(self, run, reap, sent):
        training_leases.claim(run.pk)
        assert reap() == {"requeued": 0, "failed": 0, "resent": 0}
        expire(run)
        sent.clear()
        assert reap() == {"requeued": 1, "failed": 0, "resent": 0}
        assert len(sent) == 1
        run.refresh_from_db()
        assert (run.status, run.attempts) == ("queued", 1)

    def test_a_run_that_kills_its_workers_fails_in_the_end(self, run, reap):
        for _ in range(3):
            assert training_leases.claim(run.pk)
            expire(run)
            outcome = reap()
        assert outcome["failed"] == 1
        run.refresh_from_db()
        assert (run.status, run.problem_code) == ("failed", "worker-lost")
        assert "stopped 3 times in a row while collecting (step 0 of 50)" in run.problem

    def test_progress_forgets_earlier_attempts(self, run, reap):
        for _ in range(5):
            lease = training_leases.claim(run.pk)
            training_leases.write(lease, checkpoint_name="x", attempts=0)
            expire(run)
            assert reap()["requeued"] == 1

    def test_a_lost_message_is_sent_again(self, run, reap, sent):
        sent.clear()
        assert reap()["resent"] == 0
        age(run, minutes=1)
        assert reap()["resent"] == 1
        assert len(sent) == 1

    def test_a_broker_that_was_down_is_asked_again_at_once(self, run, reap):
        TrainingRun.objects.update(dispatched_at=None)
        assert reap()["resent"] == 1

    def test_without_a_training_worker_messages_become_rare(self, run, reap):
        TrainingRun.objects.update(created_at=timezone.now() - timedelta(hours=5))
        age(run, minutes=5)
        assert reap()["resent"] == 0
        age(run, minutes=6)
        assert reap()["resent"] == 1

    def test_a_broker_that_is_down_leaves_the_run_to_the_reaper(self, run, monkeypatch):
        monkeypatch.setattr("oscar_gan.services.dispatch.send_task", lambda *a, **k: False)
        training_leases.send(run.pk)
        run.refresh_from_db()
        assert run.dispatched_at is None
