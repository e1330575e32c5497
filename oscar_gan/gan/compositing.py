"""Composites: a product without ground, dyed, turned, put on a ground, with its exact labels."""

from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray

from .cutouts import UNSURE
from .recolour import base_colours, recolour
from .shapes import Layers

Array = NDArray[np.float32]


class Labelled(NamedTuple):
    """A picture with labels: arrays (side, side[, 3]) float32 in [0, 1]."""

    picture: Array
    matte: Array
    matte_weight: Array
    keep: Array
    keep_weight: Array


def cutout_layers(cutout: NDArray[np.uint8], side: int) -> Layers:
    """Unpack an array of the corpus (see `corpus`), cropped to the product, at most `side` long.

    Working at the size that is needed makes a composite several times cheaper.
    """
    rows, columns = np.nonzero(cutout[..., 3] > 8)
    cropped = cutout[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scaled = cropped[..., :5].astype(np.float32) / 255
    keep = cropped[..., 5] > UNSURE
    known = cropped[..., 5] != UNSURE
    stacked = np.dstack([scaled, keep, known]).astype(np.float32)
    shrink = min(1.0, side / max(stacked.shape[:2]))
    size = tuple(max(8, round(length * shrink)) for length in stacked.shape[1::-1])
    parts = [
        cv2.resize(np.ascontiguousarray(part), size, interpolation=cv2.INTER_AREA)
        for part in np.split(stacked, [4], axis=2)
    ]
    colour, alpha, product, keep, known = np.split(np.dstack(parts), [3, 4, 5, 6], axis=2)
    return Layers(colour, alpha[..., 0], product[..., 0], keep[..., 0], known[..., 0])


def dye(random: Generator, layers: Layers) -> None:
    """Give the product's material another colour, in place: no colour means product."""
    layers.colour = dyed(random, layers.colour, layers.product * (1 - layers.keep))


def dyed(random: Generator, picture: Array, material: Array) -> Array:
    """The picture (h, w, 3) with a material (h, w) in [0, 1] in another colour."""
    weights = torch.from_numpy(np.ascontiguousarray(material, np.float32))[None, None]
    images = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    base = base_colours(images, weights)
    made = recolour(images, weights, base, torch.from_numpy(random_dye(random))[None])
    return made[0].permute(1, 2, 0).numpy()


def random_dye(random: Generator) -> Array:
    """An OKLab colour (3,): a quarter nearly black, a quarter nearly white, else anything."""
    kind, hue = random.random(), random.uniform(0, 2 * np.pi)
    if kind < 0.25:
        lightness, chroma = random.uniform(0.12, 0.3), random.uniform(0, 0.04)
    elif kind < 0.5:
        lightness, chroma = random.uniform(0.88, 0.98), random.uniform(0, 0.02)
    else:
        lightness, chroma = random.uniform(0.25, 0.9), random.uniform(0, 0.2)
    return np.array([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], np.float32)


def composite(
    random: Generator, layers: Layers, ground: Array, *, place: "Place | None" = None
) -> Labelled:
    """Turn, scale and squeeze the product, then put it on the ground (side, side, 3)."""
    side = len(ground)
    stacked = np.dstack(
        [layers.colour * layers.alpha[..., None], layers.alpha, layers.product]
        + [layers.keep * layers.product, layers.known]
    )
    warped = _placed(random, stacked, side, place or Place.draw(random))
    premultiplied, alpha = warped[..., :3], warped[..., 3:4]
    product, keep, known = warped[..., 4], warped[..., 5], warped[..., 6]
    shadow = _cast_shadow(random, product)
    picture = premultiplied + (1 - alpha) * ground * (1 - shadow)[..., None]
    outside = (product < 0.02).astype(np.float32)
    known = np.maximum((known > 0.98).astype(np.float32), outside)
    return Labelled(picture.clip(0, 1), product, np.ones_like(product), keep, known)


class Place(NamedTuple):
    """Where a product stands in the picture, in shares of its side."""

    size: float
    """Longer side of the product."""
    centre: tuple[float, float]

    @classmethod
    def draw(cls, random: Generator) -> "Place":
        """Mostly near the middle; now and then the border cuts the product."""
        size = random.triangular(0.35, 0.8, 1.15)
        reach = 0.1 if random.random() < 0.8 else 0.35
        return cls(size, tuple(0.5 + random.uniform(-reach, reach, 2)))

    @classmethod
    def aside(cls, random: Generator) -> "Place":
        """Small, and near the border: something that happens to lie about."""
        angle = random.uniform(0, 2 * np.pi)
        centre = 0.5 + random.uniform(0.4, 0.55) * np.array([np.cos(angle), np.sin(angle)])
        return cls(random.uniform(0.12, 0.35), tuple(centre))


def _placed(random: Generator, stacked: Array, side: int, place: Place) -> Array:
    """Crop to the product, then one affine map onto a canvas (side, side)."""
    rows, columns = np.nonzero(stacked[..., 4] > 0.1)
    centre = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    scale = side * place.size / max(height, width)
    squeeze = np.exp(random.uniform(-0.4, 0.4))  # any photo is squeezed to a square
    if squeeze * width > 1.3 * height or random.random() < 0.3:
        squeeze = 1.0
    angle = random.normal(0, 0.12) if random.random() < 0.8 else random.uniform(-np.pi, np.pi)
    flip = random.choice([-1, 1])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = np.diag([scale * squeeze, scale]) @ turn @ np.diag([flip, 1.0])
    goal = side * np.array(place.centre)
    matrix = np.column_stack([linear, goal - linear @ centre])
    if scale < 0.7:  # a map that shrinks must be told to average
        blur = 0.4 / scale
        stacked = cv2.GaussianBlur(stacked[..., :4], (0, 0), blur), stacked[..., 4:]
        stacked = np.dstack([stacked[0], cv2.GaussianBlur(stacked[1], (0, 0), blur)])
    halves = [stacked[..., :4], stacked[..., 4:]]  # OpenCV maps at most four channels at once
    return np.dstack(
        [cv2.warpAffine(np.ascontiguousarray(half), matrix, (side, side)) for half in halves]
    )


def _cast_shadow(random: Generator, product: Array) -> Array:
    """Darkening of the ground (side, side): none, a soft rim, or thrown along the floor."""
    kind = random.random()
    if kind < 0.3:
        return np.zeros_like(product)
    side = len(product)
    if kind < 0.6:
        offset = random.normal(0, 0.02 * side, 2) + [0, 0.015 * side]
        matrix = np.column_stack([np.eye(2), offset])
    else:
        matrix = _floor_projection(random, product)
    thrown = cv2.warpAffine(product, matrix, (side, side))
    spread = side * random.uniform(0.006, 0.05)
    return cv2.GaussianBlur(thrown, (0, 0), spread) * random.uniform(0.15, 0.6)


def _floor_projection(random: Generator, product: Array) -> NDArray[np.float64]:
    """Affine map (2, 3) that lays the product's outline on the floor, from its foot sideways."""
    foot = float(np.nonzero((product > 0.5).any(1))[0].max(initial=len(product) // 2))
    lean = random.uniform(-1.2, 1.2)
    flatness = random.uniform(-0.3, 0.5)  # negative: towards the camera
    return np.array([[1, -lean, lean * foot], [0, flatness, foot * (1 - flatness)]])


def disturb(random: Generator, picture: Array, *, any_hue: bool = True) -> Array:
    """What cameras and shops do to a picture: exposure, cast, hue, grain, JPEG.

    Without `any_hue` no colours are swapped: where skin has to stay skin.
    """
    gains = np.exp(random.normal(0, 0.06, 3) + random.normal(0, 0.12))
    picture = (picture * gains).clip(0, 1) ** np.exp(random.normal(0, 0.15))
    if any_hue and random.random() < 0.35:  # colours swapped around: no hue is a garment's
        mixed = picture[..., random.permutation(3)]
        picture = picture + random.uniform(0.3, 1) * (mixed - picture)
    if random.random() < 0.08:
        picture = np.repeat(picture.mean(-1, keepdims=True), 3, -1)
    if random.random() < 0.3:
        picture = picture + random.normal(0, random.uniform(0.005, 0.03), picture.shape)
    levels = np.rint(255 * picture.clip(0, 1)).astype(np.uint8)
    if random.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(50, 96))]
        levels = cv2.imdecode(cv2.imencode(".jpg", levels, quality)[1], cv2.IMREAD_COLOR)
    return levels.astype(np.float32) / 255
