"""Measure what a generator makes of a photo whose product is known exactly.

Everything is measured under the known outline, never under the generator's own: one that takes
half the product for background must not look good for colouring the other half well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...imaging.colour import delta_e00, srgb_to_lab
from ...imaging.overlap import score_matte
from ...imaging.photo import Photo
from ...imaging.prepare import Prepared, prepare

NOWHERE = 100.0
"""Boundary error, in pixels at 1000, of a matte without any edge."""
MARGIN = 0.02
"""Of the long side: so near the product a soft edge may change the background."""
RIM = 0.005
"""Of the long side: so near their own edge protected areas are not looked at."""
SMALLEST = 20
"""Pixels of a protected area below which it is not measured."""
SOLID = 250

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What of a photo is known; masks and mattes (H, W)."""

    matte: Bytes
    """What is recolourable."""
    protected: Mask
    """What inside the product must stay as it is: prints, hardware, holes; empty without any."""
    beside: Mask
    """Background well away from the product."""
    ready: Prepared
    """The photo's colours under the true matte: how a swatch is read."""

    @property
    def has_protected(self) -> bool:
        """Whether there is enough that must stay to measure it."""
        return int(self.protected.sum()) >= SMALLEST


def truth_of(photo: Photo, matte: Bytes, keep: Bytes | None = None) -> Truth:
    """What a matte and keep matte (H, W) tell of a photo.

    Without a keep matte, what the outline leaves out within itself must stay: stored mattes of a
    shop hold no prints. Raises UnusableMatte when too little is wholly product.
    """
    import cv2

    keep = _holes(matte) if keep is None else keep
    side = max(matte.shape)
    beside = cv2.dilate(cv2.max(matte, keep), _square(MARGIN * side)) == 0
    protected = cv2.erode(keep, _square(RIM * side)) >= SOLID
    ready = prepare(photo.pixels, matte, np.zeros_like(matte))
    return Truth(matte, protected, beside, ready)


def measure_matte(truth: Truth, analysis) -> dict[str, float]:
    """Overlap and boundary error of what `analysis` would recolour; of nothing if it is None."""
    if analysis is None:
        return {"matte-iou": 0.0, "boundary": NOWHERE}
    score = score_matte(analysis.material / np.float32(255), truth.matte / np.float32(255))
    return {"matte-iou": score.iou, "boundary": min(score.boundary, NOWHERE)}


def measure_picture(
    photo: Photo, truth: Truth, made, target: str, wanted: Bytes | None = None
) -> dict[str, float]:
    """Measure a result (engine.Recoloured) asked for `target` (hex); `wanted` (H, W, 3) is true.

    What was not made at all (None) is a refusal, and nothing else of it is measured.
    """
    if made is None:
        return {"refusals": 1.0}
    checked = truth.ready.baseline.assess(made.pixels, [(truth.ready.swatch, target)])
    changed = np.abs(made.pixels.astype(np.int16) - photo.pixels).max(axis=2)
    measures = {
        "refusals": float(made.assessment.refusal is not None),
        "swatch": checked.delta_e,
        "structure": checked.structure,
        "background": float(changed[truth.beside].max(initial=0)),
    }
    if truth.has_protected:
        measures["protected"] = float(
            difference(made.pixels, photo.pixels, truth.protected).mean()
        )
    if wanted is not None:
        product = (truth.matte > 127) | truth.protected
        measures["recolour"] = float(difference(made.pixels, wanted, product).mean())
    return measures


def difference(one: Bytes, other: Bytes, where: Mask) -> NDArray[np.float64]:
    """CIEDE2000 between two pictures (H, W, 3) at each pixel of a mask (H, W): (n,)."""
    return delta_e00(*(srgb_to_lab(each[where] / 255) for each in (one, other)))


def _holes(matte: Bytes) -> Bytes:
    """What lies inside a matte's outer outlines and is not product: 255 there, else 0."""
    import cv2

    solid = cv2.compare(matte, 127, cv2.CMP_GT)
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(matte), outlines, -1, 255, cv2.FILLED)
    return cv2.subtract(filled, solid)


def _square(reach: float) -> Bytes:
    """A square of ones around a pixel, so many pixels to each side, one at least."""
    side = 2 * max(1, round(reach)) + 1
    return np.ones((side, side), np.uint8)
