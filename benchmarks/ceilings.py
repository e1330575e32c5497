"""python -m benchmarks.ceilings TRUTH: what each representation of a recolouring could reach.

TRUTH holds scenes rendered by `demo/truth.py`. On every pair (a scene in two colours, see
`benchmarks.truth`) and with the true matte, each representation is fitted to the truth itself, so
no method that predicts it can do better; `closed form` alone is predicted. Compared are the
pixels that are wholly material. Fields are bounded as `oscar_gan.imaging.gain` bounds them, and
cover the whole photo: half of 256 pixels, the side of most renders, is 128 cells.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from oscar_gan.imaging.calibrate import Dye, calibrate, reachable, transform
from oscar_gan.imaging.colour import (
    LINEAR_OF_BYTE,
    bytes_to_oklab,
    linear_to_oklab,
    linear_to_srgb,
    oklab_to_linear,
    srgb_to_linear,
)
from oscar_gan.imaging.dye import KNOTS, Grade, closed_form
from oscar_gan.imaging.gain import MAX_LOG_GAIN
from oscar_gan.imaging.prepare import Prepared, prepare
from oscar_gan.imaging.sampling import fractions_of
from oscar_gan.imaging.swatch import SOLID

from .lattice import Lattice
from .measures import Score, score
from .report import Table, figure, write
from .truth import Pair, pairs_of, read_truth, scenes_in

RESULTS = Path(__file__).parent / "results"
COLUMNS = (
    "representation", "ΔE00 median", "ΔE00 p90", "gradient-SSIM", "middle pair", "passed",
)  # fmt: skip
SEED = 2026
LUT_SIDE = 33
ROUNDS = 2
"""Curve and field are fitted in turns this often, each to what the other leaves."""
DARKEST = 2e-4
"""Linear light below half an 8-bit level: no ratio is taken of less."""

Array = NDArray[np.floating]


class Case(NamedTuple):
    """A pair's compared pixels, n in number."""

    pair: Pair
    inside: NDArray[np.bool_]
    """(h, w)"""
    photo: Array
    """(n, 3) OKLab"""
    light: Array
    """(n, 3) linear light of the truth"""
    places: Array
    """(n, 2) fractions of the picture's height and width"""
    ready: Prepared
    aim: Array
    """(3,) OKLab: the truth's swatch, all that `closed form` is told of it."""


Base = Callable[[Case, Array], Array]
"""From a case and the truth's light (n, 3), gain taken out, to sRGB (n, 3): what lies under a
field."""


def dye_model(case: Case, light: Array) -> Array:
    """The closed form as shipped, told the swatch only."""
    return _dyed(case, closed_form(case.ready.material, case.aim))


def dye_model_with_tone(case: Case, light: Array) -> Array:
    """The dye model under the best tone curve: lightness as wanted, chroma by the model."""
    return _dyed(
        case, Grade(tone=np.clip(_curve(case, linear_to_oklab(light)[:, :1])[:, 0], 0, 1))
    )


def tone_curve(case: Case, light: Array) -> Array:
    """The best curve from the photo's lightness to lightness and chroma."""
    lattice = _along_lightness(case)
    return _srgb(oklab_to_linear(lattice.read(lattice.fit(linear_to_oklab(light)))))


def colour_table(case: Case, light: Array) -> Array:
    """The best 3D look-up table from colour to colour."""
    photo = case.pair.photo[case.inside] / 255
    lattice = Lattice(photo * (LUT_SIDE - 1), (LUT_SIDE,) * 3)
    return lattice.read(lattice.fit(_srgb(light))).clip(0, 1)


REPRESENTATIONS: dict[str, tuple[Base, int, int]] = {
    "closed form": (dye_model, 0, 0),
    "closed form + field 64²": (dye_model, 64, 1),
    "closed form + field 128²": (dye_model, 128, 1),
    "closed form + 3 fields 64²": (dye_model, 64, 3),
    "closed form + 3 fields 128²": (dye_model, 128, 3),
    "dye model, best tone": (dye_model_with_tone, 0, 0),
    "dye model, best tone + 3 fields 128²": (dye_model_with_tone, 128, 3),
    "3D LUT": (colour_table, 0, 0),
    "tone curve": (tone_curve, 0, 0),
    "tone curve + field 32²": (tone_curve, 32, 1),
    "tone curve + field 64²": (tone_curve, 64, 1),
    "tone curve + field 128²": (tone_curve, 128, 1),
    "tone curve + field 256²": (tone_curve, 256, 1),
    "tone curve + 3 fields 128²": (tone_curve, 128, 3),
}
"""By name: what lies under, cells a side of its gain field, and fields (1, or 3: per channel)."""


