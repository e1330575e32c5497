"""make bench-quality DATA=… TRUTH=…: how good the recolouring is, ours and its peers' in one run.

DATA holds `clothing/{test,validation}`, `cutouts` and `retouched`; TRUTH, scenes that no training
saw (`demo/truth.py --first 10000`); DEMO_TRUTH, the demo products rendered alike (`--demo`). What
is missing is named as not measured. `--weights FOLDER`, repeated, compares trained seeds of the
networks. What each table measures, and how, is told in docs/quality.md. Results are printed and
kept in benchmarks/results/, so that one section can be measured again by itself (`--only`).
"""

import argparse
import platform
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from oscar_gan import __version__
from oscar_gan.engine import Generator
from oscar_gan.inference.analyser import Analyser, open_analyser, read_manifest

from . import mattes, realism, realphotos, rendered, retouched
from .methods import Method, methods
from .report import Figure, Table, write

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Print the tables and keep them, a file for each section."""
    options = _options()
    every = methods(options.weights)
    for section in options.only or SECTIONS:
        started, tables = time.perf_counter(), []
        for table in SECTIONS[section](options, every):
            _add_seeds(table, [method.name for method in every if "recolour" in method.name])
            print("\n" + table.markdown(), flush=True)
            tables.append(table)
        facts = {
            "made with": f"django-oscar-gan {__version__}, Python {platform.python_version()}",
            "generators": ", ".join(sorted({_identity(method.finder) for method in every})),
            "seconds": round(time.perf_counter() - started),
        }
        write(tables, options.output, section, facts)
    print(f"Kept in {options.output}")
    return 0


def _identity(generator: Generator) -> str:
    return f"{generator.name} {generator.version} ({generator.digest[:12]})"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, help="real photos, cut-outs and retouches")
    parser.add_argument("--truth", type=Path, help="rendered scenes that no training saw")
    parser.add_argument("--demo-truth", type=Path, help="the demo products, rendered alike")
    parser.add_argument(
        "--weights", type=Path, action="append", default=[], metavar="FOLDER",
        help="a folder with manifest.json; repeat for several trained seeds",
    )  # fmt: skip
    parser.add_argument("--only", action="append", choices=SECTIONS, help="sections, repeated")
    parser.add_argument("--pairs", type=int, default=4, help="drawn a scene; hard ones beside")
    parser.add_argument("--photos", type=int, default=60, help="real photos recoloured")
    parser.add_argument("--realism-photos", type=int, default=186, help="pictures a set")
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args()


def _mattes(options: argparse.Namespace, every: list[Method]) -> Iterator[Table]:
    segmenters = {"classic": mattes.grabcut}
    for folder in options.weights or [None]:
        name = f"recolour {folder.name}" if folder and len(options.weights) > 1 else "recolour"
        segmenters[name] = partial(mattes.analyse, _analyser(folder), True)
    yield mattes.table(options.data, options.truth, segmenters)


def _analyser(weights: Path | None) -> Analyser:
    if weights is None:
        return open_analyser(device="cpu")
    path, digest = read_manifest(weights)["recolour"].analyser
    return Analyser(path, digest=digest)


def _truth(options: argparse.Namespace, every: list[Method]) -> Iterator[Table]:
    yield from rendered.tables("Held-out rendered scenes", options.truth, every, options.pairs)


def _demo(options: argparse.Namespace, every: list[Method]) -> Iterator[Table]:
    yield from rendered.tables("Demo products", options.demo_truth, every, options.pairs)


def _retouched(options: argparse.Namespace, every: list[Method]) -> Iterator[Table]:
    yield retouched.table(options.data and options.data / "retouched", every)


def _real(options: argparse.Namespace, every: list[Method]) -> Iterator[Table]:
    photos = options.data and options.data / "clothing" / "test"
    yield realphotos.table(photos, every, options.photos)


def _realism(options: argparse.Namespace, every: list[Method]) -> Iterator[Table]:
    photos = options.data and options.data / "clothing" / "test"
    yield realism.table(photos, every, options.realism_photos)


SECTIONS: dict[str, Callable[[argparse.Namespace, list[Method]], Iterator[Table]]] = {
    "mattes": _mattes,
    "truth": _truth,
    "demo": _demo,
    "retouched": _retouched,
    "photos": _real,
    "realism": _realism,
}
"""What is measured, in the order of the report."""


def _add_seeds(table: Table, names: list[str]) -> None:
    """After several trained seeds, their mean and the spread between them."""
    if len(names) < 2:
        return
    rows = dict(table.rows)
    for row in list(rows):
        if names[0] not in row:
            continue
        alike = [rows[row.replace(names[0], name)] for name in names]
        cells = [_over_seeds(column) for column in zip(*alike, strict=True)]
        table.add(row.replace(names[0], f"recolour, {len(names)} seeds"), *cells)


def _over_seeds(cells: tuple) -> Figure | str:
    if not all(isinstance(cell, Figure) for cell in cells):
        return " / ".join(str(cell) for cell in cells)
    means = [cell.mean for cell in cells]
    return Figure(float(np.mean(means)), float(np.std(means, ddof=1)), len(means), cells[0].digits)


if __name__ == "__main__":
    sys.exit(main())
