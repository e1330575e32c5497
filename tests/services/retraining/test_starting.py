"""Starting and cancelling: one run at a time, for a reason, by who may."""

import pytest
from django.db import IntegrityError

from oscar_gan.errors import (
    InvalidRequest,
    InvalidTransition,
    PermissionRefused,
    TooLittleFeedback,
)
from oscar_gan.models import GeneratorVersion, TrainingRun
from oscar_gan.services import registry, retraining

pytestmark = pytest.mark.django_db


def test_a_run_begins_with_a_frozen_manifest_and_one_message(start, trainer, sent):
    run = start(by=trainer)
    assert (run.status, run.phase, run.step, run.attempts) == ("queued", "collecting", 0, 0)
    assert (run.steps, run.seed, run.budget_seconds) == (50, 1, 120 * 60)
    assert run.manifest_digest
    assert run.base == registry.champion("recolour")
    assert (run.started_by, run.scheduled) == (trainer, False)
    assert sent == [("training", "oscar_gan.train", str(run.pk), run.dispatched_at.isoformat())]


def test_only_one_run_at_a_time(start, sent):
    run = start()
    with pytest.raises(InvalidRequest, match=f"Training run {run.pk} of recolour is queued"):
        start()
    assert TrainingRun.objects.count() == len(sent) == 1


def test_of_two_who_start_at_once_one_is_told_of_the_other(start, lab, monkeypatch):
    freeze = lab.freeze

    def meanwhile(run):
        # As if another process had committed between the look and the insert.
        monkeypatch.setattr("oscar_gan.services.feedback.freeze", freeze)
        raise IntegrityError("UNIQUE constraint failed: oscar_gan_trainingrun.name")

    monkeypatch.setattr("oscar_gan.services.feedback.freeze", meanwhile)
    looked = []

    def unfinished(name):
        looked.append(name)
        return None if len(looked) == 1 else TrainingRun(name=name, steps=5)

    monkeypatch.setattr(retraining, "_unfinished", unfinished)
    with pytest.raises(InvalidRequest, match="of recolour is queued"):
        start()
    assert not TrainingRun.objects.exists()


def test_the_database_refuses_a_second_unfinished_run(start):
    run = start()
    with pytest.raises(IntegrityError):
        TrainingRun.objects.create(name=run.name, base=run.base, steps=1, budget_seconds=1)


def test_too_little_feedback_writes_nothing(start, lab, sent):
    lab.too_few = "12 photos have a trusted outline; 40 are needed."
    with pytest.raises(TooLittleFeedback, match="40 are needed"):
        start()
    assert not TrainingRun.objects.exists()
    assert sent == []


def test_whoever_may_not_train_may_not_start_or_cancel(start, staff, bystander):
    with pytest.raises(PermissionRefused, match="oscar_gan.train_generators"):
        start(by=bystander)
    run = start(by=staff)
    with pytest.raises(PermissionRefused):
        retraining.cancel(run=run, by=bystander)
    run.refresh_from_db()
    assert run.is_unfinished


def test_the_closed_form_cannot_be_trained(start):
    with pytest.raises(InvalidRequest, match="classic cannot be trained; choose from: recolour"):
        start(name="classic")


def test_each_run_has_a_seed_of_its_own(start):
    first = start()
    retraining.cancel(run=first)
    assert start().seed == 2


class TestDue:
    def test_the_schedule_starts_a_run_when_enough_was_decided(self, lab):
        run = retraining.start_if_due()
        assert (run.scheduled, run.started_by) == (True, None)

    def test_not_before(self, lab):
        lab.decisions.why_not = "31 of 100 new decisions"
        assert retraining.start_if_due() is None
        assert retraining.why_not_due() == "31 of 100 new decisions"

    def test_not_beside_an_unfinished_run(self, start):
        start()
        assert retraining.start_if_due() is None

    def test_not_for_a_pinned_champion_though_a_person_may(self, lab, start):
        champion = registry.champion("recolour")
        GeneratorVersion.objects.filter(pk=champion.pk).update(pinned=True)
        assert retraining.start_if_due() is None
        assert "is pinned" in retraining.why_not_due()
        assert start().base == champion

    def test_reviewers_who_are_left_out_may_make_it_too_little_after_all(self, lab):
        lab.too_few = "12 photos have a trusted outline; 40 are needed."
        assert retraining.start_if_due() is None
        assert not TrainingRun.objects.exists()


class TestCancelling:
    def test_a_queued_run_ends_at_once(self, start, chunk, trainer):
        run = start(by=trainer)
        assert retraining.cancel(run=run, by=trainer)
        assert (run.status, run.finished_at is None) == ("cancelled", False)
        assert chunk(run).status == "cancelled"
        assert not trainer.notifications.exists()

    def test_a_finished_run_stays_as_it_is(self, start, finish):
        run = finish(start())
        assert not retraining.cancel(run=run)
        run.refresh_from_db()
        assert run.status == "done"


class TestFinding:
    def test_the_unfinished_one_or_by_the_beginning_of_its_id(self, start):
        run = start()
        assert retraining.find_run() == run
        assert retraining.find_run(str(run.pk)[:8]) == run
        with pytest.raises(InvalidRequest, match="0 training runs"):
            retraining.find_run("nothing")

    def test_a_finished_one_cannot_go_on(self, start):
        run = start()
        retraining.cancel(run=run)
        with pytest.raises(InvalidTransition, match="is cancelled; start another"):
            retraining.find_run(str(run.pk))
        with pytest.raises(InvalidRequest, match="No training of recolour is unfinished"):
            retraining.find_run()
