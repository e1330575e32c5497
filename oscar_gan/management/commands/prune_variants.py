"""Delete files of pictures nobody wanted: `manage.py prune_variants --dry-run`."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...errors import OscarGanError
from ...services import retention


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _(
            "Delete the files of rejected pictures older than KEEP_REJECTED_DAYS (beat does it"
            " nightly). Their rows stay, and so they can be made again."
        )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help=_("Only report."))
        parser.add_argument("--json", action="store_true", help=_("One JSON object on stdout."))

    def handle(self, **options):
        try:
            done = retention.prune(dry_run=options["dry_run"])
        except OscarGanError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(vars(done)))
        elif done.days is None:
            self.stdout.write(
                _("KEEP_REJECTED_DAYS is not set: rejected pictures are kept for ever.")
            )
        else:
            text = _("%(pictures)d rejected pictures older than %(days)d days, %(files)d files.")
            counts = {**vars(done), "files": len(done.files)}
            self.stdout.write(text % counts)
