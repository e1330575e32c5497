"""Show the backlog: `manage.py variants_status` for people, `--json` for monitoring."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...services.backlog import backlog
from ...services.verifying import verify
from ..bulk_report import duration, reasons
from ..columns import left


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Show what waits in the queues, what runs, and what became of variant images.")

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help=_("One JSON object on stdout."))
        parser.add_argument(
            "--verify",
            action="store_true",
            help=_("Read every row and file, too: is anything lost, twice or half-written?"),
        )

    def handle(self, **options):
        found = backlog()
        if options["verify"]:
            found["violations"] = [str(violation) for violation in verify()]
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self._show(found)
        if count := len(found.get("violations", ())):
            text = ngettext(
                "%(count)d violation; docs/chaos.md says what it means.",
                "%(count)d violations; docs/chaos.md says what they mean.",
                count,
            )
            raise CommandError(text % {"count": count})

    def _show(self, found: dict) -> None:
        for name, queue in found["queues"].items():
            text = _(
                "%(queued)d queued (oldest %(oldest)s), %(running)d running, %(silent)d of them"
                " silent"
            ) % {**queue, "oldest": duration(queue["oldest_seconds"])}
            self.stdout.write(f"{name:<12} {text}")
        self.stdout.write(f"{left(_('variants'), 12)} {reasons(found['variants'])}")
        unfinished = left(_("unfinished"), 12)
        for run in found["runs_to_resume"]:
            self.stdout.write(f"{unfinished} manage.py generate_variants --resume {run}")
        for violation in found.get("violations", ()):
            self.stdout.write(violation)
