"""python -m benchmarks.prints TRAIN HELD_OUT: how good, how various and how new the prints are.

TRAIN and HELD_OUT are corpora of `python -m oscar_gan.gan collect-prints`: what the printer was
taught by, and prints of the same kinds that it never saw. `--weights NAME=FOLDER`, repeated,
compares other printers with the shipped one. Sets are compared by their inks, whatever the
colours: by Fréchet Wavelet Distance (no network), and by KID, Fréchet distance, precision, recall,
density and coverage on features of a classifier of kinds, taught here. All real-vs-real floors
stand beside. None of these may be compared with figures from elsewhere.
"""

import argparse
import platform
import sys
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from oscar_gan import __version__
from oscar_gan.gan.metrics.classifier import Classifier, judge
from oscar_gan.gan.metrics.distances import frechet_distance, kernel_distance
from oscar_gan.gan.metrics.manifolds import compare_manifolds, distances, memorisation
from oscar_gan.gan.metrics.wavelets import wavelet_distance
from oscar_gan.gan.patterns import open_patterns
from oscar_gan.inference.analyser import read_manifest
from oscar_gan.inference.layout import KINDS, NODES, rolled
from oscar_gan.inference.printer import SIDE, Design, Printer, drawn, open_printer
from oscar_gan.inference.ways import WAYS

from .printsets import (
    Prints,
    designs,
    inventions,
    kinds_of,
    read_codes,
    taught_classifier,
    taught_reader,
)
from .report import Figure, Table, figure, number, write

RESULTS = Path(__file__).parent / "results"
CODE_NAMES = ("scale", "contrast", "angle")


def main() -> int:
    """Print the tables and keep them as `prints`."""
    options = _options()
    torch.set_num_threads(1)
    begun = time.perf_counter()
    train, held_out = (
        inventions(open_patterns(folder), options.count, seed=seed)
        for seed, folder in enumerate((options.train, options.held_out))
    )
    printers = {"shipped": open_printer(device="cpu"), **dict(map(_named, options.weights))}
    made = {name: designs(printer, options.count) for name, printer in printers.items()}
    many = inventions(open_patterns(options.train), 10**6)
    classifier = taught_classifier(many, options.epochs)
    reader = taught_reader(many, options.steps)
    sets = {"inventions it was taught by (floor)": train, **made}
    tables = [
        _realism(sets, held_out, train, classifier),
        _codes({"inventions never seen": held_out, **made}, reader, classifier),
        _variety(made["shipped"], held_out, classifier),
        _mechanics(printers["shipped"]),
    ]
    for table in tables:
        print("\n" + table.markdown(), flush=True)
    facts = {
        "made with": f"django-oscar-gan {__version__}, Python {platform.python_version()}",
        "printer": printers["shipped"].digest[:12],
        "seconds": round(time.perf_counter() - begun),
    }
    write(tables, options.output, "prints", facts)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.prints", description=__doc__.splitlines()[0]
    )
    parser.add_argument("train", type=Path, help="corpus of prints of the training")
    parser.add_argument("held_out", type=Path, help="corpus of prints that it never saw")
    parser.add_argument(
        "--weights", action="append", default=[], metavar="NAME=FOLDER",
        help="another printer: a folder with manifest.json; repeat for several",
    )  # fmt: skip
    parser.add_argument("--count", type=int, default=1200, help="prints a set (1200)")
    parser.add_argument("--epochs", type=int, default=4, help="of the classifier of kinds (4)")
    parser.add_argument("--steps", type=int, default=600, help="of the reader of codes (600)")
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args()


def _named(given: str) -> tuple[str, Printer]:
    name, _, folder = given.partition("=")
    path, digest = read_manifest(Path(folder))["print"].files["printer"]
    return name, Printer(path, digest=digest, device="cpu")


