"""Drawn figures: limbs, hands, hair and cloth as shaded parts behind and before a garment."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float32]
Mask = NDArray[np.uint8]
Point = tuple[float, float]

SKIN = np.array(
    [(0.97, 0.85, 0.77), (0.88, 0.69, 0.57), (0.74, 0.54, 0.41), (0.52, 0.35, 0.25)]
    + [(0.30, 0.20, 0.15)]
)
"""Skin from light to dark, sRGB; drawn from the line through them."""


class Figure:
    """Parts around a garment: what is drawn behind it and in front of it, in that order."""

    def __init__(self, random: Generator, side: int) -> None:
        self.random = random
        self.side = side
        self.skin = any_skin(random)
        self.behind: list[tuple[Mask, Array]] = []
        self.front: list[tuple[Mask, Array]] = []

    def line(self, points: list[Point], width: float, colour: Array, *, front=False) -> None:
        """A limb through points (x, y), `width` pixels wide."""
        mask = self._blank()
        corners = np.rint(points).astype(np.int32)
        cv2.polylines(mask, [corners], False, 255, max(2, round(width)), cv2.LINE_AA)
        self._add(mask, colour, front)

    def oval(self, centre: Point, axes: Point, colour: Array, *, angle=0.0, front=False) -> None:
        """An ellipse with half-axes (x, y), turned by degrees."""
        mask = self._blank()
        middle, radii = (tuple(int(round(v)) for v in pair) for pair in (centre, axes))
        cv2.ellipse(mask, middle, radii, angle, 0, 360, 255, -1, cv2.LINE_AA)
        self._add(mask, colour, front)

    def patch(self, corners: list[Point], colour: Array, *, front=False) -> None:
        """A polygon, its corners (x, y) slightly rounded."""
        mask = self._blank()
        cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 255, cv2.LINE_AA)
        self._add(cv2.GaussianBlur(mask, (0, 0), self.side / 150), colour, front)

    def hand(self, wrist: Point, towards: Point, size: float, *, front=False) -> None:
        """A palm at `wrist`, fingers pointing at `towards`."""
        direction = np.subtract(towards, wrist)
        direction = direction / max(np.linalg.norm(direction), 1e-6)
        palm = np.add(wrist, direction * size * 0.5)
        angle = float(np.degrees(np.arctan2(direction[1], direction[0])))
        self.oval(tuple(palm), (size * 0.6, size * 0.42), self.skin, angle=angle, front=front)
        across = np.array([-direction[1], direction[0]])
        spread = self.random.uniform(0.1, 0.22)
        for finger in (-1.5, -0.5, 0.5, 1.5):
            root = palm + direction * size * 0.4 + across * finger * size * 0.2
            tip = root + (direction + across * finger * spread) * size * 0.55
            self.line([tuple(root), tuple(tip)], size * 0.18, self.skin, front=front)

    def _blank(self) -> Mask:
        return np.zeros((self.side, self.side), np.uint8)

    def _add(self, mask: Mask, colour: Array, front: bool) -> None:
        (self.front if front else self.behind).append((mask, colour))


def any_skin(random: Generator) -> Array:
    """A colour (3,) on the line of skins, a little off it."""
    place = random.uniform(0, len(SKIN) - 1)
    ladder = np.arange(len(SKIN))
    tone = np.array([np.interp(place, ladder, channel) for channel in SKIN.T])
    return tone * np.exp(random.normal(0, 0.06, 3) + random.normal(0, 0.08))


def paint(random: Generator, picture: Array, mask: Mask, colour: Array) -> None:
    """Lay a part, a colour (3,) or cloth (side, side, 3), over the picture, in place.

    It is shaded as something round: darker towards its edges, lit from one side.
    """
    x, y, width, height = cv2.boundingRect(mask)
    if not width:
        return
    part = np.s_[y : y + height, x : x + width]
    depth = cv2.distanceTransform(np.pad(mask[part], 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    rim = random.uniform(0.6, 1)
    light = rim + (1 - rim) * np.sqrt(depth / max(depth.max(), 1))
    light = light * (1 + random.uniform(-0.2, 0.2) * np.linspace(-1, 1, width))
    alpha = mask[part][..., None] / np.float32(255)
    own = colour[part] if colour.ndim == 3 else colour
    shaded = (own * light[..., None]).astype(np.float32)
    picture[part] += (shaded - picture[part]) * alpha
