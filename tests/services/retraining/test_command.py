"""`manage.py retrain_generator`: what it shows, starts and does, and how it exits."""

import io
import json
import os
import signal
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.models import TrainingRun
from oscar_gan.services import media, retraining, training_leases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _decided(lab):
    lab.decisions = SimpleNamespace(
        why_not="",
        total=120,
        approved=80,
        rejected={"edge": 30, "bleeding": 10},
        ignored={"not-wanted": 4},
    )


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Run the command; returns its exit code, stdout and stderr."""

    def told(*arguments):
        out, err, code = io.StringIO(), io.StringIO(), 0
        with django_capture_on_commit_callbacks(execute=True):
            try:
                call_command("retrain_generator", *arguments, stdout=out, stderr=err)
            except CommandError as error:
                code = error.returncode
                err.write(str(error))
            except SystemExit as exit:
                code = exit.code
        return code, out.getvalue(), err.getvalue()

    return told


class TestDryRun:
    def test_it_shows_what_would_be_learnt_and_leaves_nothing_behind(self, told, sent):
        code, out, _ = told("--dry-run")
        assert code == 0
        assert "120 new quality decisions: 80 approved, rejected: 10 bleeding, 30 edge." in out
        assert "They teach nothing: 4 not-wanted." in out
        assert "11 photos would be learnt from, 1 held out, 0 kept for the comparison" in out
        assert "Left out: 3 opted-out." in out
        assert "Reviewer 7 is not heard: rejects everything." in out
        assert out.endswith("A training is due. Nothing was written.\n")
        assert not TrainingRun.objects.exists()
        assert media.drafts_in("manifests") == []
        assert sent == []

    def test_it_says_what_is_missing(self, told, lab):
        lab.decisions.why_not = "12 of 100 new decisions"
        lab.too_few = "12 of 40 photos have a trusted outline."
        code, out, _ = told("--dry-run")
        assert code == 0
        assert "Nothing can be learnt yet: 12 of 40 photos have a trusted outline." in out
        assert "The schedule would not start it: 12 of 100 new decisions." in out

    def test_as_json(self, told):
        _, out, _ = told("--dry-run", "--json")
        found = json.loads(out)
        assert found["due"]
        assert found["photos"]["splits"] == {"train": 11, "validation": 1}
        assert found["left_out"] == {"opted-out": 3}

    def test_the_manifest_of_an_earlier_run_stays(self, told, start, finish):
        run = finish(start())
        told("--dry-run")
        assert media.drafts_in("manifests") == [run.manifest_name]


class TestStarting:
    def test_a_run_that_is_due_is_queued_for_a_worker(self, told, sent):
        code, out, _ = told()
        run = TrainingRun.objects.get()
        assert code == 0
        assert f"Training run {run.pk} is queued: 50 steps on 120 quality decisions." in out
        assert [message[0] for message in sent] == ["training"]
        assert not run.scheduled

    def test_nothing_due_is_said_and_no_error(self, told, lab):
        lab.decisions.why_not = "31 of 100 new decisions"
        assert told() == (0, "No training is due: 31 of 100 new decisions.\n", "")
        _, out, _ = told("--json")
        assert json.loads(out) == {"run": None, "reason": "31 of 100 new decisions"}
        assert not TrainingRun.objects.exists()

    def test_now_does_not_wait_for_decisions(self, told, lab):
        lab.decisions.why_not = "31 of 100 new decisions"
        code, _, _ = told("--now")
        assert code == 0
        assert TrainingRun.objects.exists()

    def test_what_cannot_start_ends_with_2(self, told, lab, start):
        lab.too_few = "12 of 40 photos have a trusted outline."
        assert told("--now") == (2, "", lab.too_few)
        lab.too_few = ""
        run = start()
        code, _, err = told("--now")
        assert code == 2
        assert f"Training run {run.pk} of recolour is queued" in err

    def test_sync_without_torch_says_what_to_install_and_starts_nothing(self, told, monkeypatch):
        monkeypatch.setattr("oscar_gan.services.training.find_spec", lambda name: None)
        code, _, err = told("--sync")
        assert code == 2
        assert "pip install 'django-oscar-gan[train]'" in err
        assert not TrainingRun.objects.exists()


class TestSync:
    def test_it_says_what_was_made_and_the_verdict(self, told, sent):
        code, out, _ = told("--sync")
        version = TrainingRun.objects.get().result
        assert code == 0
        assert f"Made {version} from recolour stub and 120 quality decisions." in out
        assert "It is better." in out
        assert out.endswith(f"Promote it with: manage.py promote_generator {version.version}\n")
        assert sent == []

    def test_a_challenger_that_is_worse_ends_with_1(self, told, lab):
        lab.passed = False
        code, out, _ = told("--sync")
        assert code == 1
        assert out.endswith("It is worse at mattes.\nrecolour stub serves as before.\n")

    def test_as_json(self, told):
        code, out, _ = told("--sync", "--json")
        found = json.loads(out)
        assert (code, found["status"], found["step"]) == (0, "done", 50)
        assert found["verdict"] == "It is better."
        assert (found["passed"], found["serves"]) == (True, False)

    def test_ctrl_c_stops_at_a_checkpoint_and_the_line_goes_on(self, told, lab):
        def interrupt(step):
            if step == 10 and len(lab.steps_taken) < 10:
                os.kill(os.getpid(), signal.SIGINT)

        lab.at_step = interrupt
        code, out, err = told("--sync")
        run = TrainingRun.objects.get()
        assert code == 130
        assert "10 of 50 steps done; next: training" in out
        assert f"Resume with: manage.py retrain_generator --resume {run.pk}" in err
        code, out, err = told("--resume", str(run.pk))
        assert code == 0, err
        assert "Made recolour" in out
        assert lab.steps_taken == [*range(1, 51)]

    def test_a_second_ctrl_c_stops_at_once(self, told, lab):
        def interrupt(step):
            if len(lab.steps_taken) == 9:
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGINT)

        lab.at_step = interrupt
        code, _, err = told("--sync")
        assert code == 130
        assert "--resume" in err
        lab.at_step = lambda step: None
        code, _, err = told("--resume")
        assert code == 0, err

    def test_a_failure_says_why_and_ends_with_1(self, told, lab, change):
        change(TRAINING_BUDGET_MINUTES=0)
        code, out, _ = told("--sync")
        assert code == 1
        assert "The training failed at step 0 of 50. After 0 minutes of work" in out

    def test_what_a_worker_has_is_left_to_it(self, told, start):
        training_leases.claim(start().pk)
        code, _, err = told("--resume")
        assert code == 2
        assert "is running; wait until its worker is done" in err

    def test_there_must_be_something_to_resume(self, told, start):
        code, _, err = told("--resume")
        assert (code, err) == (2, "No training of recolour is unfinished; start one.")
        run = start()
        retraining.cancel(run=run)
        code, _, err = told("--resume", str(run.pk))
        assert code == 2
        assert "is cancelled; start another" in err
