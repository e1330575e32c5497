"""Look for every known fault: `manage.py gan_doctor` says what is wrong and how to mend it."""

from __future__ import annotations

import json
import sys

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ...operations import doctor
from ...operations.findings import OK, PROBLEM, SKIPPED, WARNING, Finding
from ..columns import left


class Command(BaseCommand):
    requires_system_checks = []  # it reports them itself, beside the rest

    @property
    def help(self) -> str:
        return _(
            "Check settings, servers, storage, workers and weights; exit code 1 on a problem."
        )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help=_("One JSON object on stdout."))
        parser.add_argument(
            "--deep", action="store_true", help=_("Also send a task to each queue (20 s).")
        )

    def handle(self, **options):
        findings = []
        for finding in doctor.examine(deep=options["deep"]):
            findings.append(finding)
            if not options["json"]:
                self._show(finding)
        if options["json"]:
            rows = [finding.as_json() for finding in findings]
            self.stdout.write(json.dumps({"findings": rows}, ensure_ascii=False))
        else:
            self._sum_up(findings)
        if code := doctor.worst(findings):
            sys.exit(code)

    def _show(self, finding: Finding) -> None:
        styles = {
            OK: self.style.SUCCESS,
            WARNING: self.style.WARNING,
            PROBLEM: self.style.ERROR,
            SKIPPED: str,
        }
        label = {OK: _("ok"), WARNING: _("warning"), PROBLEM: _("problem"), SKIPPED: _("skipped")}
        state = styles[finding.state](left(label[finding.state], 9))
        self.stdout.write(f"{state} {left(finding.name, 20)} {finding.found}")
        if finding.fix:
            self.stdout.write(f"{'':<30} → {finding.fix}")

    def _sum_up(self, findings: list[Finding]) -> None:
        count = {
            state: sum(each.state == state for each in findings) for state in (PROBLEM, WARNING)
        }
        self.stdout.write(
            _("Problems: %(problem)d; warnings: %(warning)d; %(seconds).1f s.")
            % {**count, "seconds": sum(finding.seconds for finding in findings)}
        )
