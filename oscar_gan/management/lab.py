"""What the commands of the training lab share: torch asked for in words, pictures found."""

from __future__ import annotations

import shlex
import sys
from itertools import chain
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ..services.training import TrainingUnavailable, catalogue_photos, require_torch

USAGE, INTERRUPTED = 2, 130


class LabCommand(BaseCommand):
    """A command that needs torch, and says so instead of failing to import it."""

    def create_parser(self, *args, **kwargs):
        try:
            require_torch()
        except TrainingUnavailable as error:
            raise CommandError(str(error), returncode=USAGE) from error
        return super().create_parser(*args, **kwargs)

    again = "the same command"
    """The command line, to be given again."""

    def run_from_argv(self, argv):
        self.again = shlex.join(argv)
        try:
            super().run_from_argv(argv)
        except CommandError as error:  # from create_parser: Django minds only those of handle
            self.stderr.write(f"{error}")
            sys.exit(error.returncode)
        except KeyboardInterrupt:  # while collecting, or the second Ctrl-C
            self.stderr.write(
                _("Stopped at once. Start again with: %(command)s") % {"command": self.again}
            )
            sys.exit(INTERRUPTED)


def add_picture_options(parser) -> None:
    """Add where pictures come from."""
    group = parser.add_argument_group(_("pictures"))
    group.add_argument(
        "--photos",
        type=Path,
        action="append",
        metavar="FOLDER",
        help=_("Photos of your own, instead of the catalogue's. May be repeated."),
    )
    group.add_argument(
        "--cutouts", type=Path, metavar="FOLDER", help=_("Pictures with .png mattes beside them.")
    )
    group.add_argument("--scenes", type=Path, metavar="FOLDER", help=_("Rendered scenes."))
    group.add_argument(
        "--limit", type=int, default=5000, help=_("Photos to use at most, drawn by name (5000).")
    )


def find_pictures(options, *, catalogue: bool) -> dict[str, list]:
    """What `add_picture_options` asks for: photos (sources), cut-outs and scenes (paths).

    `catalogue`: the photos are the catalogue's own.
    """
    from ..gan.scenes import find_scenes
    from ..gan.sources import Source, find_photos, sample

    folders = [*(options["photos"] or ()), options["cutouts"], options["scenes"]]
    for folder in filter(None, folders):
        if not folder.is_dir():
            text = _("There is no folder %(folder)s.") % {"folder": folder}
            raise CommandError(text, returncode=USAGE)
    if catalogue:
        photos = (Source(name, read) for name, read in catalogue_photos())
    else:
        photos = chain.from_iterable(map(find_photos, options["photos"] or ()))
    return {
        "photos": sample(photos, options["limit"]),
        "cutouts": sorted(options["cutouts"].glob("*.jpg")) if options["cutouts"] else [],
        "scenes": find_scenes(options["scenes"]) if options["scenes"] else [],
    }
