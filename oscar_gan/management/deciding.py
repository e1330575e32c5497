"""What the commands that decide about generator versions share."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ..conf import get_config
from ..errors import InvalidRequest, OscarGanError, UnknownGenerator
from ..models import GeneratorVersion
from ..services import registry

REFUSED, USAGE = 1, 2


class DecisionCommand(BaseCommand):
    """A command that decides something: who did, why, and how it is told that it may not be."""

    def add_arguments(self, parser):
        parser.add_argument(
            "--name",
            metavar="GENERATOR",
            help="Default: the generator that OSCAR_GAN names (recolour).",
        )
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help="Who decides, for the log; must have the permission to train generators.",
        )

    def handle(self, **options):
        try:
            self.decide(options["name"] or get_config().generator, options)
        except (InvalidRequest, UnknownGenerator) as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except OscarGanError as error:
            raise CommandError(str(error), returncode=REFUSED) from error

    def decide(self, name: str, options) -> None:
        raise NotImplementedError

    def say(self, text: str) -> None:
        self.stdout.write(self.style.SUCCESS(text))


def add_note(parser) -> None:
    parser.add_argument("--note", default="", help="Why, for the log; at most 500 characters.")


def person(email: str | None):
    """The user with this e-mail address; None without one."""
    if email is None:
        return None
    users = list(get_user_model().objects.filter(email__iexact=email)[:2])
    if len(users) != 1:
        found = "several users have" if users else "no user has"
        raise InvalidRequest(f"--by: {found} the e-mail address {email!r}.")
    return users[0]


def verdict_of(version: GeneratorVersion) -> str:
    """What the newest comparison says of a version, in one line."""
    comparison = registry.describe(version)["comparison"]
    if comparison is None:
        return "not compared yet"
    outcome = "passed" if comparison["passed"] else "did not pass"
    return f"{outcome} against {comparison['against']}. {comparison['verdict']}".rstrip()
