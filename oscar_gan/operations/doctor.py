"""The doctor: every check in the order in which one would look, each told apart from the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.core.checks import CheckMessage, run_checks
from django.core.checks import messages as levels
from django.utils.translation import gettext as _

from . import basics, files, jobs, pictures
from .findings import PROBLEM, Check, Finding, ok, problem, timed, warning


def settings_checks() -> Iterable[Finding]:
    """Django's checks of this plugin, those of `check --deploy` included."""
    found = run_checks(tags=["oscar_gan"], include_deployment_checks=True)
    if not found:
        return [ok("settings", _("no system check complains"))]
    return [_from_check(message) for message in found]


def _from_check(message: CheckMessage) -> Finding:
    state = problem if message.level >= levels.ERROR else warning
    return state(message.id, str(message.msg), str(message.hint or "manage.py check"))


CHECKS: tuple[Check, ...] = (
    settings_checks,
    basics.time_zone,
    basics.database,
    basics.migrations,
    basics.clock,
    basics.broker,
    jobs.workers,
    basics.beat,
    jobs.waiting,
    files.media,
    files.drafts,
    files.links,
    files.disks,
    pictures.thumbnailer,
    basics.weights,
    pictures.serving,
    pictures.self_test,
    pictures.memory,
)
DEEP: tuple[Check, ...] = (jobs.probes,)
"""Checks that take longer than a few seconds."""


def examine(*, deep: bool = False, checks: Iterable[Callable] | None = None) -> Iterator[Finding]:
    """Findings as they are made; a check that fails itself is a problem and stops no other."""
    for check in checks or (*CHECKS, *(DEEP if deep else ())):
        try:
            yield from timed(check)
        except Exception as error:  # what a check did not expect is what somebody looks for
            name = getattr(check, "__name__", "check").replace("_", "-")
            fix = _("Set right what was found before this, then look again.")
            yield problem(name, f"{type(error).__name__}: {error}", fix)


def worst(findings: Iterable[Finding]) -> int:
    """The exit code: 1 when anything is a problem."""
    return int(any(finding.state == PROBLEM for finding in findings))
