"""Let the champion before serve again: `manage.py roll_back_generator --note "halos"`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ...services import registry
from ..deciding import DecisionCommand, add_note, person


class Command(DecisionCommand):
    @property
    def help(self) -> str:
        return _(
            "Let the champion before the present one serve again, or an earlier one. Once more"
            " goes further back."
        )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--to", metavar="VERSION", help=_("An earlier champion: label, id or start of digest.")
        )
        add_note(parser)

    def decide(self, name, options):
        by, to = person(options["by"]), options["to"]
        target = registry.find_version(to, name=name) if to else None
        version = registry.roll_back(name=name, by=by, to=target, note=options["note"])
        self.say(_("%(version)s serves new requests from now on.") % {"version": version})
