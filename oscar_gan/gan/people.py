"""Products in use: garments of real photos on drawn people or hangers, which are not product.

No photos of people may be trained on, so the figures are drawn: head with hair, neck, arms, hands
(some of them over the garment), legs, shoes and a second garment. They need not look real; they
teach that skin, hair and what else is worn are no part of the product.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .compositing import Labelled
from .figure import Figure, Point, paint
from .grounds import cloth

Array = NDArray[np.float32]

HUNG = 0.2
"""Share of the garments that are on a hanger instead."""
HAIR = np.array(
    [(0.08, 0.06, 0.05), (0.22, 0.14, 0.09), (0.42, 0.27, 0.15), (0.80, 0.63, 0.40)]
    + [(0.55, 0.22, 0.10), (0.65, 0.64, 0.62)]
)


class Garment(NamedTuple):
    """A garment laid on the canvas: arrays (side, side[, 3]) float32 in [0, 1]."""

    colour: Array
    """Premultiplied by `matte`."""
    matte: Array
    trust: Array
    keep: Array
    known: Array


def worn(
    random: Generator, photo: Array, labels: tuple[Array, Array, Array, Array], ground: Array
) -> Labelled:
    """Put a photo's garment on a drawn person or a hanger, on a ground (side, side, 3).

    `photo` (h, w, 3) and `labels`: matte, trust, keep, known, each (h, w) in [0, 1].
    """
    side = len(ground)
    canvas = 2 * side  # drawn at double size, then reduced: soft edges
    legs = has_legs(labels[0])
    garment = _lay(random, photo, labels, canvas, legs=legs)
    figure = Figure(random, canvas)
    if (garment.matte > 0.5).sum() > 0.01 * canvas**2:
        wearer = _dress_trousers if legs else _dress_top
        (_hang if random.random() < HUNG else wearer)(random, figure, garment.matte > 0.5)
    picture = cv2.resize(ground, (canvas, canvas), interpolation=cv2.INTER_LINEAR).copy()
    for mask, colour in figure.behind:
        paint(random, picture, mask, colour)
    picture = garment.colour + (1 - garment.matte[..., None]) * picture
    covered = np.zeros((canvas, canvas), np.float32)
    for mask, colour in figure.front:
        paint(random, picture, mask, colour)
        covered = np.maximum(covered, mask / np.float32(255))
    free = 1 - covered
    inside = garment.matte > 0.02
    layers = (
        picture,
        garment.matte * free,
        np.where(inside & (covered < 0.5), 0.8 * garment.trust, 1),
        garment.keep * free,
        np.where(inside & (covered < 0.5), garment.known * garment.trust, 1),
    )
    halved = [
        cv2.resize(layer.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
        for layer in layers
    ]
    return Labelled(halved[0].clip(0, 1), *halved[1:])


def has_legs(matte: Array) -> bool:
    """Whether one gap divides the lower half of a matte (h, w): trousers, shorts, no sleeves."""
    rows = np.flatnonzero((matte > 0.5).any(1))
    if len(rows) < 20:
        return False
    lower = matte[rows[len(rows) * 6 // 10] : rows[len(rows) * 9 // 10]] > 0.5
    begins = np.diff(lower.astype(np.int8), axis=1, prepend=0) > 0
    return bool((begins.sum(1) == 2).mean() > 0.6)


def _lay(
    random: Generator,
    photo: Array,
    labels: tuple[Array, Array, Array, Array],
    canvas: int,
    *,
    legs: bool,
) -> Garment:
    """Place a garment on the canvas; sleeves lying flat are let down along the body."""
    matte = labels[0]
    rows, columns = np.nonzero(matte > 0.5)
    if not len(rows):
        rows, columns = np.array([0, len(matte) - 1]), np.array([0, len(matte) - 1])
    top, height = rows.min(), np.ptp(rows) + 1
    low = columns[rows > top + 0.6 * height] if not legs else columns
    centre, half = np.median(low), max(8.0, np.ptp(low) / 2)
    tall = canvas * (random.uniform(0.5, 0.85) if legs else random.uniform(0.35, 0.75))
    stretch = tall / height
    squeeze = stretch * random.uniform(0.65, 0.95)  # a body is narrower than a flat garment
    x0 = canvas * (0.5 + random.normal(0, 0.06))
    y0 = canvas * (random.uniform(0.05, 0.25) if legs else random.uniform(0.18, 0.4))
    y, x = np.mgrid[0:canvas, 0:canvas].astype(np.float32)
    across = (x - x0) / squeeze
    drop = 0.0 if legs else random.uniform(0, 1.3)
    down = (y - y0) / stretch - drop * np.maximum(np.abs(across) - 0.9 * half, 0)
    source = (centre + across).astype(np.float32), (top + down).astype(np.float32)
    premultiplied = np.dstack([photo * matte[..., None], matte]).astype(np.float32)
    others = np.dstack(labels[1:]).astype(np.float32)
    first, second = (
        cv2.remap(layers, *source, cv2.INTER_LINEAR, borderValue=0)
        for layers in (premultiplied, others)
    )
    return Garment(first[..., :3], first[..., 3], *np.moveaxis(second, -1, 0))


def _dress_top(random: Generator, figure: Figure, garment: NDArray[np.bool_]) -> None:
    """Head, arms and legs for something worn on the upper body."""
    rows, columns = np.nonzero(garment)
    top, bottom = rows.min(), rows.max()
    body = columns[rows > top + 0.6 * (bottom - top)]
    centre, breadth = float(np.median(body)), max(12.0, float(np.ptp(body)))
    hem = [(centre - 0.42 * breadth, bottom - 6), (centre + 0.42 * breadth, bottom - 6)]
    _legs(random, figure, hem, breadth, second=_second_garment(random, figure.side))
    _head(random, figure, centre, float(top), breadth)
    for way, end in ((-1, columns.min()), (1, columns.max())):
        near = np.abs(columns - end) <= 0.04 * breadth
        sleeve = (float(columns[near].mean()), float(rows[near].mean()))
        hang = max(bottom, sleeve[1] + 0.3 * breadth)
        _arm(random, figure, way, sleeve, (centre, float(hang)), breadth)


def _dress_trousers(random: Generator, figure: Figure, garment: NDArray[np.bool_]) -> None:
    """Feet, a second garment above the waist, and arms for something worn on the legs."""
    rows, columns = np.nonzero(garment)
    top, bottom = rows.min(), rows.max()
    waist = columns[rows < top + 0.08 * (bottom - top) + 2]
    centre, breadth = float(np.median(waist)), max(12.0, float(np.ptp(waist)))
    shoes = random.uniform(0.02, 0.9, 3) if random.random() < 0.7 else figure.skin
    for half in (columns < centre, columns >= centre):
        if half.any():
            foot = rows[half].max()
            x = float(columns[half & (rows > foot - 6)].mean())
            ankle = foot + random.uniform(0.05, 0.5) * breadth
            figure.line([(x, foot - 8), (x, ankle)], 0.2 * breadth, figure.skin)
            figure.oval((x, ankle), (0.2 * breadth, 0.12 * breadth), shoes)
    shoulder = top - random.uniform(0.9, 1.3) * breadth
    worn_above = figure.skin if random.random() < 0.3 else _second_garment(random, figure.side)
    over = random.random() < 0.5
    hem = top + breadth * (random.uniform(0, 0.3) if over else 0.1)
    wide = breadth * random.uniform(0.5, 0.65)
    corners = [(centre - wide, shoulder), (centre + wide, shoulder)]
    corners += [(centre + 0.52 * breadth, hem), (centre - 0.52 * breadth, hem)]
    figure.patch(corners, worn_above, front=over)
    for way in (-1, 1):
        elbow = (centre + way * random.uniform(0.7, 0.95) * breadth, top - 0.3 * breadth)
        wrist = (centre + way * random.uniform(0.4, 0.85) * breadth, top + 0.3 * breadth)
        front = random.random() < 0.4
        path = [(centre + way * wide, shoulder), elbow, wrist]
        figure.line(path, 0.2 * breadth, figure.skin, front=front)
        figure.hand(wrist, (wrist[0], wrist[1] + 9), 0.25 * breadth, front=front)
    _head(random, figure, centre, shoulder, breadth)


def _hang(random: Generator, figure: Figure, garment: NDArray[np.bool_]) -> None:
    """A hanger behind the garment: hook and shoulders of wood, wire or plastic."""
    rows, columns = np.nonzero(garment)
    top = rows.min()
    upper = columns[rows < top + 0.3 * (rows.max() - top) + 2]
    centre, breadth = float(np.median(upper)), max(12.0, float(np.ptp(upper)))
    colour = (random.uniform(0.03, 0.95) * np.ones(3), np.array([0.6, 0.42, 0.26]))[
        random.integers(2)
    ]
    thick = breadth * random.uniform(0.015, 0.07)
    peak = (centre, top - random.uniform(-0.05, 0.15) * breadth)
    reach, fall = random.uniform(0.3, 0.5) * breadth, random.uniform(0.1, 0.25) * breadth
    ends = [(centre + way * reach, peak[1] + fall) for way in (-1, 1)]
    figure.line([ends[0], peak, ends[1]], thick, colour)
    figure.line(ends, 0.6 * thick, colour)
    hook = 0.09 * breadth
    turn = np.linspace(0, 1.3 * np.pi, 9)
    above = peak[1] - 3 * hook
    bow = [(centre + hook * np.sin(t), above - hook * np.cos(t)) for t in np.pi - turn[::-1]]
    metal = np.full(3, random.uniform(0.2, 0.8))
    figure.line([*bow, (centre, above + hook), peak], max(2.0, 0.02 * breadth), metal)


def _head(random: Generator, figure: Figure, x: float, top: float, breadth: float) -> None:
    """Neck, face and hair above a neckline at `top`."""
    tall = breadth * random.uniform(0.26, 0.36)
    wide = tall * random.uniform(0.68, 0.8)
    x, y = x + random.normal(0, 0.04) * breadth, top - 0.8 * tall
    hair = HAIR[random.integers(len(HAIR))] * random.uniform(0.7, 1.2)
    long = random.random() < 0.5
    if long:
        figure.oval((x, y + 0.5 * tall), (wide * 1.25, tall * 1.5), hair)
    figure.line([(x, y), (x, top + 0.3 * tall)], wide * random.uniform(0.9, 1.2), figure.skin)
    opening = random.uniform(0.1, 1.2) * tall  # seen through the neckline
    figure.oval((x, top + 0.1 * tall), (wide * 0.9, opening), figure.skin)
    figure.oval((x, y), (wide, tall), figure.skin)
    figure.oval((x, y - 0.55 * tall), (wide * 1.05, tall * 0.55), hair)
    for way in (-1, 1):
        eye = (x + way * 0.38 * wide, y - 0.05 * tall)
        figure.oval(eye, (0.14 * wide, 0.06 * tall), figure.skin * 0.25)
        if long and random.random() < 0.5:
            lock = [(x + way * wide, y - 0.3 * tall), (x + way * wide, top + tall)]
            figure.line(lock, 0.4 * wide, hair, front=True)
    mouth = np.array([0.65, 0.3, 0.3]) * figure.skin
    figure.oval((x, y + 0.5 * tall), (0.3 * wide, 0.08 * tall), mouth)


def _arm(
    random: Generator,
    figure: Figure,
    way: int,
    sleeve: Point,
    hip: Point,
    breadth: float,
) -> None:
    """From a sleeve's end: hanging, or bent with the hand on the garment."""
    thick = breadth * random.uniform(0.13, 0.2)
    inner = (sleeve[0] - way * 0.2 * breadth, sleeve[1] - 0.1 * breadth)
    bent = random.random() < 0.4
    reach = random.uniform(0.1, 0.9) * breadth
    elbow = (sleeve[0] + way * random.uniform(-0.1, 0.25) * breadth, sleeve[1] + 0.7 * reach)
    if bent:
        goal = (hip[0] + way * random.uniform(0, 0.4) * breadth,)
        goal += (random.uniform(sleeve[1], hip[1]),)
    else:
        goal = (elbow[0] - way * random.uniform(0, 0.25) * breadth, elbow[1] + reach)
    figure.line([inner, sleeve, elbow], thick, figure.skin)
    front = bent and random.random() < 0.8
    figure.line([elbow, goal], 0.85 * thick, figure.skin, front=front)
    ahead = tuple(np.add(goal, np.subtract(goal, elbow)))
    figure.hand(goal, ahead, 1.35 * thick, front=front)


def _legs(
    random: Generator, figure: Figure, hem: list[Point], breadth: float, *, second: Array
) -> None:
    """Trousers, a skirt or shorts below a hem, from its left and right end (x, y)."""
    (left, y), (right, _) = hem
    middle, end = (left + right) / 2, y + breadth * random.uniform(0.3, 3)
    if random.random() < 0.6:
        figure.patch([(left, y - 9), (right, y - 9), (right, end), (left, end)], second)
        figure.line([(middle, y + 0.3 * breadth), (middle, end)], 2, second * 0.4)
    else:
        for x in ((left + middle) / 2, (middle + right) / 2):
            figure.line([(x, y), (x, y + 4 * breadth)], 0.36 * breadth, figure.skin)
        end = y + breadth * random.uniform(0.1, 0.5)
        figure.patch([(left, y - 9), (right, y - 9), (right, end), (left, end)], second)


def _second_garment(random: Generator, side: int) -> Array:
    """Cloth (side, side, 3), often dark."""
    texture = cloth(random, side)
    return texture * (random.uniform(0.1, 0.4) if random.random() < 0.4 else 1)
