"""Geometric prints: functions of (maps, random) to states (h, w).

`maps.middles` and `maps.corners` are two sets of motifs, each with its own frame; where a set is
untidy, its motifs stray, turn and differ in size.
"""

import numpy as np
from numpy.random import Generator

from oscar_gan.inference.layout import Array, Maps, triangle

from .inks import mixed
from .woven import States, banded, blank, part, sequence


def zigzag(maps: Maps, random: Generator) -> States:
    widths, inks = sequence(random, int(random.choice([2, 2, 3, 4])), 3)
    return banded(maps.v + random.uniform(0.3, 0.6) * triangle(maps.u), widths, inks)


def diamonds(maps: Maps, random: Generator) -> States:
    level = (np.abs(triangle(maps.u)) + np.abs(triangle(maps.v))) / 2
    return _stepped(level, random)


def squares(maps: Maps, random: Generator) -> States:
    level = np.maximum(np.abs(part(maps.u) - 0.5), np.abs(part(maps.v) - 0.5)) * 2
    return _stepped(level, random)


def ogees(maps: Maps, random: Generator) -> States:
    """Contours of few waves: ogees, clovers, tiles."""
    across, down = (np.cos(2 * np.pi * phase) for phase in (maps.u, maps.v))
    again = np.cos(4 * np.pi * maps.u) + np.cos(4 * np.pi * maps.v)
    level = (
        across + down + random.uniform(-1, 1) * across * down + random.uniform(-0.5, 0.5) * again
    )
    return _stepped(np.clip((level + 2) / 4, 0, 1), random)


def _stepped(level: Array, random: Generator) -> States:
    """Bands of inks over a level from 0 to 1."""
    count = int(random.integers(2, 6))
    widths, inks = sequence(random, count, int(random.choice([2, 3, 4])))
    edges = np.cumsum(widths)[:-1] / np.sum(widths)
    return np.asarray(inks, np.uint8)[np.searchsorted(edges, level)]


def triangles(maps: Maps, random: Generator) -> States:
    upper = part(maps.u) + part(maps.v) > 1
    states = upper.astype(np.uint8)
    if random.random() < 0.6:
        states[upper & (part(maps.u / 2) < 0.5)] = 2
        # Only where the lattice fits twice around would a half phase close.
        if (maps.layout.waves[0] % 2).any():
            states[states == 2] = 1
    if random.random() < 0.3:
        near = np.minimum(np.minimum(part(maps.u), part(maps.v)), 1 - part(maps.u))
        states[near < 0.06] = 3
    return states


def honeycomb(maps: Maps, random: Generator) -> States:
    rim, states = random.uniform(0.08, 0.25), blank(maps)
    states[maps.middles.edge > rim] = 1
    if random.random() < 0.6:
        states[maps.middles.edge > rim + random.uniform(0.15, 0.4)] = int(random.choice([0, 2]))
    if random.random() < 0.4:
        states[maps.middles.r < random.uniform(0.15, 0.3)] = 3
    return states


def blocks(maps: Maps, random: Generator) -> States:
    """Tumbling blocks: three faces by direction."""
    around = np.arctan2(maps.middles.q, maps.middles.p) / (2 * np.pi)
    face = np.floor(3 * part(around + random.choice([0, 0.5]))).astype(np.uint8) % 3
    return (
        face if random.random() < 0.7 else np.where(face == 2, mixed(0, 1), face).astype(np.uint8)
    )


def scallops(maps: Maps, random: Generator) -> States:
    states, done = blank(maps), np.zeros(maps.u.shape, bool)
    edges = np.sort(random.uniform(0.2, 0.9, int(random.integers(1, 4))))
    inks = np.array([*random.permutation([1, 0, 2])[: len(edges)], 0], np.uint8)
    rim = random.random() < 0.5
    row = 2 * maps.v
    for step in range(3):  # the nearest row lies on top
        middle = np.floor(row) + 1 - step
        across = part(maps.u + np.where(middle % 2, 0.5, 0.0)) - 0.5
        radius = np.hypot(across, (row - middle) / 2) * 2
        here = (radius < 1) & ~done & (row <= middle + 1)
        own = inks[np.searchsorted(edges, radius)]
        own = np.where(rim & (radius > 0.9), 1, own)
        states = np.where(here, own, states).astype(np.uint8)
        done |= here
    return states


def herringbone(maps: Maps, random: Generator) -> States:
    even = part(maps.u) < 0.5
    slant = np.where(even, part(2 * maps.u), -part(2 * maps.u))
    level = int(random.choice([2, 3, 4])) * maps.v + random.choice([1.0, 0.5, 2.0]) * slant
    return np.where(part(level) < random.uniform(0.4, 0.6), 1, 0).astype(np.uint8)


def basket(maps: Maps, random: Generator) -> States:
    even = (part(maps.u) < 0.5) ^ (part(maps.v) < 0.5)
    count = int(random.choice([2, 4, 6]))
    lines = [part(count * phase) < random.uniform(0.4, 0.65) for phase in (maps.u, maps.v)]
    second = int(random.choice([1, 2]))
    return np.where(even, lines[0] * 1, lines[1] * second).astype(np.uint8)


def stars(maps: Maps, random: Generator) -> States:
    count, reach = int(random.choice([4, 5, 6, 8])), random.uniform(0.7, 0.95)
    sharp = np.arccos(np.clip(maps.middles.turned(count), -1, 1)) / np.pi
    states = blank(maps)
    states[maps.middles.r < reach / (1 + random.uniform(0.8, 1.8) * sharp)] = 1
    if random.random() < 0.5:
        states[maps.corners.r < random.uniform(0.15, 0.3)] = 2
    return states


def terrazzo(maps: Maps, random: Generator) -> States:
    states, rim = blank(maps), random.uniform(0.1, 0.3)
    for motif, least in ((maps.middles, rim), (maps.corners, rim + 0.25)):
        chip = (motif.edge > least) & (states == 0) & (motif.which > -0.6)
        ink = np.array([1, 2, 3], np.uint8)[np.digitize(motif.what, [-0.2, 0.7])]
        states = np.where(chip, ink, states)
    return states


def memphis(maps: Maps, random: Generator) -> States:
    states = blank(maps)
    first = int(random.integers(3))
    for place, motif in enumerate((maps.corners, maps.middles)):
        shape = np.digitize(motif.what, [-0.43, 0.43])
        bar = (np.abs(motif.p) < 0.6) & (np.abs(motif.q) < 0.14)
        ring = np.abs(motif.r - 0.38) < 0.11
        wedge = (motif.p > -0.3) & (np.abs(motif.q) < 0.45 - 0.55 * (motif.p + 0.1))
        wedge &= motif.p < 0.6
        for number, mask in enumerate((bar, ring, wedge)):
            states[mask & (shape == number)] = (number + first + place) % 3 + 1
    return states
