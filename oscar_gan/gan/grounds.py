"""Grounds for composites: floors, walls and fabrics, procedural or cut from photos.

All are (side, side, 3) float32 sRGB in [0, 1]; every draw comes from the generator given.
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float32]
SMALLEST_CROP = 48
"""Shorter side in pixels (of 256) of a piece of photo that may become a ground."""


def random_ground(random: Generator, side: int) -> Array:
    """A studio sweep, wall with floor, boards, tiles or folded cloth, unevenly lit."""
    kinds = (_sweep, _sweep, _horizon, _horizon, _horizon, _boards, _tiles, cloth, cloth)
    ground = kinds[random.integers(len(kinds))](random, side)
    light = 1 + random.uniform(0, 0.25) * _smooth_noise(random, side, 2)[..., None]
    grain = random.normal(0, random.uniform(0, 0.015), (side, side, 1))
    return (ground * light + grain).clip(0, 1).astype(np.float32)


def photo_ground(
    random: Generator, photo: NDArray[np.uint8], matte: NDArray[np.uint8], side: int
) -> Array | None:
    """Blow up the widest strip beside a photo's product; None where all strips are thin."""
    rows, columns = np.nonzero(matte > 40)
    if not len(rows):
        return None
    margin = 6
    top, bottom = max(rows.min() - margin, 0), min(rows.max() + margin, matte.shape[0])
    left, right = max(columns.min() - margin, 0), min(columns.max() + margin, matte.shape[1])
    strips = [photo[:top], photo[bottom:], photo[:, :left], photo[:, right:]]
    strip = max(strips, key=lambda piece: min(piece.shape[:2]))
    if min(strip.shape[:2]) < SMALLEST_CROP:
        return None
    height, width = strip.shape[:2]
    tall, wide = (random.integers(SMALLEST_CROP, length + 1) for length in (height, width))
    y, x = random.integers(height - tall + 1), random.integers(width - wide + 1)
    crop = strip[y : y + tall, x : x + wide]
    if random.random() < 0.5:
        crop = crop[:, ::-1]
    resized = cv2.resize(np.ascontiguousarray(crop), (side, side), interpolation=cv2.INTER_CUBIC)
    return resized.astype(np.float32) / 255


def random_colour(random: Generator) -> Array:
    """A ground's colour: near white, grey or black, wood-like, or anything."""
    kind = random.random()
    if kind < 0.35:
        return (random.uniform(0.82, 1.0) + random.normal(0, 0.015, 3)).clip(0, 1)
    if kind < 0.55:
        return (random.uniform(0.05, 0.8) + random.normal(0, 0.02, 3)).clip(0, 1)
    if kind < 0.75:
        return (np.array([0.62, 0.45, 0.3]) * random.uniform(0.5, 1.4)).clip(0, 1)
    return random.uniform(0, 1, 3)


def tinted(ground: Array, colour: Array) -> Array:
    """The same ground in another colour (3,): its median becomes that; shadows and grain stay."""
    gain = colour / np.maximum(np.median(ground, axis=(0, 1)), 0.05)
    return (ground * gain.clip(0.2, 5)).clip(0, 1).astype(np.float32)


def _sweep(random: Generator, side: int) -> Array:
    """A plain studio ground, brighter towards one edge."""
    slope = np.linspace(-1, 1, side)[:, None, None] * random.uniform(-0.12, 0.12)
    return np.broadcast_to(random_colour(random), (side, side, 3)) + slope


def _horizon(random: Generator, side: int) -> Array:
    """A wall meeting a floor, sharply or in a soft curve."""
    position, softness = random.uniform(0.45, 0.85), random.uniform(0.01, 0.12)
    y = np.linspace(0, 1, side)[:, None, None]
    floor = 1 / (1 + np.exp(-(y - position) / softness))
    surface = _boards if random.random() < 0.6 else _sweep
    return _sweep(random, side) * (1 - floor) + surface(random, side) * floor


def _boards(random: Generator, side: int) -> Array:
    """Wooden boards: fibres are noise drawn out along the board, joints are dark lines."""
    count = int(random.integers(2, 9))
    fibres = random.normal(0, 1, (side, max(2, side // 16)))
    fibres = cv2.resize(fibres, (side, side), interpolation=cv2.INTER_CUBIC)
    board = np.arange(side) * count // side
    tone = random.normal(0, 0.08, count)[board] + random.uniform(0.02, 0.08) * fibres.T
    joint = np.diff(board, prepend=0) > 0
    tone = tone - 0.25 * joint
    tone = tone if random.random() < 0.5 else tone.T
    return random_colour(random) * (1 + tone[..., None])


def _tiles(random: Generator, side: int) -> Array:
    """Square tiles or checks with grout, each of its own tone."""
    count = int(random.integers(2, 8))
    index = (np.arange(side) + int(random.integers(side))) * count // side
    tone = random.normal(0, 0.05, (index.max() + 1,) * 2)[np.ix_(index, index)]
    if random.random() < 0.3:
        tone = tone + random.uniform(0.1, 0.6) * ((index[:, None] + index) % 2)
    grout = np.diff(index, prepend=index[0]) > 0
    tone = tone - random.uniform(-0.2, 0.3) * (grout[:, None] | grout)
    return random_colour(random) * (1 + tone[..., None])


def cloth(random: Generator, side: int) -> Array:
    """Sheets and blankets: soft folds, sometimes printed with stripes."""
    folds = sum(
        _smooth_noise(random, side, scale) * weight
        for scale, weight in ((3, 0.5), (7, 0.4), (14, 0.2))
    )
    tone = random.uniform(0.05, 0.35) * folds[..., None]
    colour = random_colour(random)
    if random.random() < 0.3:
        wave = np.sin(np.arange(side) * random.uniform(0.1, 0.9) + random.uniform(0, 6)) > 0
        stripes = np.where(wave[:, None], colour, random_colour(random))
        stripes = np.broadcast_to(stripes[:, None], (side, side, 3))
        return (stripes if random.random() < 0.5 else stripes.transpose(1, 0, 2)) * (1 + tone)
    return colour * (1 + tone)


def _smooth_noise(random: Generator, side: int, cells: int) -> Array:
    noise = random.normal(0, 1, (cells + 1, cells + 1)).astype(np.float32)
    return cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC)
