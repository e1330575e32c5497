"""Do recoloured photos still look like photos? Sets of pictures against each other, no truth.

One half of the test photos is recoloured, each garment into the colour of a random garment of the
other half; so what is made should be distributed as that other half is. How far the untouched
first half is from it is the floor: nothing that leaves the photos believable can do much better,
and copying the reals exactly is not asked for. By Fréchet Wavelet Distance (no network), of whole
pictures and of cloth cut out at full detail, and by KID, density and coverage on features of our
own classifier. None of these may be compared with figures from elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from oscar_gan.engine import Analysis, Photo, read_photo
from oscar_gan.gan.metrics.classifier import judge, read_classifier
from oscar_gan.gan.metrics.distances import kernel_distance
from oscar_gan.gan.metrics.manifolds import compare_manifolds
from oscar_gan.gan.metrics.pictures import stacked
from oscar_gan.gan.metrics.wavelets import wavelet_distance

from .features import FEATURES
from .methods import Finds, Method, Pixels, statistics_of
from .realphotos import chosen
from .report import Table, number

TITLE = "Realism: distance to real photos"
COLUMNS = (
    "pictures", "FWD picture", "FWD cloth", "KID × 1000", "density", "coverage", "refused",
)  # fmt: skip
SIDE = 64
SEED = 99


class Collected:
    """One method's pictures, whole and cut."""

    def __init__(self) -> None:
        self.pictures: list[Pixels] = []
        self.cloth: list[Pixels] = []
        self.refused = 0

    def add(self, pixels: Pixels, matte: Pixels) -> None:
        """Take a picture (h, w, 3), and the cloth under its matte (h, w)."""
        self.pictures.append(pixels)
        if (part := cloth(pixels, matte)) is not None:
            self.cloth.append(part)


def table(photos: Path | None, every: list[Method], count: int) -> Table:
    """Compare `count` recoloured photos with as many real ones."""
    found = chosen(photos, 2 * count) if photos else []
    if not found or not FEATURES.is_file():
        reason = f"no photos in {photos}" if not found else f"no {FEATURES}"
        return Table(TITLE, COLUMNS, missing=reason)
    sets, real = _recoloured(found, every)
    note = (
        f"{len(real.pictures)} pictures a set, cloth from {len(real.cloth)}; less is better but"
        " for density and coverage. Never comparable with published figures."
    )
    made = Table(TITLE, COLUMNS, note)
    for name, one in sets.items():
        made.add(name, *_cells(one, real))
    return made


def cloth(pixels: Pixels, matte: Pixels) -> Pixels | None:
    """The square of `SIDE` pixels deepest inside a matte; None where none fits."""
    framed = cv2.copyMakeBorder((matte >= 250).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    depth = cv2.distanceTransform(framed, cv2.DIST_C, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    if depth[y, x] <= SIDE / 2:
        return None
    top, left = y - SIDE // 2, x - SIDE // 2
    return pixels[top : top + SIDE, left : left + SIDE]


def _recoloured(paths: list[Path], every: list[Method]) -> tuple[dict[str, Collected], Collected]:
    """The sets to compare, the untouched half first, and the reals."""
    random = np.random.default_rng(SEED)
    first, other = paths[::2], paths[1::2]
    real, garments = Collected(), []
    for photo, _, analysis in _seen(other, every[0]):
        real.add(photo.pixels, analysis.matte)
        garments.append((analysis.swatch, statistics_of(photo.pixels, analysis.matte > 127)))
    sets: dict[str, Collected] = defaultdict(Collected)
    for photo, finds, analysis in _seen(first, every[0]):
        sets["real photos (floor)"].add(photo.pixels, analysis.matte)
        target, given = garments[random.integers(len(garments))]
        for method in every:
            own = finds.of(method)
            if own is None:
                sets[method.name].add(photo.pixels, analysis.matte)
                sets[method.name].refused += 1
                continue
            result = method.recolour(photo, own, target, given)
            sets[method.name].add(result.pixels, analysis.matte)
            sets[method.name].refused += result.refusal is not None
    return sets, real


def _seen(paths: list[Path], finder: Method) -> Iterator[tuple[Photo, Finds, Analysis]]:
    """Photos in which a method finds a product."""
    for path in tqdm(paths, desc="realism", unit="photo"):
        photo = read_photo(path.read_bytes())
        finds = Finds(photo)
        if (analysis := finds.of(finder)) is not None:
            yield photo, finds, analysis


def _cells(one: Collected, real: Collected) -> list:
    count = min(len(one.pictures), len(real.pictures))
    pieces = min(len(one.cloth), len(real.cloth))
    ours, true = (stacked(each.pictures[:count], SIDE) for each in (one, real))
    cut, true_cut = (_scaled(each.cloth[:pieces]) for each in (one, real))
    classifier = read_classifier(FEATURES)
    features, true_features = (judge(classifier, each)[0] for each in (ours, true))
    manifolds = compare_manifolds(true_features, features)
    return [
        number(wavelet_distance(ours, true), count, 3),
        number(wavelet_distance(cut, true_cut), pieces, 3),
        number(1000 * kernel_distance(features, true_features), count, 2),
        number(manifolds.density, count),
        number(manifolds.coverage, count),
        f"{one.refused} of {len(one.pictures)}",
    ]


def _scaled(pictures: list[Pixels]) -> NDArray[np.float32]:
    return np.stack(pictures).astype(np.float32) / 255
