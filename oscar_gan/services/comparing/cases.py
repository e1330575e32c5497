"""Cases: one photo each, from the bench or from the shop, with all that is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import OscarGanError
from ...imaging.photo import Photo, read_photo
from ..benches import Bench, BenchPicture
from . import shadow
from .agreement import agreement
from .gates import BENCH, SHADOW
from .measuring import Truth, measure_matte, measure_picture, truth_of
from .rows import Record
from .shadow import ShadowPhoto

APPROVED_ENOUGH = 0.97
"""An approved outline is the champion's own, so only the champion can overlap it wholly: overlaps
from here on are taken for equally good."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A photo, its truth, and what to ask for."""

    set: str
    name: str
    group: str
    photo: Photo
    truth: Truth
    trials: tuple[tuple[str, NDArray[np.uint8] | None], ...]
    """Colours to ask for ('#RRGGBB'), each with the true picture (H, W, 3) where it is known."""
    shadow: ShadowPhoto | None = None

    @property
    def source(self) -> int | None:
        """Primary key of the ProductImage; None on the bench."""
        return self.shadow and self.shadow.source


Opener = Callable[[], Case | None]
"""Reads a case anew: only one is in memory at a time."""


def openers(bench: Bench, manifest: dict | None, skipped: Counter) -> Iterator[Opener]:
    """Every case, unread: the bench's, then the shop's."""
    for picture in bench.pictures:
        yield lambda picture=picture: bench_case(picture)
    for entry in shadow.entries_of(manifest):
        yield lambda entry=entry: shadow_case(entry, skipped)


def bench_case(picture: BenchPicture) -> Case:
    """A picture of the bench as a case."""
    photo = read_photo(picture.photo())
    truth = truth_of(photo, *picture.mattes())
    return Case(BENCH, picture.name, picture.kind, photo, truth, tuple(picture.trials()))


def shadow_case(entry: dict, skipped: Counter) -> Case | None:
    """A shadow photo as a case; None, and counted in `skipped`, when it cannot be used."""
    found = shadow.read(entry, skipped)
    if found is None:
        return None
    try:
        truth = truth_of(found.photo, found.matte)
    except OscarGanError as error:
        skipped[error.code] += 1
        return None
    trials = tuple((decision.target, None) for decision in found.decisions)
    return Case(SHADOW, found.name, found.group, found.photo, truth, trials, found)


def record_of(case: Case, generators, heartbeat: Callable[[], None]) -> Record:
    """Measure a case with each generator, by role."""
    values = {}
    for role, generator in generators.items():
        values[role] = _measured(case, generator, heartbeat)
        heartbeat()
    return Record(case.name, case.set, case.group, values, case.truth.has_protected)


def analysed(generator, photo: Photo):
    """What a generator finds in a photo; None when it finds nothing."""
    try:
        return generator.analyse(photo)
    except OscarGanError:
        return None


def recoloured(generator, photo: Photo, analysis, target: str):
    """The picture in one colour; None when there is none."""
    if analysis is None:
        return None
    try:
        return generator.recolour(photo, analysis, target)
    except OscarGanError:
        return None


def _measured(case: Case, generator, heartbeat) -> dict[str, float]:
    analysis = analysed(generator, case.photo)
    measures = measure_matte(case.truth, analysis)
    if case.shadow is not None and not case.shadow.drawn:
        measures["matte-iou"] = min(measures["matte-iou"], APPROVED_ENOUGH)
    pictures, measured = [], []
    for target, wanted in case.trials:
        made = recoloured(generator, case.photo, analysis, target)
        measured.append(measure_picture(case.photo, case.truth, made, target, wanted))
        pictures.append(made)
        heartbeat()
    measures |= _averaged(measured)
    if case.shadow is not None:
        agreed = agreement(case.shadow, analysis, pictures)
        if agreed is not None:
            measures["agreement"] = agreed
    return measures


def _averaged(measured: list[dict[str, float]]) -> dict[str, float]:
    """Each measure's mean over the pictures that have it: the photo is what counts once."""
    codes = dict.fromkeys(code for each in measured for code in each)
    return {
        code: float(np.mean([each[code] for each in measured if code in each])) for code in codes
    }
