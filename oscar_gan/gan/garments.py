"""Invented garments lying flat: what a fine-tuned analyser must not forget.

A shop teaches its analyser what it sells; garments on beds and floors, which the shipped weights
were taught with, may not be among it, and no photos of them ship. Real ones are only hinted at:
outlines of tops, dresses, trousers and skirts, cloth with folds, on floors and on spread sheets.
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .grounds import cloth, random_ground
from .shapes import Layers

Array = NDArray[np.float32]
Points = list[tuple[float, float]]
SPREAD = 0.5
"""Share of the grounds on which a sheet or a blanket is spread."""


def random_garment(random: Generator, side: int) -> Layers:
    """Draw a garment, spread out and seen from above."""
    big = 2 * side  # drawn at double size, then reduced: soft edges
    draw = (_top, _top, _top, _trousers, _trousers, _skirt)[random.integers(6)]
    half = np.array(draw(random)) + random.normal(0, 0.008, (1, 2))
    outline = np.concatenate([half, half[::-1] * [-1, 1]])
    outline = outline + random.normal(0, 0.006, outline.shape)  # nothing lies quite symmetrically
    mask = np.zeros((big, big), np.uint8)
    points = (outline * 0.9 + [0.5, 0.05]) * big
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 255)
    mask = cv2.GaussianBlur(mask, (0, 0), big * random.uniform(0.002, 0.012))
    mask = ((mask > 127) * 255).astype(np.uint8)
    product = cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    colour = cloth(random, side) * _rounded(random, product)[..., None]
    nothing = np.zeros_like(product)
    colour = colour.clip(0, 1).astype(np.float32)
    return Layers(colour, product, product, nothing, np.ones_like(product))


def spread_ground(random: Generator, side: int) -> Array:
    """A floor or a wall (side, side, 3), often with a sheet on it whose border is seen."""
    ground = random_ground(random, side)
    if random.random() >= SPREAD:
        return ground
    corners = np.array([(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)])
    corners = (corners + random.uniform(-0.25, 0.1, (4, 2)) * np.sign(0.5 - corners)) * side
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [corners.round().astype(np.int32)], 255, cv2.LINE_AA)
    sheet = mask[..., None].astype(np.float32) / 255
    return (ground + sheet * (cloth(random, side) - ground)).clip(0, 1).astype(np.float32)


def _top(random: Generator) -> Points:
    """Right half of a shirt, a jumper or a dress, from the neck to the hem's middle."""
    shoulder, chest = random.uniform(0.16, 0.24), random.uniform(0.17, 0.25)
    reach, drop = random.uniform(0.0, 0.32), random.uniform(0.05, 0.5)
    cuff, hem = random.uniform(0.05, 0.11), random.uniform(0.65, 1.0)
    width = chest * (random.uniform(1.0, 2.0) if hem > 0.85 else random.uniform(0.9, 1.15))
    neck, cut = random.uniform(0.05, 0.11), random.uniform(0.0, 0.1)
    armpit = (chest, 0.12 + cuff + 0.3 * drop)
    sleeve = [(shoulder + reach, 0.06 + drop), (shoulder + reach - cuff, 0.06 + drop + cuff)]
    if reach < 0.04:  # no sleeves
        sleeve = []
    return [(0, cut), (neck, 0), (shoulder, 0.05), *sleeve, armpit, (width, hem), (0, hem)]


def _trousers(random: Generator) -> Points:
    """Right half of trousers or shorts, from the waist to the crotch."""
    waist, hip = random.uniform(0.13, 0.2), random.uniform(0.17, 0.24)
    end, gap = random.uniform(0.45, 1.0), random.uniform(0.01, 0.1)
    wide = random.uniform(0.08, 0.17)
    crotch = random.uniform(0.25, 0.36)
    return [(0, 0), (waist, 0), (hip, 0.2), (gap + wide, end), (gap, end), (0, crotch)]


def _skirt(random: Generator) -> Points:
    waist = random.uniform(0.12, 0.22)
    wide, end = waist * random.uniform(1.1, 2.2), random.uniform(0.4, 0.9)
    return [(0, 0), (waist, 0), (wide, end), (0, end + random.uniform(0, 0.04))]


def _rounded(random: Generator, product: Array) -> Array:
    """Darker towards the edge, as cloth that lies thick."""
    inside = cv2.distanceTransform((product > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    rim = np.exp(-inside / (len(product) * random.uniform(0.008, 0.03)))
    return 1 - random.uniform(0.0, 0.35) * rim
