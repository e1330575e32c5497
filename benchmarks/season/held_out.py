"""What a generator version is worth on photos that never came into the shop."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.measures import lab_of
from benchmarks.season.pictures import Picture
from oscar_gan import engine
from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.colour import delta_e00, oklab_to_srgb, to_hex
from oscar_gan.imaging.overlap import score_matte
from oscar_gan.imaging.prepare import prepare

SEEN = 5.0
"""ΔE00 from which anybody sees that a pixel has a wrong colour."""


@dataclass(frozen=True)
class Score:
    """One generator on one photo."""

    sort: str
    overlap: float
    """Of the recoloured area with the true one (intersection over union)."""
    wrong: float
    """Pixels that visibly differ from the true picture, as a share of the product's."""


def measure(generator: engine.Generator, pictures: Iterable[Picture]) -> list[Score]:
    """Recolour each photo with the generator's own outline and compare with the truth."""
    return [_measured(generator, picture) for picture in pictures]


def mean(scores: Iterable[Score], sort: str) -> tuple[float, float]:
    """Mean overlap and mean share of wrong pixels of one sort."""
    chosen = [score for score in scores if score.sort == sort]
    return tuple(
        float(np.mean([getattr(score, name) for score in chosen])) for name in ("overlap", "wrong")
    )


def _measured(generator: engine.Generator, picture: Picture) -> Score:
    photo = engine.read_photo(picture.photo)
    material, truth = picture.matte, picture.truth
    swatch = prepare(photo.pixels, material, np.zeros_like(material)).swatch
    target = to_hex(oklab_to_srgb(swatch.measure(truth)))
    try:
        analysis = generator.analyse(photo)
        made = generator.recolour(photo, analysis, target).pixels
    except OscarGanError:  # nothing found: the photo stays as it is
        return Score(picture.sort, 0.0, _wrong(photo.pixels, truth, material))
    overlap = score_matte(analysis.material / 255, material / 255).iou
    return Score(picture.sort, overlap, _wrong(made, truth, material))


def _wrong(made, truth, material) -> float:
    difference = delta_e00(lab_of(made.reshape(-1, 3)), lab_of(truth.reshape(-1, 3)))
    return float((difference > SEEN).sum() / (material > 127).sum())
