"""Show the backlog: `manage.py variants_status` for people, `--json` for monitoring."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand

from ...services.backlog import backlog
from ..bulk_report import duration, reasons


class Command(BaseCommand):
    help = "Show what waits in the queues, what runs, and what became of variant images."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="One JSON object on stdout.")

    def handle(self, **options):
        found = backlog()
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, queue in found["queues"].items():
            oldest = duration(queue["oldest_seconds"])
            self.stdout.write(
                f"{name:<12} {queue['queued']} queued (oldest {oldest}),"
                f" {queue['running']} running, {queue['silent']} of them silent"
            )
        self.stdout.write(f"variants     {reasons(found['variants'])}")
        for run in found["runs_to_resume"]:
            self.stdout.write(f"unfinished   manage.py generate_variants --resume {run}")
