"""Teach a generator's networks on photos: `manage.py train_generator analyser var/run`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from ...errors import OscarGanError
from ..lab import INTERRUPTED, USAGE, LabCommand, add_picture_options, find_pictures

ONE_IN = 10
"""One in so many pictures is kept from training, to validate on."""


class Command(LabCommand):
    @property
    def help(self) -> str:
        return _(
            "Teach a network of the recolour generator on the catalogue's own photos, or on those"
            " in folders. Goes on where it stopped. Nothing in the shop changes: the run's folder"
            " gets checkpoints, samples and curves; `python -m oscar_gan.gan export` makes weights"
            " of them."
        )

    def add_arguments(self, parser):
        from ...gan.console import add_run_options
        from ...gan.lessons import LESSONS

        lessons = parser.add_subparsers(dest="lesson", required=True, metavar="NETWORK")
        for name in (each for each in LESSONS if LESSONS[each].generator == "recolour"):
            lesson = lessons.add_parser(name, help=_("Teach the %(network)s.") % {"network": name})
            lesson.add_argument("run", type=Path, help=_("Folder of the run; made if need be."))
            add_picture_options(lesson)
            add_run_options(lesson, name)

    def handle(self, **options):
        try:
            trainer = self._train(options)
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if trainer.step < trainer.config.steps:
            text = _("Stopped after step %(step)d. Resume with: %(command)s")
            self.stderr.write(text % {"step": trainer.step, "command": self.again})
            sys.exit(INTERRUPTED)
        command = f"manage.py evaluate_generator {shlex.quote(str(options['run']))}"
        self.stdout.write(_("Done. Score it with: %(command)s") % {"command": command})

    def _train(self, options):
        from ...gan.console import teach
        from ...gan.corpus import is_complete, open_corpus

        folder = options["run"]
        corpora = folder / "corpus", folder / "held-out"
        if not all(map(is_complete, corpora)):
            self._collect(corpora, find_pictures(options, catalogue=not options["photos"]))
        corpus, held_out = map(open_corpus, corpora)
        return teach(options, corpus, folder, held_out=held_out, say=self.stdout.write)

    def _collect(self, folders: tuple[Path, Path], pictures: dict[str, list]) -> None:
        """Make two corpora that have no photo in common."""
        from ...gan.console import counted
        from ...gan.corpus import collect
        from ...gan.duplicates import Seen
        from ...gan.sources import split

        sets = {kind: split(found, one_in=ONE_IN) for kind, found in pictures.items()}
        seen = Seen()
        for part, folder in enumerate(folders):
            chosen = {kind: both[part] for kind, both in sets.items()}
            manifest = collect(folder, **chosen, seen=seen, progress=counted)
            left_out = ", ".join(
                f"{count} {reason}" for reason, count in manifest["rejected"].items() if count
            )
            self.stdout.write(
                _("%(folder)s: %(used)d of %(found)d photos (left out: %(left_out)s)")
                % {
                    "folder": folder,
                    "used": manifest["counts"]["photos"],
                    "found": len(chosen["photos"]),
                    "left_out": left_out or _("none"),
                }
            )
