"""The lab: `python -m oscar_gan.gan collect | train | relabel | evaluate | export`.

Prints have a corpus of their own: `collect-prints`.
"""

import argparse
import json
import sys
from fnmatch import fnmatch
from pathlib import Path

import torch

from oscar_gan.errors import OscarGanError

from .checkpoints import read_checkpoint
from .console import add_run_options, counted, score, teach
from .corpus import collect, open_corpus
from .export import export_checkpoint, register
from .lessons import LESSONS, learnt
from .patterns import collect_patterns
from .relabel import relabel
from .scenes import find_scenes
from .sources import find_photos


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; 0 done, 2 unusable input (a message, never a traceback)."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except OscarGanError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m oscar_gan.gan", description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("collect", help="make a training corpus out of pictures")
    command.add_argument("corpus", type=Path, help="folder to write")
    command.add_argument("--photos", type=Path, action="append", default=[], metavar="FOLDER")
    command.add_argument(
        "--cutouts", type=Path, metavar="FOLDER", help="pictures with .png mattes"
    )
    command.add_argument("--scenes", type=Path, metavar="FOLDER", help="rendered truth")
    command.add_argument("--hold-out", action="append", default=[], metavar="PATTERN")
    command.add_argument("--only", action="append", default=[], metavar="PATTERN")
    command.add_argument("--min-confidence", type=float, default=0.5)
    command.add_argument(
        "--denoise",
        action="store_true",
        help="take grain and JPEG blocks out of photos; serving will not, so seldom a help",
    )
    command.set_defaults(run=_collect)
    command = commands.add_parser("collect-prints", help="make a corpus of prints, for a printer")
    command.add_argument("corpus", type=Path, help="folder to write")
    command.add_argument(
        "--inventions", type=int, default=6000, help="prints of our own, drawn from seeds (6000)"
    )
    command.add_argument("--first", type=int, default=0, help="their first seed (0)")
    command.add_argument(
        "--patterns", type=Path, metavar="FOLDER", help="tiles drawn by others, and index.csv"
    )
    command.add_argument("--hold-out", action="append", default=[], metavar="PATTERN")
    command.add_argument("--only", action="append", default=[], metavar="PATTERN")
    command.set_defaults(run=_collect_prints)
    lessons = commands.add_parser("train", help="teach a network; goes on where it stopped")
    lessons = lessons.add_subparsers(required=True, dest="lesson")
    for name in LESSONS:
        command = lessons.add_parser(name, help=f"the {name}")
        command.add_argument("corpus", type=Path)
        command.add_argument("output", type=Path, help="folder of the run")
        command.add_argument("--held-out", type=Path, metavar="CORPUS", help="to validate on")
        add_run_options(command, name)
        command.set_defaults(run=_train)
    command = commands.add_parser("relabel", help="let a checkpoint correct the pseudo-mattes")
    command.add_argument("corpus", type=Path)
    command.add_argument("checkpoint", type=Path)
    command.add_argument("output", type=Path, help="folder of the corrected corpus")
    command.set_defaults(run=_relabel)
    command = commands.add_parser("evaluate", help="score a checkpoint on a held-out corpus")
    command.add_argument("checkpoint", type=Path)
    command.add_argument("corpus", type=Path, help="one that the training has not seen")
    command.set_defaults(run=_evaluate)
    command = commands.add_parser("export", help="write a checkpoint as ONNX and register it")
    command.add_argument("checkpoint", type=Path)
    command.add_argument("folder", type=Path, help="folder of weights and their manifest.json")
    command.add_argument("--version", default="1")
    command.add_argument(
        "--data",
        required=True,
        metavar="TEXT",
        help='what it was trained on, with licences: "clothing-dataset (CC0 1.0); our own photos"',
    )
    command.set_defaults(run=_export)
    return parser


def _collect(options: argparse.Namespace) -> None:
    cutouts = [
        path
        for path in sorted(options.cutouts.glob("*.jpg") if options.cutouts else ())
        if _wanted(path.stem, options.only, options.hold_out)
    ]
    manifest = collect(
        options.corpus,
        photos=[photo for folder in options.photos for photo in find_photos(folder)],
        cutouts=cutouts,
        scenes=find_scenes(options.scenes) if options.scenes else (),
        min_confidence=options.min_confidence,
        denoise=options.denoise,
        progress=counted,
    )
    summary = {key: manifest[key] for key in ("counts", "rejected")}
    print(json.dumps(summary))  # noqa: T201


def _collect_prints(options: argparse.Namespace) -> None:
    manifest = collect_patterns(
        options.corpus,
        inventions=options.inventions,
        first=options.first,
        patterns=options.patterns,
        only=options.only,
        hold_out=options.hold_out,
        progress=counted,
    )
    print(json.dumps(manifest["counts"]))  # noqa: T201


def _train(options: argparse.Namespace) -> None:
    opened = LESSONS[options.lesson].open_corpus
    trainer = teach(
        vars(options),
        opened(options.corpus),
        options.output,
        held_out=opened(options.held_out) if options.held_out else None,
        say=print,
    )
    if trainer.step < trainer.config.steps:
        print(f"Stopped after step {trainer.step}; the same command goes on.")  # noqa: T201


def _relabel(options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    lesson = learnt(read_checkpoint(options.checkpoint))
    counts = relabel(
        options.corpus,
        open_corpus(options.corpus),
        lesson.networks["analyser"],
        options.output,
        side=lesson.settings.side,
        progress=counted,
    )
    print(json.dumps(counts))  # noqa: T201


def _evaluate(options: argparse.Namespace) -> None:
    state = read_checkpoint(options.checkpoint)
    found = score(state, LESSONS[state["lesson"]].open_corpus(options.corpus))
    print(json.dumps(found))  # noqa: T201


def _export(options: argparse.Namespace) -> None:
    name = read_checkpoint(options.checkpoint)["lesson"]
    file = f"{name}.onnx"
    digest = export_checkpoint(
        options.checkpoint, options.folder / file, version=options.version, data=options.data
    )
    generator = LESSONS[name].generator
    register(options.folder, generator, options.version, {name: (file, digest)})
    print(digest)  # noqa: T201


def _wanted(name: str, only: list[str], hold_out: list[str]) -> bool:
    chosen = not only or any(fnmatch(name, pattern) for pattern in only)
    return chosen and not any(fnmatch(name, pattern) for pattern in hold_out)


if __name__ == "__main__":
    sys.exit(main())
