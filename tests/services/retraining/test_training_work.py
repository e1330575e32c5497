"""A run from its first chunk to its end, and everything that can go wrong on the way."""

from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from oscar_gan import signals
from oscar_gan.errors import InvalidTransition, OscarGanError, StorageUnavailable
from oscar_gan.models import TrainingRun
from oscar_gan.services import media, registry, retraining, training_leases

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As SIGKILL: nobody handles it and nothing is tidied up."""


@pytest.fixture
def kill(monkeypatch, lab):
    """Kill the worker in the middle of a step; its files stay as they are."""

    def kill(run, *, at):
        def die(step):
            if step == at:
                raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(lab, "at_step", die)
            patched.setattr("oscar_gan.services.training_work.shutil.rmtree", lambda *a, **k: None)
            with pytest.raises(Killed):
                retraining.run(run.pk)
        TrainingRun.objects.filter(pk=run.pk).update(lease_expires_at=timezone.now())
        run.refresh_from_db()

    return kill


@pytest.fixture
def training(start, chunk):
    """A run that has its corpus and is about to take its first step."""
    return chunk(start())


@pytest.fixture
def short_chunks(change):
    """Every step is a chunk of its own."""
    change(TRAINING_CHUNK_SECONDS=0)


@pytest.fixture
def told():
    """What `generator_trained` told shops."""
    heard = []

    def hear(sender, version, passed, **kwargs):
        heard.append((version, passed))

    signals.generator_trained.connect(hear)
    yield heard
    signals.generator_trained.disconnect(hear)


def stored(folder="training"):
    return media.drafts_in(folder)


def work_folder(settings) -> Path:
    return Path(settings.OSCAR_GAN["TRAINING_FOLDER"])


class TestGoingWell:
    def test_one_message_per_phase_and_a_challenger_in_the_end(
        self, start, chunk, lab, sent, told, trainer
    ):
        run = start(by=trainer)
        phases = []
        while run.is_unfinished:
            phases.append(run.phase)
            chunk(run)
        assert phases == ["collecting", "training", "exporting", "comparing"]
        assert len(sent) == 4
        assert (run.status, run.problem, run.step) == ("done", "", 50)
        assert run.finished_at
        assert run.seconds > 0
        assert run.result.parent == run.base
        assert lab.compared == [run.result]
        assert told == [(run.result, True)]
        assert registry.champion("recolour") == run.base

    def test_it_leaves_only_the_samples(self, start, finish, settings):
        run = finish(start())
        assert stored() == [run.samples_name]
        assert media.read_draft(run.samples_name) == b"samples of step 50"
        assert run.checkpoint_name == ""
        assert list(work_folder(settings).iterdir()) == []

    def test_short_chunks_pass_the_run_from_worker_to_worker(
        self, start, finish, lab, sent, short_chunks, change
    ):
        change(TRAINING_STEPS=4)
        run = finish(start())
        assert (run.status, run.step) == ("done", 4)
        assert lab.steps_taken == [1, 2, 3, 4]
        assert len(sent) == 7
        assert lab.collected == 2  # what is learnt from and what is held out, once each

    def test_the_curves_are_on_the_row(self, start, finish):
        run = finish(start())
        assert run.history["loss"][0] == [1, 1.0]
        assert run.history["loss"][-1] == [50, 0.02]

    def test_progress_is_written_now_and_then(self, training, lab, monkeypatch, chunk):
        monkeypatch.setattr("oscar_gan.services.training_progress.PAUSE", 0)
        seen = []
        lab.at_step = lambda step: seen.append(TrainingRun.objects.get().step)
        chunk(training)
        assert seen == list(range(50))

    def test_the_database_is_spared(self, training, chunk, django_assert_max_num_queries):
        with django_assert_max_num_queries(30):
            chunk(training)

    def test_whoever_started_it_is_told_in_one_line(self, start, finish, trainer):
        run = finish(start(by=trainer))
        notice = trainer.notifications.get()
        assert notice.subject == f"Training of {run.result}: It is better."

    def test_an_export_may_be_silent_for_minutes(self, start, chunk, lab):
        seen = []
        lab.at_export = lambda: seen.append(TrainingRun.objects.get().lease_expires_at)
        chunk(chunk(chunk(start())))
        assert (seen[0] - timezone.now()).total_seconds() > 590

    def test_a_challenger_that_is_worse_ends_the_run_well(self, start, finish, lab, told, trainer):
        lab.passed = False
        run = finish(start(by=trainer))
        assert run.status == "done"
        assert told == [(run.result, False)]
        assert "It is worse at mattes." in trainer.notifications.get().subject


class TestPromoting:
    def test_by_policy(self, start, finish, lab, change, trainer):
        change(PROMOTE_AUTOMATICALLY=True)
        run = finish(start(by=trainer))
        assert lab.promoted == [run.result]
        assert trainer.notifications.get().subject.endswith("It serves from now on.")

    def test_not_what_did_not_pass(self, start, finish, lab, change):
        change(PROMOTE_AUTOMATICALLY=True)
        lab.passed = False
        finish(start())
        assert lab.promoted == []

    def test_not_without_the_policy(self, start, finish, lab):
        finish(start())
        assert lab.promoted == []

    def test_a_refusal_does_not_fail_the_run(
        self, start, finish, lab, change, trainer, monkeypatch
    ):
        def refuse(**kwargs):
            raise InvalidTransition("recolour 2 is pinned; unpin it first.")

        change(PROMOTE_AUTOMATICALLY=True)
        monkeypatch.setattr("oscar_gan.services.registry.promote", refuse)
        run = finish(start(by=trainer))
        assert run.status == "done"
        assert "not promoted: recolour 2 is pinned" in trainer.notifications.get().subject


class TestResuming:
    @pytest.fixture
    def expected(self, start, finish, lab) -> str:
        """The digest of what a run that nothing disturbs ends with; the run itself is gone."""
        run = finish(start())
        run.delete()  # so that the next one has its seed
        lab.steps_taken.clear()
        return run.result.digest

    def test_killed_and_resumed_ends_bit_identical(
        self, expected, start, chunk, finish, kill, lab, monkeypatch
    ):
        monkeypatch.setattr("oscar_gan.services.training_checkpoints.KEPT_EVERY", 0)
        run = start()
        chunk(run)
        kill(run, at=25)
        kill(run, at=47)
        run = finish(run)
        assert run.result.digest == expected
        # From the checkpoints after steps 20 and 40; the one after step 20 has seen 24 steps.
        assert lab.steps_taken == [*range(1, 25), *range(21, 47), *range(41, 51)]

    def test_another_machine_goes_on(
        self, expected, start, chunk, finish, kill, lab, monkeypatch, change, tmp_path
    ):
        monkeypatch.setattr("oscar_gan.services.training_checkpoints.KEPT_EVERY", 0)
        run = start()
        chunk(run)
        kill(run, at=30)
        lab.collected = 0
        change(TRAINING_FOLDER=str(tmp_path / "another-machine"))
        run = finish(run)
        assert lab.collected == 2
        assert run.result.digest == expected

    def test_a_kill_before_the_first_checkpoint_begins_anew(
        self, expected, start, chunk, finish, kill, lab, monkeypatch
    ):
        run = start()
        chunk(run)
        kill(run, at=10)
        assert finish(run).result.digest == expected

    @pytest.mark.parametrize("harm", ["lost", "damaged"])
    def test_a_checkpoint_that_is_lost_or_damaged_begins_anew(
        self, expected, start, chunk, finish, harm, change
    ):
        run = start()
        chunk(run)
        change(TRAINING_CHUNK_SECONDS=0)
        chunk(run)
        change(TRAINING_CHUNK_SECONDS=300)
        assert run.step == 1
        media.drafts().delete(run.checkpoint_name)
        if harm == "damaged":
            with media.drafts().open(run.checkpoint_name, "wb") as file:
                file.write(b"half")
        assert finish(run).result.digest == expected

    def test_a_checkpoint_that_is_lost_before_the_export_trains_again(
        self, start, chunk, finish, lab
    ):
        run = chunk(chunk(start()))
        assert run.phase == "exporting"
        media.drafts().delete(run.checkpoint_name)
        assert chunk(run).phase == "training"
        assert finish(run).status == "done"
        assert lab.steps_taken == [*range(1, 51)] * 2

    def test_a_corpus_that_changed_begins_anew(self, training, finish, lab, monkeypatch):
        """A photo was deleted, and another machine makes its corpus without it."""
        from oscar_gan.gan.checkpoints import UnusableCheckpoint

        fine_tune, refused = lab.fine_tune, []

        def refuse(folder, *args, **kwargs):
            if not refused:
                refused.append(folder)
                raise UnusableCheckpoint("belongs to a run with another corpus")
            assert not (folder / "checkpoint.pt").exists()
            return fine_tune(folder, *args, **kwargs)

        monkeypatch.setattr("oscar_gan.gan.retraining.fine_tune", refuse)
        assert finish(training).status == "done"

    def test_a_worker_killed_after_its_last_checkpoint_has_nothing_to_train(
        self, training, chunk, finish, lab, monkeypatch
    ):
        with monkeypatch.context() as patched:
            patched.setattr(training_leases, "hand_on", self._die)
            with pytest.raises(Killed):
                retraining.run(training.pk)
        TrainingRun.objects.update(lease_expires_at=timezone.now())
        assert finish(training).status == "done"
        assert lab.steps_taken == [*range(1, 51)]

    def _die(self, *args, **kwargs):
        raise Killed

    def test_a_worker_killed_between_comparing_and_closing_compares_again(
        self, start, chunk, finish, lab, monkeypatch
    ):
        run = chunk(chunk(chunk(start())))
        assert run.phase == "comparing"
        with monkeypatch.context() as patched:
            patched.setattr(training_leases, "complete", self._die)
            with pytest.raises(Killed):
                retraining.run(run.pk)
        TrainingRun.objects.update(lease_expires_at=timezone.now())
        assert finish(run).status == "done"
        assert lab.compared == [run.result, run.result]


class TestStorage:
    @pytest.fixture
    def outage(self):
        """The storage does not answer until `over` is called."""

        class Outage:
            def __init__(self):
                self._patched = pytest.MonkeyPatch()
                for name in ("open", "exists", "save"):
                    self._patched.setattr(media.drafts().__class__, name, self._refuse)

            def _refuse(self, *args, **kwargs):
                raise ConnectionError("no route to the S3 server")

            def over(self):
                self._patched.undo()
                TrainingRun.objects.update(lease_expires_at=None)

        outages = []
        yield lambda: outages.append(Outage()) or outages[-1]
        for each in outages:
            each.over()

    def test_gone_at_the_export_the_champion_serves_and_the_run_goes_on_later(
        self, start, chunk, finish, outage
    ):
        run = chunk(chunk(start()))
        assert run.phase == "exporting"
        down = outage()
        chunk(run)
        assert (run.status, run.problem_code) == ("queued", "storage-unavailable")
        assert "no route to the S3 server" in run.problem
        assert registry.champion("recolour") == run.base
        assert chunk(run).attempts == 1  # kept waiting
        down.over()
        run = finish(run)
        assert (run.status, run.problem) == ("done", "")

    def test_gone_for_good_the_run_fails_with_the_reason(self, start, chunk, outage, trainer):
        run = chunk(chunk(start(by=trainer)))
        outage()
        for _ in range(3):
            TrainingRun.objects.update(lease_expires_at=None)
            chunk(run)
        assert (run.status, run.problem_code) == ("failed", "storage-unavailable")
        assert registry.champion("recolour") == run.base
        assert "no route to the S3 server" in trainer.notifications.get().body

    @pytest.mark.parametrize("phase", ["collecting", "training", "comparing"])
    def test_gone_in_any_phase_the_run_ends_well_once_it_is_back(
        self, start, chunk, finish, outage, phase
    ):
        run = start()
        while run.phase != phase:
            chunk(run)
        down = outage()
        chunk(run)
        assert (run.status, run.phase, run.problem_code) == (
            "queued", phase, "storage-unavailable"
        )  # fmt: skip
        down.over()
        assert finish(run).status == "done"


class TestStopping:
    def test_a_cancelled_run_stops_at_the_next_step(
        self, training, chunk, lab, monkeypatch, settings, django_capture_on_commit_callbacks
    ):
        monkeypatch.setattr("oscar_gan.services.training_progress.PAUSE", 0)

        def cancel(step):
            if step == 25:
                with django_capture_on_commit_callbacks(execute=True):
                    retraining.cancel(run=TrainingRun.objects.get())

        lab.at_step = cancel
        chunk(training)
        assert lab.steps_taken[-1] == 25
        assert training.status == "cancelled"
        assert stored() == []
        assert list(work_folder(settings).iterdir()) == []

    def test_it_is_noticed_while_photos_are_collected_and_while_comparing(
        self, start, chunk, lab, monkeypatch
    ):
        monkeypatch.setattr("oscar_gan.services.training_progress.PAUSE", 0)
        run = start()
        asked = []

        def cancel(*_):
            asked.append(1)
            TrainingRun.objects.update(status="cancelled")

        lab.at_photo = cancel
        chunk(run)
        assert len(asked) == 1
        TrainingRun.objects.update(status="queued", phase="comparing", lease_expires_at=None)

        def compare(heartbeat):
            cancel()
            heartbeat()
            raise AssertionError("not noticed")

        lab.at_compare = compare
        assert chunk(run).status == "cancelled"

    def test_a_time_limit_gives_the_run_back(self, training, chunk, finish, lab):
        def limit(step):
            if step == 30 and len(lab.steps_taken) < 30:
                raise SoftTimeLimitExceeded

        lab.at_step = limit
        chunk(training)
        assert (training.status, training.problem_code) == ("queued", "time-limit")
        TrainingRun.objects.update(lease_expires_at=None)
        assert finish(training).status == "done"

    def test_the_budget_ends_a_run_that_takes_too_long(self, start, chunk, change, settings):
        change(TRAINING_BUDGET_MINUTES=1)
        run = chunk(start())
        TrainingRun.objects.update(seconds=90)
        chunk(run)
        assert (run.status, run.problem_code) == ("failed", "budget")
        assert "step 1 of 50; the budget is 1 minutes" in run.problem
        assert "TRAINING_STEPS" in run.problem

    def test_a_database_that_is_away_lets_the_lease_run_out(self, training, chunk, lab):
        def away(step):
            raise OperationalError("server closed the connection unexpectedly")

        lab.at_step = away
        with pytest.raises(OperationalError):
            chunk(training)
        assert training.status == "running"


class TestFailing:
    def fails(self, run, chunk, settings) -> TrainingRun:
        chunk(run)
        assert run.status == "failed"
        assert run.finished_at
        assert stored() == []
        assert (run.checkpoint_name, run.samples_name) == ("", "")
        assert list(work_folder(settings).iterdir()) == []
        return run

    @pytest.mark.parametrize("code", ["unusable-corpus", "weights-mismatch", "export-failed"])
    def test_what_is_expected_fails_with_its_code_and_reason(
        self, training, chunk, lab, settings, code
    ):
        expected = type("Expected", (OscarGanError,), {"code": code})

        def fail(step):
            if step == 30:
                raise expected("What is wrong, how much, and what to do.")

        lab.at_step = fail
        run = self.fails(training, chunk, settings)
        assert (run.problem_code, run.problem) == (
            code, "What is wrong, how much, and what to do."
        )  # fmt: skip

    def test_a_collapse_says_so_without_the_labs_folders(
        self, training, chunk, settings, monkeypatch
    ):
        from oscar_gan.gan.collapse import TrainingCollapsed

        def collapse(folder, *args, **kwargs):
            try:
                raise TrainingCollapsed("loss 'matte' is not finite at step 12.")
            except TrainingCollapsed as error:
                raise TrainingCollapsed(f"{error} {folder} is from before it.") from error

        monkeypatch.setattr("oscar_gan.gan.retraining.fine_tune", collapse)
        run = self.fails(training, chunk, settings)
        assert run.problem_code == "training-collapsed"
        assert run.problem.startswith("loss 'matte' is not finite at step 12. The champion")
        assert "work-" not in run.problem

    def test_the_unexpected_fails_and_is_raised_for_the_log(self, training, lab, chunk, settings):
        def fail(step):
            raise ZeroDivisionError

        lab.at_step = fail
        with pytest.raises(ZeroDivisionError):
            chunk(training)
        assert (training.status, training.problem_code) == ("failed", "internal")
        assert "see the training worker's log" in training.problem

    def test_without_torch_the_reason_is_what_to_install(
        self, start, chunk, settings, monkeypatch
    ):
        monkeypatch.setattr("oscar_gan.services.training.find_spec", lambda name: None)
        run = self.fails(start(), chunk, settings)
        assert run.problem_code == "training-unavailable"
        assert "pip install 'django-oscar-gan[train]'" in run.problem

    def test_what_is_told_is_no_markup(self, start, chunk, lab, trainer):
        def fail():
            raise OscarGanError("<b>photo</b> is wrong.")

        lab.at_photo = fail
        chunk(start(by=trainer))
        subject = trainer.notifications.get().subject
        assert "&lt;b&gt;photo&lt;/b&gt; is wrong." in subject

    def test_what_is_long_is_told_in_short_and_in_full(self, start, chunk, lab, trainer):
        def fail():
            raise OscarGanError("What's wrong, " * 30 + "and the end.")

        lab.at_photo = fail
        chunk(start(by=trainer))
        notice = trainer.notifications.get()
        assert notice.subject.endswith("…")
        assert len(notice.subject) <= 255
        assert notice.body.endswith("and the end.")

    def test_an_export_that_fails_leaves_no_version(self, start, chunk, lab, settings):
        run = chunk(chunk(start()))

        def fail():
            raise OscarGanError("ONNX Runtime and torch differ by 1e-2.")

        lab.at_export = fail
        self.fails(run, chunk, settings)
        assert run.result is None
        assert not run.base.children.exists()


def here(**given) -> TrainingRun:
    """Work on a run in this process; returns it as it is at the end."""
    return list(retraining.run_here(**given))[-1]


class TestHere:
    """The whole run in this process, as the command does it."""

    def test_it_needs_no_message(self, start, lab, sent):
        run = here(run=start(message=False))
        assert (run.status, sent) == ("done", [])

    def test_it_stops_at_a_checkpoint_and_goes_on(self, start, lab, sent):
        run = start(message=False)
        stopping = here(run=run, stop=lambda: len(lab.steps_taken) >= 10)
        assert (stopping.status, stopping.step) == ("queued", 10)
        assert retraining.reap() == {"requeued": 0, "failed": 0, "resent": 0}
        run = here(run=run)
        assert (run.status, sent) == ("done", [])
        assert lab.steps_taken == [*range(1, 51)]

    def test_stopped_at_once_it_goes_on_from_the_last_checkpoint(self, start, lab):
        run = start(message=False)

        def insist(step):
            if step == 30 and len(lab.steps_taken) < 30:
                raise KeyboardInterrupt

        lab.at_step = insist
        with pytest.raises(KeyboardInterrupt):
            here(run=run)
        run.refresh_from_db()
        assert run.status == "queued"
        assert here(run=run).status == "done"

    def test_a_bar_sees_the_steps(self, start, lab):
        seen = []

        def bar(steps, first, last):
            seen.append((first, last))
            return steps

        here(run=start(message=False), bar=bar)
        assert seen == [(0, 50)]

    def test_what_a_worker_has_is_not_taken(self, start):
        run = start()
        training_leases.claim(run.pk)
        with pytest.raises(OscarGanError, match="is running; wait until its worker is done"):
            here(run=run)

    def test_storage_that_is_down_ends_it_with_the_reason(self, start, lab):
        run = start(message=False)

        def down():
            raise StorageUnavailable("S3 is down.")

        lab.at_export = down
        run = here(run=run)
        assert (run.status, run.problem) == ("queued", "S3 is down.")
        lab.at_export = lambda: None
        assert here(run=run).status == "done"
