"""Teach the generator what staff decided: `manage.py retrain_generator --dry-run`."""

from __future__ import annotations

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from ...errors import OscarGanError, TooLittleFeedback
from ...models import TrainingRun
from ...services import feedback, retraining
from ...stopping import stop_signals
from .. import training_report

FAILED, USAGE, INTERRUPTED = 1, 2, 130
NAME = retraining.TRAINABLE[0]


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _(
            "Train a challenger on what staff approved, rejected and corrected, if enough was"
            " decided since the last training. It is compared with the champion, which serves as"
            " before until somebody promotes the challenger."
        )

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--dry-run", action="store_true", help=_("Show what would be learnt; write nothing.")
        )
        how.add_argument(
            "--resume",
            nargs="?",
            const="",
            metavar="RUN",
            help=_("Go on here with a run that was stopped (the unfinished one)."),
        )
        parser.add_argument(
            "--now",
            action="store_true",
            help=_("Without waiting for RETRAIN_MIN_DECISIONS new decisions."),
        )
        parser.add_argument(
            "--sync", action="store_true", help=_("Train here, without workers; needs torch.")
        )
        parser.add_argument("--json", action="store_true", help=_("One JSON object on stdout."))

    def handle(self, **options):
        self.options = options
        try:
            code = self._dry_run() if options["dry_run"] else self._run()
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if code:
            sys.exit(code)

    def _dry_run(self) -> int:
        decisions = feedback.new_decisions(NAME)
        reason, problem, manifest = retraining.why_not_due(NAME), "", None
        try:
            manifest = retraining.preview(name=NAME)
        except TooLittleFeedback as error:
            problem = str(error)
        self._json(training_report.planned_json(decisions, reason, problem, manifest))
        for line in training_report.planned_lines(decisions, reason, problem, manifest):
            self._say(line)
        return 0

    def _run(self) -> int:
        if self.options["resume"] is not None:
            return self._work(retraining.find_run(self.options["resume"], name=NAME))
        if not self.options["now"] and (reason := retraining.why_not_due(NAME)):
            self._json({"run": None, "reason": reason})
            self._say(_("No training is due: %(reason)s.") % {"reason": reason})
            return 0
        if self.options["sync"]:
            retraining.require_torch()
        run = retraining.start(name=NAME, message=not self.options["sync"])
        if self.options["sync"]:
            return self._work(run)
        self._json(training_report.run_json(run))
        self._say(
            _(
                "Training run %(run)s is queued: %(steps)d steps on %(decisions)d quality"
                " decisions. A worker of the queue 'training' does it."
            )
            % {"run": run.pk, "steps": run.steps, "decisions": run.decisions}
        )
        return 0

    def _work(self, run: TrainingRun) -> int:
        try:
            with stop_signals() as asked_to_stop:
                for state in retraining.run_here(run=run, bar=_bar, stop=asked_to_stop):
                    self._say(training_report.state_line(state))
        except KeyboardInterrupt:  # the second Ctrl-C
            run.refresh_from_db()
        self._json(training_report.run_json(run))
        if run.is_unfinished:
            command = f"manage.py retrain_generator --resume {run.pk}"
            self.stderr.write(_("Resume with: %(command)s") % {"command": command})
            return FAILED if run.problem else INTERRUPTED
        if run.status != TrainingRun.Status.DONE:
            return FAILED
        for line in training_report.result_lines(run):
            self._say(line)
        return 0 if run.result.comparisons.first().passed else FAILED

    def _json(self, found: dict) -> None:
        if self.options["json"]:
            self.stdout.write(json.dumps(found))

    def _say(self, text: str) -> None:
        if not self.options["json"]:
            # Keeps a progress bar on the same terminal whole.
            with tqdm.external_write_mode():
                self.stdout.write(text)


def _bar(steps, first, last):
    # disable=None: no bar when stderr is not a terminal, as under cron.
    return tqdm(steps, initial=first, total=last, unit=_("step"), disable=None, file=sys.stderr)
