"""Show the versions of a generator: `manage.py list_generators`, `--json` for scripts."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError

from ...conf import get_config
from ...errors import OscarGanError
from ...services import registry
from ..deciding import USAGE, verdict_of


class Command(BaseCommand):
    help = "Show the versions of a generator, the newest first: which serves, which could."

    def add_arguments(self, parser):
        parser.add_argument(
            "--name",
            metavar="GENERATOR",
            help="Default: the generator that OSCAR_GAN names (recolour).",
        )
        parser.add_argument("--json", action="store_true", help="One JSON object per version.")

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
    status = f"{version.status}{', pinned' if version.pinned else ''}"
    origin = f"from {version.parent.version}" if version.parent else "shipped"
    return (
        f"{version.pk:>4}  {version.version:<14} {version.digest[:12]}  {status:<17}"
        f" {version.created_at:%Y-%m-%d %H:%M}  {origin:<19} {verdict_of(version)}"
    ).rstrip()
