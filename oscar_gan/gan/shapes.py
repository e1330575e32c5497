"""Invented products: shaded solids with handles, legs, straps and prints.

The photos show garments, the cut-outs a hundred products; shops sell everything. Random solids
teach the analyser that a product is what stands in front, whatever its outline. The prints are
put on real products, too: they are the only prints whose outline is known exactly.
"""

import string
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(slots=True)
class Layers:
    """A product without ground: arrays (h, w[, 3]) float32 in [0, 1]."""

    colour: Array
    alpha: Array
    """What covers the ground, cast shadow included."""
    product: Array
    """What belongs to the product."""
    keep: Array
    """Prints, hardware, legs: 1 where a recolouring must not go."""
    known: Array
    """1 where `keep` is certain."""


def random_product(random: Generator, side: int) -> Layers:
    """Draw a body with up to three attachments, shaded as a solid."""
    big = 2 * side  # drawn at double size, then reduced: soft edges
    body = _body(random, big)
    extra = np.zeros((big, big), np.uint8)
    for _ in range(int(random.integers(0, 4))):
        _attach(random, extra, body)
    own_colour = random.random() < 0.5  # legs of wood, a handle of the same glaze
    product = np.maximum(body, extra)
    keep = np.where(body > 0, 0, extra) if own_colour else np.zeros_like(extra)
    colours = random.uniform(0.02, 0.98, 3), random.uniform(0.02, 0.98, 3)
    albedo = np.where((keep > 0)[..., None], colours[1], colours[0])
    shaded = albedo * _shading(random, product)[..., None] + _gloss(random, product)[..., None]
    layers = [_halved(layer, side) for layer in (shaded, product / 255, keep / 255)]
    colour, alpha, kept = layers
    return Layers(colour.clip(0, 1), alpha, alpha, kept, np.ones_like(kept))


def add_print(random: Generator, layers: Layers) -> None:
    """Print a word or a figure on the product, in place; it follows the product's shading."""
    rows, columns = np.nonzero(layers.product > 0.9)
    if len(rows) < 50:
        return
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    centre = (
        int(columns.min() + width * random.uniform(0.3, 0.7)),
        int(rows.min() + height * random.uniform(0.25, 0.75)),
    )
    extent = random.uniform(0.08, 0.3) * min(height, width)
    mask = np.zeros(layers.product.shape, np.uint8)
    (_draw_word if random.random() < 0.5 else _draw_figure)(random, mask, centre, extent)
    ink = cv2.GaussianBlur(mask, (3, 3), 0).astype(np.float32) / 255 * layers.product
    grey = layers.colour.mean(-1)
    reference = np.median(grey[layers.product > 0.9])
    shading = (grey / max(reference, 0.08)).clip(0.4, 1.5)[..., None]
    painted = (random.uniform(0, 1, 3) * shading).clip(0, 1)
    contrast = np.abs(painted - layers.colour)[mask > 0]
    if contrast.size == 0 or contrast.mean() < 0.12:
        return  # as good as invisible: no fair label
    layers.colour = layers.colour + (painted - layers.colour) * ink[..., None]
    layers.keep = np.maximum(layers.keep, ink)
    layers.known = np.maximum(layers.known, (ink > 0.05).astype(np.float32))


def _body(random: Generator, side: int) -> NDArray[np.uint8]:
    """A closed outline: a superellipse, narrowing to one end, with a wavy rim."""
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    power = random.choice([0.35, 0.6, 1.0])  # box-like to elliptic
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    x *= 1 + random.uniform(-0.45, 0.45) * y
    wave = sum(
        random.normal(0, 0.10 / order) * np.cos(order * angle + random.uniform(0, 6))
        for order in range(2, 7)
    )
    radius = (1 + (random.random() < 0.6) * wave) * side * 0.32
    aspect = np.exp(random.uniform(-0.6, 0.6))
    points = np.stack([x * radius * min(aspect, 1), y * radius / max(aspect, 1)], -1) + side / 2
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 255)
    return mask


