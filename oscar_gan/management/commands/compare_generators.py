"""Measure a version beside the champion: `manage.py compare_generators 2+shop.1`."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...conf import get_config
from ...errors import OscarGanError
from ...services import comparing, registry
from ..comparison_report import comparison_lines

REFUSED, USAGE = 1, 2


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _(
            "Measure a generator version beside the champion and `classic`, print the table and"
            " put it on record. Exits with 0 when the version passed, 1 when it was refused."
        )

    def add_arguments(self, parser):
        parser.add_argument("version", help=_("A version, such as 2+shop.1, or its row's number."))
        parser.add_argument(
            "--generator", help=_("Name of the generator; default: the one in the settings.")
        )
        parser.add_argument("--json", action="store_true", help=_("The report as JSON on stdout."))

    def handle(self, **options):
        try:
            name = options["generator"] or get_config().generator
            version = registry.find_version(options["version"], name=name)
            comparison = comparing.compare(
                version=version, manifest=comparing.manifest_for(version)
            )
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if options["json"]:
            self.stdout.write(json.dumps(comparison.report))
        else:
            self.stdout.write("\n".join(comparison_lines(comparison.report)))
        if not comparison.passed:
            raise SystemExit(REFUSED)
