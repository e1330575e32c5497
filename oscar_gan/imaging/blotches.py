"""Where a wash takes the dye out: clouds and marble, on folds and hems first; from a seed."""

import numpy as np
from numpy.typing import NDArray

from .fields import Field
from .sampling import reduced, sample
from .scene import Scene

SIDE = 700
"""Long side in pixels, at least, of the picture of blotches."""
OCTAVES = 4
ROUGH = 0.55
"""Size of each finer octave of noise to the one before."""
FINE = 0.02
"""Width over which the light of small folds is averaged, as a share of the product's."""
BROAD = 0.10
"""The same for the light around them: what is lighter than that is a ridge."""
HEM = 0.012
"""How far from its outline a product is worn, as a share of its width."""
YARNS = 800
"""Yarns across a product, as far as pixels show them."""
TILE = 256
"""Yarns after which their noise repeats."""


class Worn(Field):
    """Two inks, the second where a product is worn, down to the yarns."""

    inks = 2

    def __init__(
        self,
        place: NDArray[np.float32],
        box: tuple[slice, slice],
        *,
        softness: float,
        grain: float,
        seed: int,
    ) -> None:
        """`place` (h, w) says how worn the product's box is: above 0 it is.

        `softness` is the width of the passage and `grain` how far single yarns stray, in its unit.
        """
        self._place = np.ascontiguousarray(place[..., None])
        self._box, self._softness, self._grain = box, softness, grain
        self._yarn = max(1.0, (box[1].stop - box[1].start) / YARNS)
        self._yarns = yarns(np.random.default_rng(seed + 1))

    def at(
        self, y: NDArray[np.floating], x: NDArray[np.floating], footprint: float = 1.0
    ) -> NDArray[np.float32]:
        """See Field.at."""
        rows, columns = self._box
        down = (y - rows.start) / max(rows.stop - rows.start, 1)
        across = (x - columns.start) / max(columns.stop - columns.start, 1)
        down, across = np.broadcast_arrays(down, across)
        place = sample(self._place, down.reshape(-1), across.reshape(-1)).reshape(down.shape)
        if footprint <= 2 * self._yarn:  # else they average out
            row, column = (np.floor(each / self._yarn).astype(int) % TILE for each in (y, x))
            place = place + self._grain * self._yarns[row, column]
        t = np.clip(place / self._softness + 0.5, 0, 1)
        second = t * t * (3 - 2 * t)
        return np.stack([1 - second, second])


def yarns(random: np.random.Generator) -> NDArray[np.float32]:
    """Seamless noise (TILE, TILE) of deviation 1 that runs along the warp."""
    import cv2

    wide = np.tile(random.standard_normal((TILE, TILE)).astype(np.float32), (3, 3))
    middle = slice(TILE, 2 * TILE)
    blurred = cv2.GaussianBlur(wide, (0, 0), sigmaX=0.6, sigmaY=1.1)[middle, middle]
    return np.clip(blurred / blurred.std(), -2.5, 2.5)


def wear(
    scene: Scene, *, size: float, amount: float, folds: float, marble: float, seed: int
) -> NDArray[np.float32]:
    """How worn the product's box is (h, w): above 0 it is, in deviations of the noise.

    `size` is the clouds' as a share of the product's width, `amount` the share of the product
    that is worn; `folds` and `marble` in [0, 1] steer it by the light and make veins of clouds.
    """
    random = np.random.default_rng(seed)
    inside = reduced(np.ascontiguousarray(scene.matte[scene.box]), SIDE)
    shape = inside.shape
    period = max(size * shape[1], 4.0)
    place = noise(shape, period, random)
    if marble:
        place = _marbled(place, period, marble, random)
    if folds:
        place = (1 - 0.6 * folds) * place + folds * _ridges(scene, shape)
        place += folds * _hems(inside)
    product = place[inside > 127]
    if not product.size:
        product = place.reshape(-1)
    place = place - np.percentile(product, 100 * (1 - amount))
    return (place / max(float(product.std()), 1e-6)).astype(np.float32)


def noise(
    shape: tuple[int, int], period: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Cloudy noise (h, w), mean 0 and deviation 1, whose largest clouds are `period` pixels."""
    import cv2

    total = np.zeros(shape, np.float32)
    for octave in range(OCTAVES):
        grid = [max(2, round(length * 2**octave / period) + 3) for length in shape]
        values = random.standard_normal(grid).astype(np.float32)
        total += ROUGH**octave * cv2.resize(values, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return (total - total.mean()) / max(float(total.std()), 1e-6)


def _marbled(
    clouds: NDArray[np.float32], period: float, marble: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Bend clouds by other clouds and fold them, so that veins come of them."""
    import cv2

    height, width = clouds.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    right, down = (0.5 * period * noise(clouds.shape, period, random) for _ in range(2))
    bent = cv2.remap(clouds, x + right, y + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    veins = 0.8 - np.abs(bent)
    mixed = (1 - marble) * clouds + marble * veins / max(float(veins.std()), 1e-6)
    return mixed + 0.35 * noise(clouds.shape, period / 6, random)


def _ridges(scene: Scene, shape: tuple[int, int]) -> NDArray[np.float32]:
    """How far places (h, w) are lighter than what is around them, in deviations."""
    import cv2

    shading = scene.shading
    ridge = (shading.smoothed(FINE) - shading.smoothed(BROAD)) * shading.known
    deviation = float(ridge[shading.known > 0].std()) if shading.known.any() else 0.0
    ridge = np.clip(ridge / max(deviation, 0.004), -2.5, 2.5)
    return cv2.resize(ridge, shape[::-1], interpolation=cv2.INTER_LINEAR)


def _hems(inside: NDArray[np.uint8]) -> NDArray[np.float32]:
    """1 at the product's outline (h, w), falling off inwards."""
    import cv2

    framed = cv2.copyMakeBorder((inside > 127).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    distance = cv2.distanceTransform(framed, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.exp(-distance / (HEM * inside.shape[1])).astype(np.float32)
