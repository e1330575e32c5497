"""Sentences for finding and problem codes, so that they can be translated.

The engine and the services write English with a machine code beside it; what has no entry here
is shown as they wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, object] = {}
PROBLEMS: dict[str, object] = {
    "internal": _("Something went wrong in the worker. Try again; its log says what it was."),
}


def describe(finding: dict) -> str:
    """One stored finding (`{"code", "message", "values"}`) in the reader's language."""
    template = TEXTS.get(finding.get("code", ""))
    if template is None:
        return finding.get("message", "")
    try:
        return str(template) % finding.get("values", {})
    except (KeyError, TypeError, ValueError):  # written by an older version with other values
        return finding.get("message", "")


def describe_all(findings: Iterable[dict]) -> list[str]:
    """All of them, in order, each sentence once."""
    return list(dict.fromkeys(filter(None, map(describe, findings))))


def describe_problem(code: str, message: str) -> str:
    """Why a variant image was not made: the code's sentence, or what was written then."""
    return str(PROBLEMS.get(code, message))
