"""Let a challenger serve: `manage.py promote_generator 2+shop.1 --by anna@example.com`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ...services import registry
from ..deciding import DecisionCommand, add_note, person, verdict_of


class Command(DecisionCommand):
    @property
    def help(self) -> str:
        return _(
            "Let a challenger serve new requests that passed the comparison with the champion."
            " Workers switch without a restart; requests under way are finished by the champion"
            " they name."
        )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "version",
            metavar="VERSION",
            help=_("Its label (2+shop.1), id or start of its digest."),
        )
        add_note(parser)

    def decide(self, name, options):
        by = person(options["by"])
        version = registry.find_version(options["version"], name=name)
        self.stdout.write(f"{version}: {verdict_of(version)}")
        registry.promote(version=version, by=by, note=options["note"])
        self.say(_("%(version)s serves new requests from now on.") % {"version": version})
