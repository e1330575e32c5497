"""Score what was trained on pictures kept from it: `manage.py evaluate_generator var/run`."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from ...errors import OscarGanError
from ..lab import USAGE, LabCommand, add_picture_options, find_pictures


class Command(LabCommand):
    @property
    def help(self) -> str:
        return _(
            "Score a trained network on the pictures that its training kept apart, or on others."
            " Overlaps (iou) are better when higher, distances when lower."
        )

    def add_arguments(self, parser):
        parser.add_argument(
            "run", type=Path, help=_("Folder of the run, or one of its checkpoints.")
        )
        parser.add_argument(
            "--catalogue", action="store_true", help=_("Score on the catalogue's own photos.")
        )
        parser.add_argument("--json", action="store_true", help=_("One JSON object on stdout."))
        add_picture_options(parser)

    def handle(self, **options):
        try:
            found = self._evaluate(options)
        except OscarGanError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(_("%(lesson)s after step %(step)d") % found)
        for name, value in found["scores"].items():
            shown = _("nothing to score it on") if value is None else f"{value:.4f}"
            self.stdout.write(f"{name:<14} {shown}")

    def _evaluate(self, options) -> dict:
        from ...gan.checkpoints import CHECKPOINT, read_checkpoint
        from ...gan.console import counted, score
        from ...gan.corpus import collect, open_corpus

        run = options["run"]
        checkpoint, folder = (run / CHECKPOINT, run) if run.is_dir() else (run, run.parent)
        state = read_checkpoint(checkpoint)
        given = any(options[kind] for kind in ("catalogue", "photos", "cutouts", "scenes"))
        with TemporaryDirectory() as scratch:
            corpus = Path(scratch) if given else folder / "held-out"
            if given:
                collect(
                    corpus,
                    **find_pictures(options, catalogue=options["catalogue"]),
                    progress=counted,
                )
            scores = score(state, open_corpus(corpus))
        return {"lesson": state["lesson"], "step": state["step"], "scores": scores}
