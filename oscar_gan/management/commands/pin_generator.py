"""Keep the champion whatever is trained: `manage.py pin_generator`; `--off` lets go again."""

from __future__ import annotations

from ...services import registry
from ..deciding import DecisionCommand, person


class Command(DecisionCommand):
    help = "Pin the champion: promotions and rollbacks are refused until it is unpinned."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--off", action="store_true", help="Unpin it.")

    def decide(self, name, options):
        by, version = person(options["by"]), registry.champion(name)
        if options["off"]:
            registry.unpin(version=version, by=by)
            self.say(f"{version} can be replaced again.")
        else:
            registry.pin(version=version, by=by)
            self.say(f"{version} stays champion until it is unpinned.")