def _attach(random: Generator, extra: NDArray[np.uint8], body: NDArray[np.uint8]) -> None:
    """Add a ring handle, a strap over the top, or legs to `extra`."""
    side = len(body)
    rows, columns = np.nonzero(body)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    thick = max(2, int(random.uniform(0.008, 0.05) * side))
    kind = random.integers(3)
    if kind == 0:
        axes = (int((right - left) * random.uniform(0.1, 0.3)), (bottom - top) // 4)
        cv2.ellipse(extra, (int(right), int((top + bottom) // 2)), axes, 0, 0, 360, 255, thick)
    elif kind == 1:
        axes = ((right - left) // 3, int((bottom - top) * random.uniform(0.2, 0.9)))
        cv2.ellipse(extra, (int((left + right) // 2), int(top)), axes, 0, 180, 360, 255, thick)
    else:
        for share in (0.2, 0.8):
            x = int(left + (right - left) * share)
            foot = int(x + (share - 0.5) * random.uniform(0, 0.3) * side)
            end = min(side - 4, int(bottom + random.uniform(0.05, 0.2) * side))
            cv2.line(extra, (x, int(bottom - 0.1 * side)), (foot, end), 255, thick)


def _shading(random: Generator, product: NDArray[np.uint8]) -> Array:
    """Light falling from above on a solid whose height grows with the way from its edge."""
    inside = cv2.distanceTransform(product, cv2.DIST_L2, 3)
    height = np.sqrt(cv2.GaussianBlur(inside, (0, 0), len(product) / 60))
    noise = random.normal(0, 1, (8, 8)).astype(np.float32)
    folds = cv2.resize(noise, product.shape[::-1], interpolation=cv2.INTER_CUBIC)
    height = height * random.uniform(0.3, 1.5) + folds * random.uniform(0, 2)
    down, across = np.gradient(height)
    direction = random.uniform(-1, 1)
    light = 0.85 + random.uniform(0.2, 1.2) * (down + direction * across)
    grain = 1 + random.normal(0, random.uniform(0, 0.05), product.shape)
    return (light * grain).clip(0.25, 1.25).astype(np.float32)


def _gloss(random: Generator, product: NDArray[np.uint8]) -> Array:
    """A soft white highlight, absent from half of the products."""
    spot = np.zeros(product.shape, np.float32)
    if random.random() < 0.5:
        side = len(product)
        centre = tuple(int(value) for value in random.uniform(0.35, 0.65, 2) * side)
        axes = tuple(int(value) for value in random.uniform(0.01, 0.08, 2) * side)
        cv2.ellipse(spot, centre, axes, random.uniform(0, 180), 0, 360, 1.0, -1)
        spot = cv2.GaussianBlur(spot, (0, 0), side * 0.02) * random.uniform(0.2, 0.8)
    return spot


def _draw_word(
    random: Generator, mask: NDArray[np.uint8], centre: tuple[int, int], extent: float
) -> None:
    word = "".join(random.choice(list(string.ascii_letters), random.integers(1, 8)))
    font = int(random.choice([0, 2, 3, 4, 6]))  # Hershey fonts of OpenCV
    thick = int(random.integers(1, 4))
    (width, height), _ = cv2.getTextSize(word, font, 1.0, thick)
    scale = 2 * extent / max(width, height)
    corner = (int(centre[0] - width * scale / 2), int(centre[1] + height * scale / 2))
    cv2.putText(mask, word, corner, font, scale, 255, thick, cv2.LINE_AA)


def _draw_figure(
    random: Generator, mask: NDArray[np.uint8], centre: tuple[int, int], extent: float
) -> None:
    count = int(random.integers(3, 9))
    angle = np.sort(random.uniform(0, 2 * np.pi, count))
    radius = extent * random.uniform(0.4, 1, count)
    points = np.stack([np.cos(angle) * radius, np.sin(angle) * radius], -1) + centre
    if random.random() < 0.5:
        cv2.fillPoly(mask, [points.round().astype(np.int32)], 255, cv2.LINE_AA)
    else:
        axes = (int(extent), max(1, int(extent * random.uniform(0.3, 1))))
        thick = -1 if random.random() < 0.6 else 2
        cv2.ellipse(mask, centre, axes, random.uniform(0, 180), 0, 360, 255, thick, cv2.LINE_AA)


def _halved(layer: NDArray, side: int) -> Array:
    return cv2.resize(layer.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
