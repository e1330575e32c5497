"""From base colours and what they are to become to calibrated dyes, and to a coat of them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .bases import BaseColour
from .bridging import bridge
from .calibrate import Dye, calibrate, reachable, shares_of, slope_at, transform
from .compose import WHOLLY_DYED, Coat
from .dye import Grade, Material
from .gain import GainField
from .lut import ColourLut, Lattice
from .sampling import fractions_of
from .swatch import Swatch
from .tints import Tints

GradeFor = Callable[[Material, NDArray[np.floating]], Grade]
"""Says how a material changes when it becomes a target (3,) OKLab."""
Measured = tuple[Swatch, NDArray[np.floating]]
"""A swatch and its frozen pixels (n, 3) of the photo, in OKLab."""


def dyes_for(
    bases: Sequence[BaseColour],
    prints: Sequence[Material],
    wanted: Sequence[NDArray[np.floating] | None],
    grade_for: GradeFor,
    shape: tuple[int, int],
    measured: Sequence[Measured] | None = None,
) -> list[Dye]:
    """Say what each base colour becomes, (3,) OKLab or None, calibrated one after the other.

    `prints` stay; `shape` is the photo's (H, W). `measured` are the swatches to calibrate by,
    one for each base; their own without.
    """
    measured = measured or [(base.swatch, base.samples) for base in bases]
    dyes = [Dye(material) for material in prints]
    for place, (base, target) in enumerate(zip(bases, wanted, strict=True)):
        if target is None:
            dyes.insert(place, Dye(base.material))
            continue
        aim = reachable(target)
        dyes.insert(place, Dye(base.material, aim, grade_for(base.material, aim)))
    for place, (swatch, samples) in enumerate(measured):
        if dyes[place].grade is not None:
            gain = None
            if (field := _gain_of(dyes)) is not None:
                gain = field.at(*fractions_of(swatch.positions, shape))
            dyes[place] = calibrate(swatch, samples, dyes, place, gain)
    return dyes


def coat_of(dyes: Sequence[Dye], lattice: Lattice, tints: Tints, *, bridged: bool = False) -> Coat:
    """Fill the table of some dyes, one of which changes something at least, and read it.

    `bridged`, colours that lie between two that change, and belong to neither, change as well.
    """
    indices, colours = lattice if bridged else tints.points
    shares = shares_of(colours, dyes)
    made = transform(colours, dyes, shares)
    if bridged:
        made = bridge(colours, made, dyes)
    gain = _gain_of(dyes)
    if gain is not None:
        share = shares[[dye.target is not None for dye in dyes]].sum(axis=0)
        if share.min() <= WHOLLY_DYED:
            gain.dyed = ColourLut(indices, np.repeat(share[:, None], 3, axis=1))
    return Coat(ColourLut(indices, made, slope_at(dyes)), gain, tints)


def _gain_of(dyes: Sequence[Dye]) -> GainField | None:
    """The gain field of the largest colour that has one."""
    fields = (dye.grade.log_gain for dye in dyes if dye.grade)
    field = next((field for field in fields if field is not None), None)
    return None if field is None else GainField(field)