def _realism(
    sets: dict[str, Prints], held_out: Prints, train: Prints, classifier: Classifier
) -> Table:
    note = (
        f"Against {len(held_out.kinds)} inventions never seen, as many a set; pieces of 64 px of"
        " tiles of 128. Less is better but for the four last columns; *copied* is the median"
        " distance to the nearest print of the training over that of unseen inventions: about 1"
        " or more when nothing is copied."
    )
    columns = (
        "prints", "FWD", "KID × 1000", "Fréchet", "precision", "recall", "density", "coverage",
        "copied",
    )  # fmt: skip
    table = Table("Realism and variety", columns, note)
    real, taught = (judge(classifier, prints.pictures)[0] for prints in (held_out, train))
    for name, prints in sets.items():
        features = judge(classifier, prints.pictures)[0]
        count = len(features)
        values = [
            number(wavelet_distance(prints.pictures, held_out.pictures), count, 3),
            number(1000 * kernel_distance(features, real), count, 2),
            number(frechet_distance(features, real), count, 3),
            *(number(value, count) for value in compare_manifolds(real, features)),
        ]
        copied = "–" if prints is train else number(memorisation(taught, features, real), count)
        table.add(name, *values, copied)
    return table


def _codes(sets: dict[str, Prints], reader: torch.nn.Module, classifier: Classifier) -> Table:
    note = (
        "What a reader taught by real prints alone reads off these: share of ways and kinds"
        " right (of kinds also by the classifier), and R² of the values. The angle is that of a"
        " square lattice, as cosine and sine of four times it."
    )
    columns = ("prints", "way", "kind", "kind, classifier", *CODE_NAMES)
    table = Table("Codes recovered", columns, note)
    for name, prints in sets.items():
        found, count, first = read_codes(reader, prints), len(prints.kinds), len(WAYS)
        way = (found[:, :first].argmax(1) == prints.codes[:, :first].argmax(1)).mean()
        right = (kinds_of(found) == prints.kinds).mean()
        told = (judge(classifier, prints.pictures)[1] == prints.kinds).mean()
        fits = [
            _explained(prints.codes[:, columns], found[:, columns])
            for columns in (slice(first, first + 1), slice(first + 1, first + 2), slice(-2, None))
        ]
        table.add(name, *(number(value, count) for value in (way, right, told, *fits)))
    return table


def _explained(true: NDArray, found: NDArray) -> float:
    return float(1 - np.square(true - found).sum() / np.square(true - true.mean(0)).sum())


def _variety(made: Prints, held_out: Prints, classifier: Classifier) -> Table:
    note = (
        "Median distance between two prints of a kind, in features and in inks, over that between"
        " two unseen inventions of the kind: 1 is as various as those."
    )
    table = Table("Variety by kind, shipped printer", ("kind", "features", "inks"), note)
    for place, kind in enumerate(KINDS):
        pairs = [prints.pictures[prints.kinds == place] for prints in (made, held_out)]
        seen = [_spread(judge(classifier, pictures)[0]) for pictures in pairs]
        inks = [_spread(pictures[:, ::4, ::4].reshape(len(pictures), -1)) for pictures in pairs]
        count = len(pairs[0])
        table.add(kind, number(seen[0] / seen[1], count), number(inks[0] / inks[1], count))
    return table


def _spread(points: NDArray) -> float:
    gaps = distances(points, points)
    return float(np.median(gaps[~np.eye(len(points), dtype=bool)]))


def _mechanics(printer: Printer) -> Table:
    note = (
        "Rolling the noise map by a node and the waves' phases with it rolls the logits by 16 of"
        " 256 px; the difference in levels of ink. Seconds of one core for a tile, all included."
    )
    columns = ("kind", "roll error, levels of 255", "256 px", "512 px", "1024 px")
    table = Table("Seamlessness and speed, shipped printer", columns, note)
    printer.weights(Design("dot"), side=64)
    for kind in KINDS:
        cells: list[Figure | None] = [figure([_roll_error(printer, kind, k) for k in range(4)], 3)]
        for side in (256, 512, 1024):
            cells.append(figure([_seconds(printer, Design(kind, k), side) for k in range(4)]))
        table.add(kind, *cells)
    return table


def _roll_error(printer: Printer, kind: str, seed: int) -> float:
    """Mean difference of shares of states, in levels."""
    layout, *rest = drawn(Design(kind, seed, angle=17.0 * seed))
    still, moved = (
        _softmax(printer.logits(each, *rest)) for each in (layout, rolled(layout, 1, 2))
    )
    step = SIDE // NODES
    return 255 * float(np.abs(moved - np.roll(still, (2 * step, step), (1, 2))).mean())


def _softmax(logits: NDArray) -> NDArray:
    shares = np.exp(logits - logits.max(0))
    return shares / shares.sum(0)


def _seconds(printer: Printer, design: Design, side: int) -> float:
    begun = time.process_time()
    printer.weights(design, side=side)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
