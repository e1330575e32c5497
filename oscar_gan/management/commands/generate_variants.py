"""Ask for colour variants of many products: `manage.py generate_variants --dry-run`."""

from __future__ import annotations

import json
import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from ...errors import OscarGanError, QuotaExceeded
from ...imaging.placing import Placement
from ...models.jobs import Queue
from ...services import backfill, estimates, pacing, planning, quotas, runs, selection
from ...services.colourways.serving import find_palette
from ...stopping import stop_signals
from .. import bulk_arguments, bulk_report
from ..deciding import person

SOME_FAILED, USAGE, NOTHING_MATCHED, INTERRUPTED = 1, 2, 3, 130


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _(
            "Ask for variants of product photos in other colours, prints or styles. Without a"
            " selection: of every product, in its own colour options that have no picture yet."
            " Nothing is replaced or published."
        )

    def add_arguments(self, parser):
        bulk_arguments.add(parser)

    def handle(self, **options):
        self.options = options
        try:
            code = self._dry_run() if options["dry_run"] else self._run()
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if code:
            sys.exit(code)

    def _selection(self) -> selection.Selection:
        options = self.options
        scale = Placement().scale if options["scale"] is None else options["scale"]
        return selection.Selection(
            products=_ids(selection.find_product, options["product"]),
            product_classes=_ids(selection.find_product_class, options["product_class"]),
            categories=tuple(
                pk for text in options["category"] or () for pk in selection.find_categories(text)
            ),
            partners=_ids(selection.find_partner, options["partner"]),
            colours=tuple(dict.fromkeys(map(selection.find_colour, options["colour"] or ()))),
            palettes=_ids(find_palette, options["palette"]),
            prints=_ids(selection.find_print, options["print"]),
            styles=_ids(selection.find_style, options["style"]),
            scale=Placement(scale=scale).scale,  # says what is wrong with it
            missing=not options["every"],
        )

    def _dry_run(self) -> int:
        if self.options["resume"] is not None:
            raise CommandError(
                _("--resume continues a run; leave out --dry-run."), returncode=USAGE
            )
        selected = self._selection()
        if not selected.find().exists():
            return self._nothing_matched()
        counts: Counter[str] = Counter()
        self._say(bulk_report.table_head())
        for item in planning.plan(selection=selected):
            if counts["asked"] == self.options["limit"]:
                break
            counts["products"] += 1
            counts["asked"] += not item.reason
            counts["new"] += len(item.fresh)
            counts["fresh_photos"] += bool(item.fresh)
            counts["asked_before"] += len(item.targets) - len(item.fresh)
            self._json(bulk_report.planned_json, item)
            self._say(bulk_report.planned_row(item))
        self._summarise_plan(counts)
        return 0

    def _summarise_plan(self, counts: Counter[str]) -> None:
        cost = estimates.estimate(
            variants=counts["new"], photos=counts["fresh_photos"], queue=Queue.BACKFILL
        )
        allowance = quotas.tightest(user=person(self.options["by"]))
        summary = {
            **{key: counts[key] for key in ("products", "asked", "new", "asked_before")},
            **{"seconds": cost.seconds, "wait": cost.wait, "bytes": cost.size},
            **{"jobs_ahead": cost.ahead, "left_today": allowance.left if allowance else None},
        }
        self._json(json.dumps, {"summary": summary, "dry_run": True})
        self._say(
            _(
                "%(new)d new variant images of %(asked)d photos (%(products)d products looked at,"
                " %(asked_before)d colours asked before): about %(duration)s of one worker and"
                " %(size).0f MB, %(ahead)s. Nothing was written."
            )
            % {
                **{name: counts[name] for name in ("new", "asked", "products", "asked_before")},
                "duration": bulk_report.duration(cost.seconds),
                "size": cost.size / 1e6,
                "ahead": bulk_report.ahead(cost),
            }
        )
        if allowance:
            self._say(bulk_report.allowance(allowance))

    def _run(self) -> int:
        pace = bulk_arguments.pace(self.options)  # before anything is written
        run = self._open_run()
        if run is None:
            return self._nothing_matched()
        interrupted, pacer = False, pacing.Pacer(run, pace)
        # disable=None: no bar when stderr is not a terminal, as under cron.
        bar = tqdm(
            total=backfill.remaining(run=run), unit=_("product"), disable=None, file=sys.stderr
        )
        with bar, stop_signals() as asked_to_stop:
            for outcome in backfill.run(run=run, sync=self.options["sync"]):
                bar.update()
                self._report(outcome)
                stopped = outcome.code == QuotaExceeded.code
                asked = outcome.request is not None
                if stopped or not pacer.wait(asked=asked, stop=asked_to_stop):
                    interrupted = True
                    break
        return self._summarise_run(run, interrupted=interrupted)

    def _open_run(self):
        """The run to resume or a new one; None if no product matches."""
        resume = self.options["resume"]
        if resume is None:
            selected = self._selection()
            if not selected.find().exists():
                return None
            return backfill.start(
                selection=selected,
                limit=self.options["limit"],
                started_by=person(self.options["by"]),
            )
        if given := [name for name in bulk_arguments.SELECTING if self.options[name]]:
            raise CommandError(
                _(
                    "--resume continues a run with the selection it was started with; leave out"
                    " %(options)s."
                )
                % {"options": f"--{', --'.join(given).replace('_', '-').replace('every', 'all')}"},
                returncode=USAGE,
            )
        return backfill.find_run(resume or None)

    def _report(self, outcome) -> None:
        self._json(bulk_report.outcome_json, outcome, sync=self.options["sync"])
        if outcome.problem or (outcome.code and self.options["verbosity"] > 1):
            self._say(bulk_report.problem_row(outcome))

    def _summarise_run(self, run, *, interrupted: bool) -> int:
        counts, results = run.counts, runs.results(run=run)
        summary = {"run": str(run.pk), "interrupted": interrupted, **counts, "variants": results}
        self._json(json.dumps, {"summary": summary})
        self._say(
            _(
                "%(products)d products: %(created)d variant images asked for, %(reused)d asked"
                " before. Skipped: %(skipped)s. Could not ask: %(failed)s. Now: %(now)s."
            )
            % {
                **{name: counts.get(name, 0) for name in ("products", "created", "reused")},
                "skipped": bulk_report.reasons(counts.get("skipped", {})),
                "failed": bulk_report.reasons(counts.get("failed", {})),
                "now": bulk_report.reasons(results),
            }
        )
        if runs.is_cancelled(run):
            self._say(_("The run was cancelled in the dashboard."))
            return INTERRUPTED
        sync = " --sync" if self.options["sync"] else ""
        if interrupted:
            command = f"manage.py generate_variants --resume {run.pk}{sync}"
            self.stderr.write(_("Resume with: %(command)s") % {"command": command})
            return INTERRUPTED
        unmade = self.options["sync"] and any(results.get(state) for state in bulk_report.UNMADE)
        return SOME_FAILED if counts.get("failed") or unmade else 0

    def _nothing_matched(self) -> int:
        self._json(json.dumps, {"summary": {"products": 0}})
        self._say(_("No product matches the selection."))
        return NOTHING_MATCHED if self.options["fail_empty"] else 0

    def _json(self, to_line, *args, **kwargs) -> None:
        if self.options["json"]:
            self.stdout.write(to_line(*args, **kwargs))

    def _say(self, text: str) -> None:
        if not self.options["json"]:
            # Keeps a progress bar on the same terminal whole.
            with tqdm.external_write_mode():
                self.stdout.write(text)


def _ids(find, texts) -> tuple:
    return tuple(dict.fromkeys(find(text) for text in texts or ()))
