"""Ask for colour variants of many products: `manage.py generate_variants --dry-run`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ...errors import OscarGanError
from ...imaging.placing import Placement
from ...services import backfill, planning, selection
from ...services.requests import estimate
from ...stopping import stop_signals
from .. import bulk_report

SOME_FAILED, USAGE, NOTHING_MATCHED, INTERRUPTED = 1, 2, 3, 130
_SELECTING = (
    *("product", "product_class", "category", "partner", "limit"),
    *("colour", "print", "style", "scale", "every"),
)


class Command(BaseCommand):
    help = (
        "Ask for variants of product photos in other colours, prints or styles. Without a"
        " selection: of every product, in its own colour options that have no picture yet."
        " Nothing is replaced or published."
    )

    def add_arguments(self, parser):
        select = parser.add_argument_group("products (several kinds narrow each other down)")
        select.add_argument(
            "--product",
            action="append",
            metavar="UPC|ID",
            help="One product; a child stands for its parent. May be repeated, as all of these.",
        )
        select.add_argument("--product-class", action="append", metavar="NAME")
        select.add_argument(
            "--category", action="append", metavar="NAME|ID", help="With all categories below it."
        )
        select.add_argument("--partner", action="append", metavar="NAME|CODE")
        select.add_argument("--limit", type=_positive, help="Ask for at most so many products.")

        colours = parser.add_argument_group("colours")
        which = colours.add_mutually_exclusive_group()
        which.add_argument("--colour", action="append", metavar="'#RRGGBB'|NAME")
        which.add_argument(
            "--from-attributes",
            action="store_true",
            help="The product's own colour options (default).",
        )
        looks = parser.add_argument_group("prints and styles (instead of colours, or beside them)")
        looks.add_argument(
            "--print", action="append", metavar="NAME", help="A print saved in the designer."
        )
        looks.add_argument(
            "--scale",
            type=float,
            metavar="SHARE",
            help="Width of the prints' tiles as a share of the product's width (0.25).",
        )
        looks.add_argument(
            "--style", action="append", metavar="NAME", help="A style, such as stone-wash."
        )

        extent = colours.add_mutually_exclusive_group()
        extent.add_argument(
            "--missing",
            action="store_true",
            help="Only colours that have no picture in the shop yet (default).",
        )
        extent.add_argument(
            "--all", action="store_true", dest="every", help="Colours with pictures as well."
        )

        running = parser.add_argument_group("running")
        running.add_argument(
            "--dry-run", action="store_true", help="Show the plan; write nothing."
        )
        running.add_argument(
            "--sync", action="store_true", help="Make the pictures here, without workers."
        )
        running.add_argument(
            "--resume", nargs="?", const="", metavar="RUN", help="Continue a run (the newest)."
        )
        running.add_argument("--json", action="store_true", help="JSON lines on stdout.")
        running.add_argument(
            "--fail-empty", action="store_true", help="Exit with 3 if no product matches."
        )

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
            prints=_ids(selection.find_print, options["print"]),
            styles=_ids(selection.find_style, options["style"]),
            scale=Placement(scale=scale).scale,  # says what is wrong with it
            missing=not options["every"],
        )

    def _dry_run(self) -> int:
        if self.options["resume"] is not None:
            raise CommandError("--resume continues a run; leave out --dry-run.", returncode=USAGE)
        selected = self._selection()
        if not selected.find().exists():
            return self._nothing_matched()
        counts: Counter[str] = Counter()
        self._say(bulk_report.TABLE_HEAD)
        for item in planning.plan(selection=selected):
            if counts["asked"] == self.options["limit"]:
                break
            counts["products"] += 1
            counts["asked"] += not item.reason
            counts["new"] += len(item.fresh)
            counts["asked_before"] += len(item.targets) - len(item.fresh)
            self._json(bulk_report.planned_json, item)
            self._say(bulk_report.planned_row(item))
        self._summarise_plan(counts)
        return 0

    def _summarise_plan(self, counts: Counter[str]) -> None:
        cost = estimate(variants=counts["new"])
        summary = {**counts, "seconds": cost.seconds, "bytes": cost.size}
        self._json(json.dumps, {"summary": summary, "dry_run": True})
        self._say(
            f"{counts['new']} new variant images of {counts['asked']} photos"
            f" ({counts['products']} products looked at, {counts['asked_before']} colours asked"
            f" before): about {bulk_report.duration(cost.seconds)} of one worker and"
            f" {cost.size / 1e6:.0f} MB. Nothing was written."
        )

    def _run(self) -> int:
        run = self._open_run()
        if run is None:
            return self._nothing_matched()
        interrupted = False
        # disable=None: no bar when stderr is not a terminal, as under cron.
        bar = tqdm(
            total=backfill.remaining(run=run), unit="product", disable=None, file=sys.stderr
        )
        with bar, stop_signals() as asked_to_stop:
            for outcome in backfill.run(run=run, sync=self.options["sync"]):
                bar.update()
                self._report(outcome)
                if asked_to_stop():
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
            return backfill.start(selection=selected, limit=self.options["limit"])
        if given := [name for name in _SELECTING if self.options[name]]:
            raise CommandError(
                "--resume continues a run with the selection it was started with; leave out"
                f" --{', --'.join(given).replace('_', '-').replace('every', 'all')}.",
                returncode=USAGE,
            )
        return backfill.find_run(resume or None)

    def _report(self, outcome) -> None:
        self._json(bulk_report.outcome_json, outcome, sync=self.options["sync"])
        if outcome.problem or (outcome.code and self.options["verbosity"] > 1):
            self._say(bulk_report.problem_row(outcome))

    def _summarise_run(self, run, *, interrupted: bool) -> int:
        counts, results = run.counts, backfill.results(run=run)
        summary = {"run": str(run.pk), "interrupted": interrupted, **counts, "variants": results}
        self._json(json.dumps, {"summary": summary})
        self._say(
            f"{counts.get('products', 0)} products: {counts.get('created', 0)} variant images"
            f" asked for, {counts.get('reused', 0)} asked before."
            f" Skipped: {bulk_report.reasons(counts.get('skipped', {}))}."
            f" Could not ask: {bulk_report.reasons(counts.get('failed', {}))}."
            f" Now: {bulk_report.reasons(results)}."
        )
        sync = " --sync" if self.options["sync"] else ""
        if interrupted:
            self.stderr.write(f"Resume with: manage.py generate_variants --resume {run.pk}{sync}")
            return INTERRUPTED
        unmade = self.options["sync"] and any(results.get(state) for state in bulk_report.UNMADE)
        return SOME_FAILED if counts.get("failed") or unmade else 0

    def _nothing_matched(self) -> int:
        self._json(json.dumps, {"summary": {"products": 0}})
        self._say("No product matches the selection.")
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


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