def fitted(case: Case, base: Base, side: int, fields: int) -> Array:
    """Fit a representation to the truth; returns sRGB (n, 3) in [0, 1]."""
    made = base(case, case.light)
    if not side:
        return made
    lattice = Lattice(case.places * side - 0.5, (side, side))
    for turn in range(ROUNDS):
        log_gain = lattice.read(_field(lattice, srgb_to_linear(made), case.light, fields))
        if turn < ROUNDS - 1:
            made = base(case, case.light * np.exp(-log_gain))
    return _srgb(srgb_to_linear(made) * np.exp(log_gain))


def _field(lattice: Lattice, made: Array, light: Array, fields: int) -> Array:
    """Fit log gains (cells, fields), weighted so that errors in lightness count alike."""
    if fields == 1:
        made, light = (colours @ [[0.2126], [0.7152], [0.0722]] for colours in (made, light))
    made, light = np.maximum(made, DARKEST), np.maximum(light, DARKEST)
    weights = np.sqrt(made * light) ** (2 / 3)  # lightness goes with the cube root of light
    wanted = np.log(light / made).clip(-2 * MAX_LOG_GAIN, 2 * MAX_LOG_GAIN)
    return lattice.fit(wanted, weights).clip(-MAX_LOG_GAIN, MAX_LOG_GAIN)


def cases(truth: Path, *, pairs: int, every: int) -> Iterator[Case]:
    """Prepare every pair of every scene, or of each `every`th."""
    for folder in scenes_in(truth)[::every]:
        for pair in pairs_of(read_truth(folder), drawn=pairs, hard=True, seed=SEED):
            inside = pair.material >= SOLID
            ready = prepare(pair.photo, pair.material, np.zeros_like(pair.material))
            yield Case(
                pair,
                inside,
                bytes_to_oklab(pair.photo[inside]).astype(float),
                LINEAR_OF_BYTE[pair.truth[inside]].astype(float),
                np.stack(fractions_of(np.flatnonzero(inside), inside.shape), axis=1),
                ready,
                reachable(ready.swatch.measure(pair.truth)),
            )


def assess(case: Case, srgb: Array) -> Score:
    """Score compared pixels (n, 3), rounded to 8 bits."""
    made = case.pair.truth.copy()
    made[case.inside] = np.rint(srgb * 255)
    return score(made, case.pair.truth, case.inside)


def main() -> int:
    """Print the tables and keep them; 2 without any scene."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("--pairs", type=int, default=4, help="drawn a scene, beside the hard ones")
    parser.add_argument("--every", type=int, default=1, help="take each so many-th scene only")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    scores: dict[str, dict[str, list[Score]]] = defaultdict(lambda: defaultdict(list))
    for case in tqdm(cases(options.truth, pairs=options.pairs, every=options.every), unit="pair"):
        for name, representation in REPRESENTATIONS.items():
            scores[case.pair.kind][name].append(assess(case, fitted(case, *representation)))
    if not scores:
        print(f"error: no rendered scene in {options.truth}; see demo/truth.py.", file=sys.stderr)
        return 2
    tables = [_table(kind, rows) for kind, rows in scores.items()]
    for table in tables:
        print(table.markdown())
    write(tables, options.output, "ceilings", {"bound on log gains": MAX_LOG_GAIN})
    return 0


def _table(kind: str, rows: dict[str, list[Score]]) -> Table:
    count = len(next(iter(rows.values())))
    title = "Drawn pairs" if kind == "drawn" else kind.capitalize()
    table = Table(title, COLUMNS, f"{count} pairs; mean ± spread over pairs, and the middle pair.")
    for name, found in rows.items():
        middle = " / ".join(f"{value:.2f}" for value in np.median(found, axis=0))
        passed = f"{np.mean([each.passed for each in found]):.0%}"
        columns = zip(*found, strict=True)
        table.add(name, *(figure(column) for column in columns), middle, passed)
    return table


def _dyed(case: Case, grade: Grade) -> Array:
    ready = case.ready
    dye = Dye(ready.material, case.aim, grade)
    return transform(case.photo, [calibrate(ready.swatch, ready.samples, [dye])])


def _along_lightness(case: Case) -> Lattice:
    return Lattice(case.photo[:, :1] * (KNOTS - 1), (KNOTS,))


def _curve(case: Case, lightness: Array) -> Array:
    """Knots (KNOTS, 1) over lightness 0 to 1; where the photo has no pixel, drawn straight."""
    fit = _along_lightness(case).fit(lightness)
    x = np.arange(KNOTS)
    at = np.rint(case.photo[:, 0] * (KNOTS - 1)).astype(int)
    seen = np.unique(at)
    known_x = np.concatenate([[-1e-6], seen, [KNOTS - 1 + 1e-6]])
    known = np.concatenate([[0], np.maximum.accumulate(fit[seen, 0]), [1]])
    return np.maximum.accumulate(np.interp(x, known_x, known))[:, None]


def _srgb(light: Array) -> Array:
    return linear_to_srgb(np.clip(light, 0, 1))


if __name__ == "__main__":
    sys.exit(main())
