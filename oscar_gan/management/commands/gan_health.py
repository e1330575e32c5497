"""For containers: `manage.py gan_health beat --node beat@host`; exit code 1 if ill."""

from __future__ import annotations

import sys

from celery import current_app
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...operations import health
from ...operations.findings import PROBLEM, Finding, ok, problem, within

NODE_LIMIT = 10.0
"""Seconds that a worker has to answer."""


class Command(BaseCommand):
    requires_system_checks = []  # asked every minute

    @property
    def help(self) -> str:
        return _("Ask components, and one worker, whether they work; exit code 1 if not.")

    def add_arguments(self, parser):
        parser.add_argument(
            "components",
            nargs="*",
            metavar="COMPONENT",
            help=_("Of %(names)s; default: all.") % {"names": ", ".join(health.COMPONENTS)},
        )
        parser.add_argument("--node", help=_("A worker that must answer, e.g. beat@host."))

    def handle(self, *, components, node, **options):
        if unknown := [name for name in components if name not in health.COMPONENTS]:
            text = _("There is no component %(name)s; choose from: %(names)s.")
            names = ", ".join(health.COMPONENTS)
            raise CommandError(text % {"name": unknown[0], "names": names}, returncode=2)
        found = [health.ask(name) for name in components or health.COMPONENTS]
        if node:
            found.append(_node(node))
        for finding in found:
            self.stdout.write(f"{finding.state:<8} {finding.name:<10} {finding.found}")
        if any(finding.state == PROBLEM for finding in found):
            sys.exit(1)


def _node(name: str) -> Finding:
    """Whether the worker of this name answers over the broker."""
    inspect = current_app.control.inspect(destination=[name], timeout=NODE_LIMIT)
    try:
        answer = within(NODE_LIMIT + 5, "node", inspect.ping)
    except Exception as error:  # the broker's
        return problem("node", f"{name}: {error}", "")
    return ok("node", name) if answer else problem("node", f"{name} does not answer", "")
