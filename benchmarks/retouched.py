"""Recolouring against professionals: the same photo retouched into other colours, mask given.

The folder holds `index.csv` (columns source, group, colour, image, mask, other_garment_changes)
and the pictures. Published figures use CIE 1976, so this table does; a flat fill of the right mean
colour scores 5.5 there, so the gradients are printed beside it. The masks are what changed between
the files; their outermost pixels are mixed with skin and ground, and are not compared.
"""

import csv
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from oscar_gan.engine import Photo, read_photo
from oscar_gan.imaging.colour import oklab_to_srgb, to_hex
from oscar_gan.imaging.matte import MAX_COVERAGE, coverage, read_matte

from .methods import Finds, Method, lab, statistics_of
from .report import Table, figure

TITLE = "Against professional retouches, mask given"
MARGIN = 3
"""Pixels inside the mask's edge that are left out."""
MIN_PAIRS = 20
"""A source with fewer has no rows of its own."""
COLUMNS = ("method", "ΔE76", "ΔE76, middle pair", "gradient correlation", "swatch ΔE00", "refused")


class Triple(NamedTuple):
    """A photo, the mask of what was retouched, and the retouch."""

    photo: Path
    mask: Path
    retouch: Path
    source: str


class Result(NamedTuple):
    """One method on one pair."""

    source: str
    difference: float
    """Mean ΔE76 inside the mask."""
    gradients: float
    """Cosine of the lightness gradients."""
    swatch: float
    refused: bool


def table(folder: Path | None, every: list[Method]) -> Table:
    """Measure every method on every ordered pair of colours in which one garment alone changes."""
    if folder is None or not (folder / "index.csv").is_file():
        return Table(TITLE, COLUMNS, missing=f"no index.csv in {folder}")
    found = list(pairs(folder))
    results: dict[str, list[Result]] = defaultdict(list)
    bar = tqdm(total=len(found), desc="retouched", unit="pair")
    for paths, group in itertools.groupby(found, lambda triple: (triple.photo, triple.mask)):
        photo = read_photo(paths[0].read_bytes())
        finds = Finds(photo, read_matte(paths[1].read_bytes(), photo))
        for triple in group:
            for method in every:
                results[method.name].append(_measured(triple, photo, finds, method))
            bar.update()
    made = Table(TITLE, COLUMNS, f"{len(found)} pairs; mean ± spread over pairs.")
    sources = Counter(triple.source for triple in found)
    for wanted in (None, *(name for name, count in sources.items() if count >= MIN_PAIRS)):
        for name, rows in results.items():
            some = [row for row in rows if wanted in (None, row.source)]
            made.add(f"{name}, {wanted or 'all'} ({len(some)})", *_cells(some))
    return made


def _cells(rows: list[Result]) -> list:
    return [
        figure([row.difference for row in rows]),
        f"{np.median([row.difference for row in rows]):.2f}",
        figure([row.gradients for row in rows], 3),
        figure([row.swatch for row in rows]),
        f"{sum(row.refused for row in rows)} of {len(rows)}",
    ]


def pairs(folder: Path) -> Iterator[Triple]:
    """Every ordered pair of a group's pictures that can be compared pixel by pixel."""
    groups = defaultdict(list)
    with (folder / "index.csv").open() as file:
        for line in csv.DictReader(file):
            alone = line["mask"] and line["other_garment_changes"] == "0"
            if alone:
                groups[line["group"]].append(line)
    for lines in groups.values():
        for one, other in itertools.permutations(lines, 2):
            if _comparable(folder, one, other):
                paths = (one["image"], one["mask"], other["image"])
                yield Triple(*(folder / path for path in paths), one["source"])


def gradient_cosine(
    one: NDArray[np.floating], other: NDArray[np.floating], inside: NDArray[np.bool_]
) -> float:
    """Cosine of two CIELAB pictures' (h, w, 3) lightness gradients inside a mask; 1 is alike."""
    first, second = (
        np.concatenate([
            cv2.Scharr(image[..., 0], cv2.CV_32F, *axis)[inside] for axis in ((1, 0), (0, 1))
        ])
        for image in (one, other)
    )  # fmt: skip
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second) + 1e-9))


def _comparable(folder: Path, one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two retouches have one size and a mask that leaves some background."""
    sizes = {Image.open(folder / line["image"]).size for line in (one, other)}
    mask = np.asarray(Image.open(folder / one["mask"]).convert("L"))
    return len(sizes) == 1 and coverage(mask) <= MAX_COVERAGE


def _measured(triple: Triple, photo: Photo, finds: Finds, method: Method) -> Result:
    retouch = read_photo(triple.retouch.read_bytes()).pixels
    analysis = finds.of(method)
    inside = analysis.matte > 127
    ready = analysis.prepared
    target = to_hex(oklab_to_srgb(ready.swatch.measure(retouch)))
    made = method.recolour(photo, analysis, target, statistics_of(retouch, inside))
    found, wanted = lab(made.pixels), lab(retouch)
    margin = np.ones((2 * MARGIN + 1, 2 * MARGIN + 1))
    inner = cv2.erode(inside.astype(np.uint8), margin, borderValue=0) > 0
    inner = inner if inner.any() else inside
    return Result(
        triple.source,
        float(np.linalg.norm((found - wanted)[inner], axis=-1).mean()),
        gradient_cosine(found, wanted, inner),
        ready.baseline.assess(made.pixels, [(ready.swatch, target)]).delta_e,
        made.refusal is not None,
    )
