"""The colour that each ink of a print or style really has: read where it lies alone.

A base colour's swatch is read from frozen pixels of the photo; an ink's from those of them where
nothing but this ink is to be seen. That is told from the weights, which come from the tile and
its placement, and from the colours asked for: never from the result, so nothing is chosen by its
nearness to the target. Inks too fine to lie alone anywhere are not given a number of their own;
where that holds for all, and in a melange, their mixture is measured.
"""

import numpy as np
from numpy.typing import NDArray

from .assess import ColourMade, compared
from .colour import (
    LINEAR_OF_BYTE,
    bytes_to_oklab,
    delta_e00,
    linear_to_oklab,
    oklab_to_lab,
    oklab_to_linear,
    oklab_to_srgb,
    to_hex,
)
from .dye import membership
from .dyeing import Measured
from .plans import Plan
from .scene import Scene
from .swatch import MIN_SAMPLES, Swatch, sample_positions

MOSTLY = 0.9
"""Weight from which an ink may be alone."""
UNSEEN = 0.4
"""ΔE00 by which the other inks may change it there: a trace of white shows in black."""
SEEN = 0.005
"""Share of the product from which an ink is missed if it cannot be measured."""
COVERED = 4_000
"""About how many places are asked how much an ink covers."""

Array = NDArray[np.floating]


class InkSwatches:
    """Where the inks of a plan are read on a photo: chosen once, before anything is made."""

    def __init__(self, scene: Scene, plan: Plan) -> None:
        self._scene, self._plan = scene, plan
        self._found: dict[tuple[int, int], Swatch | None] = {}

    def calibrating(self, base: int, ink: int, most: int) -> Measured:
        """Where to read an ink on a base colour, thinned to `most` pixels a band.

        All of the base colour's own pixels where the ink lies alone nowhere.
        """
        swatch = self._under(base, ink) or self._scene.bases[base].swatch
        bands = (swatch.chroma_pixels, swatch.lightness_pixels)
        thinned = Swatch(swatch.oklab, *(band[:: -(-len(band) // most)] for band in bands))
        return thinned, bytes_to_oklab(self._scene.pixels.reshape(-1, 3)[thinned.positions])

    def measure(self, result: NDArray[np.uint8]) -> tuple[tuple[ColourMade, ...], tuple[str, ...]]:
        """What became of the inks in a result (H, W, 3), and those that cannot be measured.

        An ink that all base colours become is reported once, as it came out worst.
        """
        if self._plan.melange:
            return (self._mixture(result),), ()
        made: list[ColourMade] = []
        unmeasured: list[str] = []
        cover = self.cover()
        for ink in range(len(self._plan.inks)):
            found, missing = self._measure_ink(ink, result)
            if len({each.target for each in found}) == 1:
                found = [max(found, key=lambda each: each.delta_e)]
            made += found
            unmeasured += missing if not found and cover[ink] >= SEEN else []
        made = made or [self._mixture(result)]
        return tuple(made), tuple(dict.fromkeys(unmeasured))

    def cover(self) -> Array:
        """Share (K,) of the product that each ink covers."""
        positions = sample_positions(self._scene.matte)
        return self._weights(positions[:: -(-len(positions) // COVERED)]).mean(axis=1)

    def _measure_ink(
        self, ink: int, result: NDArray[np.uint8]
    ) -> tuple[list[ColourMade], list[str]]:
        found, missing = [], []
        for place, target in enumerate(self._plan.inks[ink].targets):
            if target is None:
                continue
            swatch = self._under(place, ink)
            if swatch is None:
                missing.append(_hex(target))
            else:
                found.append(compared(swatch.hex, _hex(target), swatch.measure(result)))
        return found, missing

    def _under(self, base: int, ink: int) -> Swatch | None:
        if (base, ink) not in self._found:
            self._found[base, ink] = self._find(base, ink)
        return self._found[base, ink]

    def _find(self, base: int, ink: int) -> Swatch | None:
        """A base colour's swatch where an ink lies alone; None where that is hardly anywhere."""
        own = self._scene.bases[base]
        bands = (own.swatch.chroma_pixels, own.swatch.lightness_pixels)
        swatch = Swatch(own.swatch.oklab, *(self._alone(band, base, ink) for band in bands))
        if _is_enough(swatch):
            return swatch
        # A small ink has few of the pixels that a colour is usually read from: look at more.
        positions = self._alone(self._scene.many, base, ink)
        oklab = bytes_to_oklab(self._scene.pixels.reshape(-1, 3)[positions])
        member = membership(oklab, own.material, 1.0) > 0.5
        found = []
        for band in np.split(own.samples[:, 0], [len(bands[0])]):
            lit = member & (oklab[:, 0] >= band.min()) & (oklab[:, 0] <= band.max())
            found.append(positions[lit])
        swatch = Swatch(own.swatch.oklab, *found)
        return swatch if _is_enough(swatch) else None

    def _alone(self, positions: NDArray[np.intp], base: int, ink: int) -> NDArray[np.intp]:
        """Which of some positions (n,) show an ink alone, nothing of them being kept."""
        positions = positions[self._scene.ready.solid.reshape(-1)[positions] > 0]
        weights = self._weights(positions)
        mostly = weights[ink] >= MOSTLY
        positions, weights = positions[mostly], weights[:, mostly]
        flat, wanted = weights.T @ self._light(base), self._light(base)[ink]
        lab, aim = (oklab_to_lab(linear_to_oklab(light)) for light in (flat, wanted))
        return positions[delta_e00(lab, aim) <= UNSEEN]

    def _weights(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        return self._plan.field.at_positions(positions, self._scene.shape[1])

    def _light(self, base: int) -> Array:
        """Linear light (K, 3) that each ink makes of a base colour."""
        own = self._scene.bases[base].material.base
        targets = (ink.targets[base] for ink in self._plan.inks)
        oklab = np.stack([own if target is None else target for target in targets])
        return np.maximum(oklab_to_linear(oklab), 0)

    def _mixture(self, result: NDArray[np.uint8]) -> ColourMade:
        """What became of the main colour under all inks, mixed as the eye does from afar."""
        swatch = self._scene.bases[0].swatch
        wanted = self._weights(swatch.positions).T @ self._light(0)
        seen = LINEAR_OF_BYTE[result.reshape(-1, 3)[swatch.positions]]
        colours = []
        for light in (wanted, seen):
            chroma, lightness = (
                linear_to_oklab(band.mean(axis=0).astype(float))
                for band in np.split(light, [len(swatch.chroma_pixels)])
            )
            colours.append(np.array([lightness[0], *chroma[1:]]))
        wanted, made = colours
        return compared(swatch.hex, _hex(wanted), made)


def _is_enough(swatch: Swatch) -> bool:
    return min(len(swatch.chroma_pixels), len(swatch.lightness_pixels)) >= MIN_SAMPLES


def _hex(oklab: Array) -> str:
    return to_hex(oklab_to_srgb(oklab))
