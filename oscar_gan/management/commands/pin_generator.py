"""Keep the champion whatever is trained: `manage.py pin_generator`; `--off` lets go again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ...services import registry
from ..deciding import DecisionCommand, person


class Command(DecisionCommand):
    @property
    def help(self) -> str:
        return _("Pin the champion: promotions and rollbacks are refused until it is unpinned.")

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--off", action="store_true", help=_("Unpin it."))

    def decide(self, name, options):
        by, version = person(options["by"]), registry.champion(name)
        if options["off"]:
            registry.unpin(version=version, by=by)
            self.say(_("%(version)s can be replaced again.") % {"version": version})
        else:
            registry.pin(version=version, by=by)
            self.say(_("%(version)s stays champion until it is unpinned.") % {"version": version})
