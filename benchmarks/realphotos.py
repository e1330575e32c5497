"""Real photos in many colours: is the colour asked for made, what does it cost, what is refused?

The photos are the test part of clothing-dataset-small (CC0), which no training sees. There is no
truth here: the swatch, measured by one estimator on the same pixels before and after, says whether
the colour is right; structure and noise gain, what became of the cloth.
"""

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from oscar_gan.engine import Analysis, Photo, read_photo

from .methods import Finds, Method, statistics_of
from .report import Table, figure

TITLE = "Real photos: is the colour made that was asked for?"
COLUMNS = (
    "method", "swatch ΔE00 median", "p95", "structure", "noise gain", "background levels",
    "no product", "refused",
)  # fmt: skip
COLOURS = (
    "#1F3A93", "#AF2430", "#2E7D32", "#E9B44C", "#E08283", "#7A7F85", "#F4F2EE", "#1A1A1C",
)  # fmt: skip


class Result(NamedTuple):
    """One method on one photo in one colour."""

    swatch: float
    structure: float
    noise: float
    background: int
    refusal: str | None


def table(photos: Path | None, every: list[Method], count: int) -> Table:
    """Recolour `count` photos, evenly spread over a folder of classes, in eight colours."""
    found = chosen(photos, count) if photos else []
    if not found:
        return Table(TITLE, COLUMNS, missing=f"no photos in {photos}")
    every = [method for method in every if method.name != "Reinhard*"]
    results: dict[str, list[Result]] = defaultdict(list)
    lost: dict[str, int] = defaultdict(int)
    for path in tqdm(found, desc="real photos", unit="photo"):
        photo = read_photo(path.read_bytes())
        finds = Finds(photo)
        for method in every:
            analysis = finds.of(method)
            if analysis is None:
                lost[method.name] += 1
            else:
                results[method.name] += [_result(method, photo, analysis, c) for c in COLOURS]
    made = Table(
        TITLE,
        COLUMNS,
        f"{len(found)} photos in {len(COLOURS)} colours, black and white among them. Swatch"
        " error without the refused; all else with them, mean ± spread over pictures.",
    )
    for method in every:
        made.add(method.name, *_cells(results[method.name]), str(lost[method.name]),
                 _refusals(results[method.name]))  # fmt: skip
    return made


def chosen(folder: Path, count: int) -> list[Path]:
    """`count` photos evenly spread over all classes of a folder, always the same."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".png"))
    places = np.linspace(0, len(found) - 1, min(count, len(found))).astype(int)
    return [found[place] for place in places]


def _cells(found: list[Result]) -> list:
    used = [result.swatch for result in found if result.refusal is None]
    middle, high = np.percentile(used, [50, 95]) if used else (np.nan, np.nan)
    return [
        f"{middle:.2f}",
        f"{high:.2f}",
        figure([result.structure for result in found]),
        figure([result.noise for result in found]),
        str(max((result.background for result in found), default=0)),
    ]


def _refusals(found: list[Result]) -> str:
    """How many, and for what reason."""
    codes = [result.refusal for result in found if result.refusal]
    reasons = ", ".join(f"{codes.count(code)} {code}" for code in sorted(set(codes)))
    return f"{len(codes)} of {len(found)}" + (f" ({reasons})" if reasons else "")


def _result(method: Method, photo: Photo, analysis: Analysis, colour: str) -> Result:
    ready = analysis.prepared
    given = statistics_of(photo.pixels, analysis.matte > 127)
    made = method.recolour(photo, analysis, colour, given)
    measured = ready.baseline.assess(made.pixels, [(ready.swatch, colour)])
    return Result(
        measured.delta_e,
        measured.structure,
        measured.noise_gain,
        measured.background_max,
        made.refusal,
    )
