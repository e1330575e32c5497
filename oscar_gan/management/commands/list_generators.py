"""Show the versions of a generator: `manage.py list_generators`, `--json` for scripts."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...conf import get_config
from ...errors import OscarGanError
from ...services import registry
from ..columns import left
from ..deciding import USAGE, verdict_of


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Show the versions of a generator, the newest first: which serves, which could.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--name",
            metavar="GENERATOR",
            help=_("Default: the generator that OSCAR_GAN names (recolour)."),
        )
        parser.add_argument("--json", action="store_true", help=_("One JSON object per version."))

    def handle(self, **options):
        name = options["name"] or get_config().generator
        try:
            registry.champion(name)  # enters what the package brings
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        for version in registry.versions_of(name):
            if options["json"]:
                self.stdout.write(json.dumps(registry.describe(version)))
            else:
                self.stdout.write(_row(version))


def _row(version) -> str:
    status = version.status
    if version.pinned:
        status = _("%(status)s, pinned") % {"status": status}
    origin = _("shipped")
    if version.parent:
        origin = _("from %(version)s") % {"version": version.parent.version}
    return (
        f"{version.pk:>4}  {version.version:<14} {version.digest[:12]}  {left(status, 17)}"
        f" {version.created_at:%Y-%m-%d %H:%M}  {left(origin, 19)} {verdict_of(version)}"
    ).rstrip()
