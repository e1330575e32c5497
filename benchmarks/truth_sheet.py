"""python -m benchmarks.truth_sheet TRUTH: the hard pairs to look at, each beside its truth.

One row a pair: the photo, every method's result under the true matte, and the rendered truth.
Scenes are our own, so the sheet may be shown anywhere; it goes to out/ unless told otherwise.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from oscar_gan.imaging.colour import oklab_to_srgb, to_hex
from oscar_gan.imaging.prepare import prepare

from .contact_sheet import Cell, sheet
from .measures import score
from .methods import Finds, Method, methods, photo_of, statistics_of
from .truth import HARD_PAIRS, Pair, pairs_of, read_truth, scenes_in

SHOWN = ("recolour", "classic", "HSV replace", "Reinhard*")


def main() -> int:
    """Write the sheet; 2 without any scene."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("--weights", type=Path, help="a folder with manifest.json")
    parser.add_argument("--scenes", type=int, default=2, help="rows of each hard pair")
    parser.add_argument("--seed", type=int, default=1, help="which scenes")
    parser.add_argument("--output", type=Path, default=Path("out/truth.jpg"))
    options = parser.parse_args()
    found = scenes_in(options.truth)
    if not found:
        print(f"error: no rendered scene in {options.truth}; see demo/truth.py.", file=sys.stderr)
        return 2
    every = methods([options.weights] if options.weights else [])
    every = [method for name in SHOWN for method in every if method.name == name]
    order = np.random.default_rng(options.seed).permutation(len(found))
    rows = []
    for number, kind in enumerate(list(HARD_PAIRS) * options.scenes):
        scene = read_truth(found[order[number % len(found)]])
        pairs = pairs_of(scene, drawn=0, hard=True, seed=0)
        rows += [row(pair, every) for pair in pairs if pair.kind == kind]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    sheet(rows).save(options.output, quality=88)
    print(options.output)
    return 0


def row(pair: Pair, every: list[Method]) -> list[Cell]:
    """Captioned pictures of a pair."""
    photo = photo_of(pair.photo)
    finds = Finds(photo, pair.material)
    ready = prepare(pair.photo, pair.material, np.zeros_like(pair.material))
    target = to_hex(oklab_to_srgb(ready.swatch.measure(pair.truth)))
    given, inside = statistics_of(pair.truth, pair.material > 127), pair.material > 127
    cells: list[Cell] = [(pair.kind.replace("→", "to"), Image.fromarray(pair.photo))]
    for method in every:
        made = method.recolour(photo, finds.of(method), target, given).pixels
        found = score(made, pair.truth, inside)
        caption = f"{method.name}  dE {found.median:.1f} / {found.p90:.1f}, {found.gradients:.2f}"
        cells.append((caption, Image.fromarray(made)))
    return [*cells, ("rendered truth", Image.fromarray(pair.truth))]


if __name__ == "__main__":
    sys.exit(main())
