"""What the commands that decide about generator versions share."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

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
            help=_("Default: the generator that OSCAR_GAN names (recolour)."),
        )
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help=_("Who decides, for the log; must have the permission to train generators."),
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
    parser.add_argument("--note", default="", help=_("Why, for the log; at most 500 characters."))


def person(email: str | None):
    """The user with this e-mail address; None without one."""
    if email is None:
        return None
    users = list(get_user_model().objects.filter(email__iexact=email)[:2])
    if len(users) != 1:
        text = (
            _("--by: several users have the e-mail address '%(email)s'.")
            if users
            else _("--by: no user has the e-mail address '%(email)s'.")
        )
        raise InvalidRequest(text % {"email": email})
    return users[0]


def verdict_of(version: GeneratorVersion) -> str:
    """What the newest comparison says of a version, in one line."""
    comparison = registry.describe(version)["comparison"]
    if comparison is None:
        return _("not compared yet")
    passed = _("passed against %(champion)s.")
    text = passed if comparison["passed"] else _("did not pass against %(champion)s.")
    outcome = text % {"champion": comparison["against"]}
    return f"{outcome} {comparison['verdict']}".rstrip()
