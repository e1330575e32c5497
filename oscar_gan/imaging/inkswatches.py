"""The colour that each ink of a print or style really has: read where it lies alone.

A base colour's swatch is read from frozen pixels of the photo; an ink's from those of them on
which its weight is nearly 1. Weights come from the tile and its placement, never from the result,
so nothing is chosen by nearness to the target. Inks too fine to lie alone anywhere are not given a
number of their own; where that holds for all (a melange), their mixture is measured.
"""

import numpy as np
from numpy.typing import NDArray

from .assess import ColourMade
from .bases import BaseColour
from .colour import (
    LINEAR_OF_BYTE,
    bytes_to_oklab,
    delta_e00,
    linear_to_oklab,
    oklab_to_lab,
    oklab_to_linear,
    oklab_to_srgb,
    srgb_to_lab,
    to_hex,
)
from .dye import membership
from .dyeing import Measured
from .fields import Field
from .plans import Plan
from .scene import Scene
from .swatch import MIN_SAMPLES, Swatch, sample_positions

ALONE = 0.97
"""Weight from which a pixel tells an ink's own colour."""
COVERED = 4_000
"""About how many places are asked how much an ink covers."""


def ink_swatch(base: BaseColour, scene: Scene, field: Field, ink: int, most: int) -> Measured:
    """The swatch of a base colour where an ink lies alone, thinned to `most` pixels a band.

    All of it where the ink lies alone nowhere.
    """
    swatch = _swatch_under(base, scene, field, ink) or base.swatch
    bands = (swatch.chroma_pixels, swatch.lightness_pixels)
    thinned = Swatch(swatch.oklab, *(band[:: -(-len(band) // most)] for band in bands))
    return thinned, bytes_to_oklab(scene.pixels.reshape(-1, 3)[thinned.positions])


def measure_inks(
    scene: Scene, plan: Plan, result: NDArray[np.uint8]
) -> tuple[tuple[ColourMade, ...], tuple[str, ...]]:
    """What became of each ink on each base colour; and the inks that cannot be measured.

    Where all base colours become the same, an ink is reported once, as it came out worst.
    """
    made, unmeasured = [], []
    for place, ink in enumerate(plan.inks):
        found, missing = [], []
        for base, target in zip(scene.bases, ink.targets, strict=True):
            if target is None:
                continue
            swatch = _swatch_under(base, scene, plan.field, place)
            if swatch is None:
                missing.append(target)
                continue
            found.append(_made(base, target, swatch.measure(result)))
        if len({each.target for each in found}) == 1:
            found = [max(found, key=lambda each: each.delta_e)]
        made += found
        if missing and not found:
            unmeasured += [to_hex(oklab_to_srgb(target)) for target in missing]
    if not made:
        made = [_mixture(scene, plan, result)]
    return tuple(made), tuple(dict.fromkeys(unmeasured))


def cover_of(scene: Scene, field: Field) -> NDArray[np.floating]:
    """Share (K,) of the product that each ink covers."""
    positions = sample_positions(scene.matte)
    some = positions[:: -(-len(positions) // COVERED)]
    return field.at_positions(some, scene.shape[1]).mean(axis=1)


def _swatch_under(base: BaseColour, scene: Scene, field: Field, ink: int) -> Swatch | None:
    """A base colour's swatch where an ink lies alone; None where that is hardly anywhere."""
    bands = (base.swatch.chroma_pixels, base.swatch.lightness_pixels)
    swatch = Swatch(base.swatch.oklab, *(_alone(band, scene, field, ink) for band in bands))
    if _is_enough(swatch):
        return swatch
    # A small ink has few of the pixels that a colour is usually read from: look at more.
    positions = _alone(scene.many, scene, field, ink)
    oklab = bytes_to_oklab(scene.pixels.reshape(-1, 3)[positions])
    own = membership(oklab, base.material, 1.0) > 0.5
    split = len(base.swatch.chroma_pixels)
    found = []
    for band in (base.samples[:split, 0], base.samples[split:, 0]):
        lit = own & (oklab[:, 0] >= band.min()) & (oklab[:, 0] <= band.max())
        found.append(positions[lit])
    swatch = Swatch(base.swatch.oklab, *found)
    return swatch if _is_enough(swatch) else None


def _alone(positions: NDArray[np.intp], scene: Scene, field: Field, ink: int) -> NDArray[np.intp]:
    """Which of some positions (n,) an ink has alone, nothing of them being kept."""
    weights = field.at_positions(positions, scene.shape[1])[ink]
    return positions[(weights >= ALONE) & (scene.ready.solid.reshape(-1)[positions] > 0)]


def _is_enough(swatch: Swatch) -> bool:
    return min(len(swatch.chroma_pixels), len(swatch.lightness_pixels)) >= MIN_SAMPLES


def _made(
    base: BaseColour, target: NDArray[np.floating], made: NDArray[np.floating]
) -> ColourMade:
    wanted = np.rint(np.clip(oklab_to_srgb(target), 0, 1) * 255) / 255
    error = float(delta_e00(srgb_to_lab(wanted), oklab_to_lab(made)))
    return ColourMade(base.swatch.hex, to_hex(wanted), to_hex(oklab_to_srgb(made)), error)


def _mixture(scene: Scene, plan: Plan, result: NDArray[np.uint8]) -> ColourMade:
    """What became of the main colour under all inks together, mixed as the eye does from afar."""
    base = scene.bases[0]
    swatch, split = base.swatch, len(base.swatch.chroma_pixels)
    targets = [base.material.base if t is None else t for t in (i.targets[0] for i in plan.inks)]
    weights = plan.field.at_positions(swatch.positions, scene.shape[1])
    wanted = weights.T @ np.maximum(oklab_to_linear(np.stack(targets)), 0)
    seen = LINEAR_OF_BYTE[result.reshape(-1, 3)[swatch.positions]]
    colours = []
    for light in (wanted, seen):
        chroma, lightness = (
            linear_to_oklab(band.mean(axis=0).astype(float))
            for band in (light[:split], light[split:])
        )
        colours.append(np.array([lightness[0], *chroma[1:]]))
    return _made(base, *colours)
