"""make bench-family: every adversarial objective on the same small networks, side by side.

Trains each member of the family on Fashion-MNIST with the project's own loop and registry of
objectives, three seeds each, judges what they make, and keeps table, traversals and grids. A run
that was broken off goes on where it was saved; tables are written anew after each run.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

import oscar_gan
from benchmarks.report import write
from oscar_gan.errors import OscarGanError
from oscar_gan.gan.metrics.classifier import read_classifier

from .course import Course, Outcome
from .curves import curves
from .data import levels, read_fashion
from .features import FEATURES, accuracy
from .members import MEMBERS
from .scores import Reference
from .sheets import grid, page, traversals
from .tables import all_tables

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
IMAGES = ROOT / "docs" / "images"
STEPS = 1600
SEEDS = (1, 2, 3)
PICTURES = 5000
SHOWN = 64
"""Pictures on a member's grid."""


def main() -> int:
    """Run what is not yet run, print the tables and keep them; 2 for bad arguments."""
    options = _options()
    torch.set_num_threads(1)  # figures in seconds are of one core
    try:
        course = _course(options)
        named = accuracy(course.reference.classifier, course.fashion)
        outcomes = []
        for member, seed in _wanted(options):
            outcomes.append(course.take(member, seed))
            print(_line(outcomes[-1]), flush=True)
            _keep(course, outcomes, named, options)
    except OscarGanError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for table in all_tables(outcomes, course.floor, course.pictures):
        print(table.markdown())
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.family", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="fashion_mnist.npz")
    parser.add_argument("--only", nargs="+", choices=MEMBERS, default=list(MEMBERS))
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--steps", type=int, default=STEPS, help="of the painter, for each run")
    parser.add_argument("--pictures", type=int, default=PICTURES, help="made and judged, a run")
    parser.add_argument("--work", type=Path, default=Path("out/family"), help="for checkpoints")
    parser.add_argument("--output", type=Path, default=RESULTS, help="for the tables")
    parser.add_argument("--images", type=Path, default=IMAGES, help="for the pictures")
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> list[tuple[str, int]]:
    """Members and seeds, the first seed of all members first."""
    return [
        (member, seed)
        for seed in options.seeds
        for member in options.only
        if seed == options.seeds[0] or not MEMBERS[member].demonstration
    ]


def _course(options: argparse.Namespace) -> Course:
    fashion = read_fashion(options.data)
    reference = Reference(read_classifier(FEATURES), levels(fashion.real), fashion.real_kinds)
    return Course(
        fashion=fashion,
        reference=reference,
        folder=options.work,
        steps=options.steps,
        pictures=options.pictures,
    )


def _keep(
    course: Course, outcomes: Sequence[Outcome], named: float, options: argparse.Namespace
) -> None:
    """Write tables and pictures of the runs done so far."""
    example = MEMBERS[outcomes[0].member].settings
    facts = {
        "made with": f"django-oscar-gan {oscar_gan.__version__}, torch {torch.__version__}",
        "runs": f"{len(outcomes)} of {len(_wanted(options))}",
        "steps": f"{options.steps} of the painter, {example.batch} pictures each",
        "networks": f"DCGAN, {example.widths[1]} and {example.widths[0]} channels, 28 × 28 pixels",
        "features": f"of a classifier that names {named:.1%} of the test pictures rightly",
    }
    write(all_tables(outcomes, course.floor, course.pictures), options.output, "family", facts)
    options.images.mkdir(parents=True, exist_ok=True)
    _pictures(course, outcomes, options.images)


def _pictures(course: Course, outcomes: Sequence[Outcome], folder: Path) -> None:
    """Grids of each member's first seed, its codes traversed, and all the curves."""
    curves(outcomes).save(folder / "family-curves.png", optimize=True)
    grids = {}
    for outcome in outcomes:
        if outcome.member in grids or outcome.scores is None:
            continue
        trainer = course.opened(outcome.member, outcome.seed)
        grids[outcome.member] = grid(course.made(trainer, SHOWN), columns=8)
        settings = trainer.lesson.settings
        if settings.codes:
            shown = traversals(trainer.averaged["painter"], settings)
            page(shown, across=3).save(folder / "family-codes.png", optimize=True)
    if grids:
        page(grids, across=4).save(folder / "family-grids.png", optimize=True)


def _line(outcome: Outcome) -> str:
    kid = f"KID {outcome.scores.kid:.1f}" if outcome.scores else "no finite picture"
    end = f"; {outcome.stopped}" if outcome.stopped else ""
    return f"{outcome.member} {outcome.seed}: {outcome.seconds:.0f} s, {kid}{end}"


if __name__ == "__main__":
    sys.exit(main())
