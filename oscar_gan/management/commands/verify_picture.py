"""Say of picture files whether this shop made them: `manage.py verify_picture photo.jpg`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ...errors import UnusablePhoto
from ...services import tracing

STRANGER, UNREADABLE = 1, 2


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _(
            "Read the marks of picture files (IPTC, recipe, content credentials) and say whether"
            " this shop made them, of what, and whether they were changed since."
        )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help=_("JSON lines on stdout."))

    def handle(self, **options):
        code = 0
        for path in options["files"]:
            try:
                found = tracing.trace(path.read_bytes())
            except (OSError, UnusablePhoto) as error:
                self._say({"file": str(path), "problem": str(error)}, str(error), options)
                code = UNREADABLE
                continue
            self._say({"file": str(path), **_as_dict(found)}, _sentence(found), options)
            if not found.is_ours:
                code = max(code, STRANGER)
        if code:
            sys.exit(code)

    def _say(self, line: dict, text: str, options: dict) -> None:
        as_json = json.dumps(line, ensure_ascii=False)
        self.stdout.write(as_json if options["json"] else f"{line['file']}: {text}")


def _as_dict(found: tracing.Trace) -> dict:
    variant = found.variant
    return {
        "ours": found.is_ours,
        "marks": found.marks,
        "credentials": found.credentials,
        "variant": variant.pk if variant else None,
        "product": variant.product_id if variant else None,
        "same_bytes": found.same_bytes,
    }


def _sentence(found: tracing.Trace) -> str:
    if found.variant is None:
        text = _("It has marks, but of no picture that this shop made.") if found.marks else ""
        text = text or _("It has no marks of this plugin.")
    else:
        values = {
            "product": found.variant.product.get_title(),
            "colour": found.variant.label,
            "generator": found.variant.request.generator,
            "id": found.variant.pk,
        }
        if found.same_bytes:
            text = _("Variant image %(id)d of %(product)s in %(colour)s, by %(generator)s.")
        else:
            text = _(
                "Made from variant image %(id)d of %(product)s in %(colour)s, by %(generator)s: a"
                " rendition, or saved anew."
            )
        text %= values
    said = {
        "intact": _("Its content credentials are intact."),
        "broken": _("Its content credentials are broken: it was changed since it was signed."),
    }.get(found.credentials, "")
    return f"{text} {said}".strip()
