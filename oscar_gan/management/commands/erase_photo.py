"""Erase what was made and learnt of photos: `manage.py erase_photo --product UPC --dry-run`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from ...errors import OscarGanError
from ...services import erasure, selection
from ..deciding import person

INCOMPLETE, USAGE = 1, 2


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _(
            "Delete everything that was made or learnt of photos: variant images, their"
            " publications and renditions, outlines, decisions, entries in lists of training"
            " photos. Says which generator versions have learnt from them."
        )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "photo", nargs="?", type=int, metavar="ID", help=_("A gallery picture.")
        )
        which.add_argument("--product", metavar="UPC|ID", help=_("Every photo of a product."))
        which.add_argument("--partner", metavar="NAME|CODE", help=_("Every photo of a partner."))
        parser.add_argument(
            "--with-source", action="store_true", help=_("Delete the photo itself, too.")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("Only report."))
        parser.add_argument("--yes", action="store_true", help=_("Do not ask."))
        parser.add_argument("--by", metavar="EMAIL", help=_("Who does it; for the log."))
        parser.add_argument("--json", action="store_true", help=_("JSON lines on stdout."))
        parser.add_argument("--report", type=Path, metavar="FILE", help=_("Keep the report here."))

    def handle(self, **options):
        try:
            sources = self._sources(options)
            by = person(options["by"])
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if options["report"] and options["report"].exists():
            raise CommandError(
                _("%(file)s is there already; choose another name.") % {"file": options["report"]},
                returncode=USAGE,
            )
        if not options["dry_run"] and not options["yes"]:
            self._confirm(len(sources))
        reports = []
        try:
            for source in sources:
                reports.append(
                    erasure.erase(
                        source=source,
                        with_source=options["with_source"],
                        dry_run=options["dry_run"],
                        by=by,
                    )
                )
                self._tell(reports[-1], as_json=options["json"])
        except OscarGanError as error:
            raise CommandError(
                _("%(problem)s %(done)d of %(all)d photos are erased; start this again.")
                % {"problem": error, "done": len(reports), "all": len(sources)},
                returncode=INCOMPLETE,
            ) from error
        finally:
            if options["report"] and reports:
                lines = [report.to_json() for report in reports]
                options["report"].write_text(json.dumps(lines, indent=1, ensure_ascii=False))

    def _sources(self, options: dict) -> list:
        if options["photo"] is not None:
            images = get_model("catalogue", "ProductImage").objects.filter(gan_published=None)
            found = images.filter(pk=options["photo"]).select_related("product__parent").first()
            if found is None:
                raise CommandError(
                    _("No photo %(id)s; published variant images are reverted, not erased.")
                    % {"id": options["photo"]},
                    returncode=USAGE,
                )
            return [found]
        if options["product"]:
            return erasure.sources_of(products=[selection.find_product(options["product"])])
        partner = selection.find_partner(options["partner"])
        chosen = selection.Selection(partners=(partner,)).find()
        return erasure.sources_of(products=chosen.values_list("pk", flat=True))

    def _confirm(self, count: int) -> None:
        if not sys.stdin.isatty():
            raise CommandError(
                _("This cannot be undone; say --yes, or look with --dry-run."), returncode=USAGE
            )
        answer = input(_("Erase what was made of %(count)d photos? [y/N] ") % {"count": count})
        if answer.strip().lower() != "y":
            raise CommandError(_("Nothing was erased."), returncode=USAGE)

    def _tell(self, report: erasure.Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
            return
        self.stdout.write(
            _(
                "Photo %(source)d of product %(product)d: %(variants)d variant images,"
                " %(published)d published, %(mattes)d outlines, %(reviews)d decisions,"
                " %(files)d files."
            )
            % {**report.to_json(), "files": len(report.files)}
        )
        if report.cancelled:
            self.stdout.write(_("  Training stopped: %s.") % ", ".join(report.cancelled))
        if report.versions:
            self.stdout.write(
                _(
                    "  These versions have learnt from it, and weights cannot forget: %s. Roll"
                    " back to one before them, or train anew from there."
                )
                % ", ".join(report.versions)
            )
        if report.same_photo:
            ids = ", ".join(map(str, report.same_photo))
            self.stdout.write(_("  The same file hangs elsewhere: pictures %s.") % ids)
