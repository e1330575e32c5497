"""What the bulk command can be told: its options, and the limits they stand for."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser

from django.utils import timezone
from django.utils.translation import gettext as _

from ..services import pacing

SELECTING = (
    *("product", "product_class", "category", "partner", "limit"),
    *("colour", "palette", "print", "style", "scale", "every", "by"),
)
"""Options that say what a new run is about; one that is resumed keeps its own."""


def add(parser: ArgumentParser) -> None:
    """Add all of them, in groups."""
    select = parser.add_argument_group(_("products (several kinds narrow each other down)"))
    select.add_argument(
        "--product",
        action="append",
        metavar="UPC|ID",
        help=_("One product; a child stands for its parent. May be repeated, as all of these."),
    )
    select.add_argument("--product-class", action="append", metavar="NAME")
    select.add_argument(
        "--category",
        action="append",
        metavar="NAME|ID",
        help=_("With all categories below it."),
    )
    select.add_argument("--partner", action="append", metavar="NAME|CODE")
    select.add_argument("--limit", type=_positive, help=_("Ask for at most so many products."))

    colours = parser.add_argument_group(_("colours"))
    which = colours.add_mutually_exclusive_group()
    which.add_argument("--colour", action="append", metavar="'#RRGGBB'|NAME")
    which.add_argument(
        "--from-attributes",
        action="store_true",
        help=_("The product's own colour options (default)."),
    )
    colours.add_argument(
        "--palette", action="append", metavar="NAME", help=_("All colourways of that palette.")
    )
    looks = parser.add_argument_group(_("prints and styles (instead of colours, or beside them)"))
    looks.add_argument(
        "--print", action="append", metavar="NAME", help=_("A print saved in the designer.")
    )
    looks.add_argument(
        "--scale",
        type=float,
        metavar="SHARE",
        help=_("Width of the prints' tiles as a share of the product's width (0.25)."),
    )
    looks.add_argument(
        "--style", action="append", metavar="NAME", help=_("A style, such as stone-wash.")
    )

    extent = colours.add_mutually_exclusive_group()
    extent.add_argument(
        "--missing",
        action="store_true",
        help=_("Only colours that have no picture in the shop yet (default)."),
    )
    extent.add_argument(
        "--all", action="store_true", dest="every", help=_("Colours with pictures as well.")
    )

    running = parser.add_argument_group(_("running"))
    running.add_argument("--dry-run", action="store_true", help=_("Show the plan; write nothing."))
    running.add_argument(
        "--sync", action="store_true", help=_("Make the pictures here, without workers.")
    )
    running.add_argument(
        "--resume", nargs="?", const="", metavar="RUN", help=_("Continue a run (the newest).")
    )
    running.add_argument(
        "--by",
        metavar="EMAIL",
        help=_("Who asks: it counts towards their quota, and they are told when it is done."),
    )
    running.add_argument(
        "--rate", type=_positive, metavar="N", help=_("Ask for at most N products a minute.")
    )
    running.add_argument(
        "--at-once",
        type=_positive,
        metavar="N",
        help=_("Ask for no further product while N variant images of this run are unfinished."),
    )
    running.add_argument(
        "--max-runtime", metavar="1h30m", help=_("Stop after this long, to be resumed.")
    )
    running.add_argument(
        "--deadline",
        metavar="HH:MM",
        help=_("Stop when the shop's clock shows this time next, to be resumed."),
    )
    running.add_argument("--json", action="store_true", help=_("JSON lines on stdout."))
    running.add_argument(
        "--fail-empty", action="store_true", help=_("Exit with 3 if no product matches.")
    )


def pace(options: dict) -> pacing.Pace:
    """How fast and how long to ask; raises InvalidRequest."""
    now = timezone.now()
    ends = []
    if options["max_runtime"]:
        ends.append(now + pacing.read_duration(options["max_runtime"]))
    if options["deadline"]:
        ends.append(pacing.next_time(options["deadline"], now=now))
    return pacing.Pace(
        per_minute=options["rate"],
        at_once=options["at_once"],
        until=min(ends, default=None),
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(
            _("'%(text)s' is not a whole number above 0") % {"text": text}
        )
    return int(text)
