"""Recolouring against rendered truth: per pixel, on prints, beside the product, and how clean.

Every method gets the same photo and is asked for the colour that the truth's swatch has; the
swatch's pixels are chosen on the photo under the true matte. A refused result is scored like any
other, and counted.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from oscar_gan.imaging.colour import delta_e00, oklab_to_srgb, to_hex
from oscar_gan.imaging.prepare import Prepared, prepare

from .measures import Score, lab_of, score
from .methods import Finds, Made, Method, photo_of, statistics_of
from .report import Table, figure
from .truth import HARD_PAIRS, Pair, pairs_of, read_truth, scenes_in

SEED = 4711
MATTES = ("own matte", "true matte")
COLUMNS = (
    "method", "ΔE00 median", "ΔE00 p90", "gradient-SSIM", "middle pair", "passed", "swatch ΔE00",
    "refused", "prints ΔE00", "spill %", "noise gain", "structure",
)  # fmt: skip
SOLID = 250
SEEN = 1.0
"""ΔE00 from which a change beside the product counts as spill."""
RIM = 5
"""Pixels around the product where the matte is soft, which do not count as spill."""


class Result(NamedTuple):
    """One method on one pair."""

    scene: str
    score: Score
    swatch: float
    refused: bool
    prints: float
    """Mean ΔE00 to the photo on prints and hardware; nan where there are none."""
    spill: float
    """Share of the picture beside the product that visibly changed."""
    noise: float
    structure: float


def tables(title: str, folder: Path | None, every: list[Method], pairs: int) -> Iterator[Table]:
    """One table for drawn pairs, one for the hard ones; `folder` holds rendered scenes."""
    found = scenes_in(folder) if folder else []
    if not found:
        where = f"no complete scene in {folder}" if folder else "no folder of scenes was given"
        yield Table(title, COLUMNS, missing=where)
        return
    results: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for path in tqdm(found, desc=title, unit="scene"):
        for pair in pairs_of(read_truth(path), drawn=pairs, hard=True, seed=SEED):
            for matte, method, result in _measured(pair, every):
                results[pair.kind, matte, method].append(result)
    names = [method.name for method in every]
    note = f"{len(found)} scenes, {pairs} drawn pairs each; mean ± spread over scenes."
    yield _table(title, note, [("drawn", matte) for matte in MATTES], names, results)
    hard = [(kind, MATTES[1]) for kind in HARD_PAIRS]
    note = f"{len(found)} scenes; true matte; mean ± spread over scenes."
    yield _table(f"{title}: hard pairs", note, hard, names, results)


def _table(title, note, groups, names, results) -> Table:
    table = Table(title, COLUMNS, note)
    for kind, matte in groups:
        label = matte if kind == "drawn" else kind
        for name in names:
            table.add(f"{name}, {label}", *_cells(results[kind, matte, name]))
    return table


def _cells(found: list[Result]) -> list:
    """Means over scenes, each scene its own mean first."""
    scenes = defaultdict(list)
    for result in found:
        scenes[result.scene].append(result)

    def over(value, digits: int = 2):
        with np.errstate(invalid="ignore"):
            means = [np.mean([value(result) for result in group]) for group in scenes.values()]
        return figure(means, digits)

    return [
        over(lambda result: result.score.median),
        over(lambda result: result.score.p90),
        over(lambda result: result.score.gradients),
        " / ".join(f"{value:.2f}" for value in np.median([each.score for each in found], axis=0)),
        f"{np.mean([result.score.passed for result in found]):.0%}",
        over(lambda result: result.swatch),
        f"{sum(result.refused for result in found)} of {len(found)}",
        over(lambda result: result.prints),
        over(lambda result: 100 * result.spill),
        over(lambda result: result.noise),
        over(lambda result: result.structure),
    ]


def _measured(pair: Pair, every: list[Method]) -> Iterator[tuple[str, str, Result]]:
    """Every method on a pair, with its own matte and with the true one."""
    photo = photo_of(pair.photo)
    ready = prepare(pair.photo, pair.material, np.zeros_like(pair.material))
    target = to_hex(oklab_to_srgb(ready.swatch.measure(pair.truth)))
    given = statistics_of(pair.truth, pair.material > 127)
    for label, matte in zip(MATTES, (None, pair.material), strict=True):
        finds = Finds(photo, matte)
        for method in every:
            analysis = finds.of(method)
            if analysis is None:
                made = Made(pair.photo, "no-product")
            else:
                made = method.recolour(photo, analysis, target, given)
            yield label, method.name, _result(pair, ready, target, made)


def _result(pair: Pair, ready: Prepared, target: str, made: Made) -> Result:
    assessment = ready.baseline.assess(made.pixels, [(ready.swatch, target)])
    prints = cv2.erode(pair.keep, np.ones((3, 3))) >= SOLID
    product = cv2.max(pair.material, pair.keep)
    beside = cv2.dilate(product, np.ones((2 * RIM + 1, 2 * RIM + 1))) == 0
    return Result(
        pair.scene,
        score(made.pixels, pair.truth, pair.material > 127),
        assessment.delta_e,
        made.refusal is not None,
        float(_change(pair, made, prints).mean()) if prints.any() else float("nan"),
        float((_change(pair, made, beside) > SEEN).mean()) if beside.any() else 0.0,
        assessment.noise_gain,
        assessment.structure,
    )


def _change(pair: Pair, made: Made, where: NDArray[np.bool_]) -> NDArray[np.floating]:
    """ΔE00 (n,) between photo and result in a part (h, w) of the picture."""
    before, after = pair.photo[where], made.pixels[where]
    change = np.zeros(len(before))
    other = (before != after).any(axis=1)
    change[other] = delta_e00(lab_of(before[other]), lab_of(after[other]))
    return change
