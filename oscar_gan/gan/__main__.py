"""The lab, in order: `python -m oscar_gan.gan collect | train | relabel | evaluate | export`."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import torch
from tqdm import tqdm

from oscar_gan.errors import OscarGanError
from oscar_gan.stopping import stop_signals

from .checkpoints import read_checkpoint
from .corpus import Corpus, collect, open_corpus
from .export import export_checkpoint, register
from .lessons import LESSONS, learnt
from .options import add_options, chosen
from .parallel import choose_device, joined, world
from .relabel import relabel
from .runs import run
from .scenes import find_scenes
from .sources import find_photos
from .training import Config, Progress


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
    lessons = commands.add_parser("train", help="teach a network; goes on where it stopped")
    lessons = lessons.add_subparsers(required=True, dest="lesson")
    for name, lesson in LESSONS.items():
        command = lessons.add_parser(name, help=f"the {name}")
        add_train_options(command, lesson)
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
    command.set_defaults(run=_export)
    return parser


def add_train_options(parser: argparse.ArgumentParser, lesson: type) -> None:
    """Add what `train` takes for a lesson: where, how, and the settings of loop and lesson."""
    parser.add_argument("corpus", type=Path)
    parser.add_argument("output", type=Path, help="folder of the run")
    parser.add_argument("--held-out", type=Path, metavar="CORPUS", help="corpus to validate on")
    parser.add_argument("--start-from", type=Path, metavar="CHECKPOINT", help="fine-tune it")
    parser.add_argument("--every", type=int, default=500, help="steps between checkpoints (500)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, or the best there is (auto)")
    parser.add_argument(
        "--threads", type=int, default=1, help="more hurts on a shared machine (1)"
    )
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that make pictures ahead, for a GPU (0)"
    )
    add_options(parser.add_argument_group("the loop"), Config)
    add_options(parser.add_argument_group("the lesson"), lesson.Settings)


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
        progress=_counted,
    )
    summary = {key: manifest[key] for key in ("counts", "rejected")}
    print(json.dumps(summary))  # noqa: T201


def _train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    corpus = open_corpus(options.corpus)
    config = chosen(Config, options)
    settings = chosen(LESSONS[options.lesson].Settings, options)
    device = choose_device(options.device)
    with joined(device), stop_signals() as asked_to_stop:
        first = world()[0] == 0
        if first:
            print(_plan(options.lesson, config, corpus))  # noqa: T201
        trainer = run(
            options.lesson,
            config,
            settings,
            corpus,
            options.output,
            held_out=open_corpus(options.held_out) if options.held_out else None,
            begin_with=options.start_from,
            every=options.every,
            device=device,
            workers=options.workers,
            progress=_bar if first else None,
            stop=asked_to_stop,
        )
    if first and trainer.step < config.steps:
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
        progress=_counted,
    )
    print(json.dumps(counts))  # noqa: T201


def _counted(items: Iterable) -> Iterable:
    return tqdm(items, unit="picture", disable=None)


def _evaluate(options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    lesson = learnt(read_checkpoint(options.checkpoint))
    print(json.dumps(lesson.validate(lesson.networks, open_corpus(options.corpus))))  # noqa: T201


def _export(options: argparse.Namespace) -> None:
    name = read_checkpoint(options.checkpoint)["lesson"]
    file = f"{name}.onnx"
    digest = export_checkpoint(options.checkpoint, options.folder / file, version=options.version)
    register(options.folder, "recolour", options.version, {name: (file, digest)})
    print(digest)  # noqa: T201


def _plan(lesson: str, config: Config, corpus: Corpus) -> str:
    return (
        f"Teaching the {lesson} from {len(corpus.photos)} photos, {len(corpus.cutouts)} cut-outs"
        f" and {len(corpus.scenes)} scenes: {config.steps} steps, objective {config.objective}."
    )


def _bar(steps: Iterable[Progress], first: int, last: int) -> Iterator[Progress]:
    with tqdm(steps, initial=first, total=last, unit="step", disable=None) as bar:
        for done in bar:
            if done.step % 20 == 0:
                bar.set_postfix({name: f"{float(loss):.3f}" for name, loss in done.losses.items()})
            yield done


def _wanted(name: str, only: list[str], hold_out: list[str]) -> bool:
    chosen = not only or any(fnmatch(name, pattern) for pattern in only)
    return chosen and not any(fnmatch(name, pattern) for pattern in hold_out)


if __name__ == "__main__":
    sys.exit(main())
