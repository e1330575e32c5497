"""Where a wash takes the dye out: clouds and marble, on folds and hems first; from a seed."""

import numpy as np
from numpy.typing import NDArray

from .sampling import reduced
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


def worn(
    scene: Scene,
    *,
    size: float,
    amount: float,
    softness: float,
    folds: float,
    marble: float,
    seed: int,
) -> NDArray[np.float32]:
    """How much of the second ink is where (h, w) in the product's box.

    `size` is the clouds' as a share of the product's width, `amount` the share of the product
    that is worn, `softness` the width of the passage in deviations of the noise; `folds` and
    `marble` in [0, 1] steer it by the light and make veins of clouds.
    """  # fmt: skip
    import cv2

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
    place = (place - np.percentile(product, 100 * (1 - amount))) / max(float(product.std()), 1e-6)
    t = np.clip(place / max(softness, 1e-3) + 0.5, 0, 1)
    return cv2.GaussianBlur((t * t * (3 - 2 * t)).astype(np.float32), (0, 0), 0.6)


def _marbled(
    clouds: NDArray[np.float32], period: float, marble: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Bend clouds by other clouds and fold them, so that veins come of them."""
    import cv2

    height, width = clouds.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bend = [0.5 * period * noise(clouds.shape, period, random) for _ in range(2)]
    bent = cv2.remap(clouds, x + bend[0], y + bend[1], cv2.INTER_LINEAR,
                     borderMode=cv2.BORDER_REFLECT)  # fmt: skip
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
