"""The lab, in order: `python -m oscar_gan.gan collect | train | relabel | evaluate | export`."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from fnmatch import fnmatch
from pathlib import Path

import torch
from tqdm import tqdm

from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.photo import ANALYSIS_SIDE

from .checkpoints import averaged_analyser, read_checkpoint
from .corpus import Corpus, collect, find_photos, open_corpus
from .data import Mixture
from .evaluation import validate_on_cutouts
from .export import export_checkpoint, register
from .networks import Analyser, count_parameters
from .objectives import OBJECTIVES
from .relabel import relabel
from .runs import run
from .scenes import find_scenes
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
    command.set_defaults(run=_collect)
    defaults = Config()
    command = commands.add_parser("train", help="train an analyser; goes on where it stopped")
    command.add_argument("corpus", type=Path)
    command.add_argument("output", type=Path, help="folder of the run")
    command.add_argument("--held-out", type=Path, metavar="CORPUS", help="corpus to validate on")
    command.add_argument("--start-from", type=Path, metavar="CHECKPOINT", help="fine-tune it")
    command.add_argument("--objective", choices=OBJECTIVES, default=defaults.objective)
    for name in ("steps", "side", "seed"):
        command.add_argument(f"--{name}", type=int, default=getattr(defaults, name))
    for name in ("learning_rate", "gamma", "adversarial", "information"):
        flag = f"--{name.replace('_', '-')}"
        command.add_argument(flag, type=float, default=getattr(defaults, name))
    for kind in fields(Mixture):
        command.add_argument(
            f"--{kind.name}-per-batch",
            type=int,
            default=kind.default,
            dest=f"per_batch_{kind.name}",
        )
    command.add_argument("--every", type=int, default=500, help="steps between checkpoints")
    command.add_argument("--threads", type=int, default=1, help="more hurts on a shared machine")
    command.set_defaults(run=_train)
    command = commands.add_parser("relabel", help="let a checkpoint correct the pseudo-mattes")
    command.add_argument("corpus", type=Path)
    command.add_argument("checkpoint", type=Path)
    command.add_argument("output", type=Path, help="folder of the corrected corpus")
    command.set_defaults(run=_relabel)
    command = commands.add_parser("evaluate", help="score a checkpoint on a corpus' composites")
    command.add_argument("checkpoint", type=Path)
    command.add_argument("corpus", type=Path)
    command.add_argument("--side", type=int, default=ANALYSIS_SIDE)
    command.add_argument("--batches", type=int, default=8)
    command.set_defaults(run=_evaluate)
    command = commands.add_parser("export", help="write a checkpoint as ONNX and register it")
    command.add_argument("checkpoint", type=Path)
    command.add_argument("folder", type=Path, help="folder of weights and their manifest.json")
    command.add_argument("--version", default="1")
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
        photos=[path for folder in options.photos for path in find_photos(folder)],
        cutouts=cutouts,
        scenes=find_scenes(options.scenes) if options.scenes else (),
        min_confidence=options.min_confidence,
        progress=_counted,
    )
    summary = {key: manifest[key] for key in ("counts", "rejected")}
    print(json.dumps(summary))  # noqa: T201


def _train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    corpus = open_corpus(options.corpus)
    mixture = Mixture(
        **{kind.name: getattr(options, f"per_batch_{kind.name}") for kind in fields(Mixture)}
    )
    names = ("steps", "side", "seed", "objective", "learning_rate", "gamma", "adversarial")
    chosen = {name: getattr(options, name) for name in (*names, "information")}
    config = Config(mixture=mixture, **chosen)
    print(_plan(config, corpus))  # noqa: T201
    run(
        config,
        corpus,
        options.output,
        held_out=open_corpus(options.held_out) if options.held_out else None,
        start_from=options.start_from,
        every=options.every,
        progress=_bar,
    )


def _relabel(options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    state = read_checkpoint(options.checkpoint)
    counts = relabel(
        options.corpus,
        open_corpus(options.corpus),
        averaged_analyser(state),
        options.output,
        side=state["config"]["side"],
        progress=_counted,
    )
    print(json.dumps(counts))  # noqa: T201


def _counted(items: Iterable) -> Iterable:
    return tqdm(items, unit="picture", disable=None)


def _evaluate(options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    analyser = averaged_analyser(read_checkpoint(options.checkpoint))
    found = validate_on_cutouts(
        analyser, open_corpus(options.corpus), side=options.side, batches=options.batches
    )
    print(json.dumps(found._asdict()))  # noqa: T201


def _export(options: argparse.Namespace) -> None:
    digest = export_checkpoint(
        options.checkpoint,
        options.folder / "analyser.onnx",
        name="analyser",
        version=options.version,
    )
    register(options.folder, "recolour", options.version, {"analyser": ("analyser.onnx", digest)})
    print(digest)  # noqa: T201


def _plan(config: Config, corpus: Corpus) -> str:
    per_batch = ", ".join(f"{count} {kind}" for kind, count in asdict(config.mixture).items())
    return (
        f"{len(corpus.photos)} photos, {len(corpus.cutouts)} cut-outs,"
        f" {len(corpus.scenes)} scenes;"
        f" {config.steps} steps at {config.side} px; per step {per_batch};"
        f" objective {config.objective};"
        f" {count_parameters(Analyser(config.widths)):,} parameters."
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
