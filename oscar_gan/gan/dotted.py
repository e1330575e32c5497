"""Dots, rings and strokes: functions of (maps, random) to states (h, w).

`maps.middles` and `maps.corners` are two sets of motifs, each with its own frame; where a set is
untidy, its motifs stray, turn and differ in size.
"""

import numpy as np
from numpy.random import Generator

from oscar_gan.inference.layout import Maps

from .woven import States, blank


def polka(maps: Maps, random: Generator) -> States:
    states, size = blank(maps), random.uniform(0.3, 0.7)
    states[maps.middles.r < size] = 1
    if random.random() < 0.6:
        other = size if random.random() < 0.5 else random.uniform(0.2, 0.4)
        states[maps.corners.r < min(other, 0.7)] = 1 if random.random() < 0.5 else 2
    return states


def pin_dot(maps: Maps, random: Generator) -> States:
    states, size = blank(maps), random.uniform(0.14, 0.28)
    states[maps.middles.r < size] = 1
    states[maps.corners.r < size] = 1 if random.random() < 0.7 else 2
    return states


def rings(maps: Maps, random: Generator) -> States:
    reach, count = random.uniform(0.65, 0.92), int(random.integers(2, 5))
    inks = [int(ink) for ink in random.permutation([1, 2, 3])[: max(2, count - 1)]]
    states = blank(maps)
    for ring in range(count):
        hollow = 0 if random.random() < 0.4 else inks[(ring + 1) % len(inks)]
        states[maps.middles.r < reach * (1 - ring / count)] = inks[0] if ring % 2 == 0 else hollow
    if random.random() < 0.5:
        states[maps.corners.r < random.uniform(0.14, 0.3)] = 1
    return states


def spots(maps: Maps, random: Generator) -> States:
    wobble = 1 + random.uniform(0.1, 0.3) * maps.fields[0]
    states = blank(maps)
    states[maps.middles.r * wobble < random.uniform(0.35, 0.6)] = 1
    states[maps.corners.r * wobble < random.uniform(0.15, 0.35)] = int(random.choice([1, 2]))
    return states


def confetti(maps: Maps, random: Generator) -> States:
    size, inks = random.uniform(0.3, 0.55), np.array([1, 2, 3], np.uint8)
    states = blank(maps)
    for motif, reach in ((maps.middles, size), (maps.corners, size * random.uniform(0.5, 0.9))):
        ink = inks[np.digitize(motif.what, [-0.43, 0.43])]
        states = np.where(motif.r < reach, ink, states)
    return states


def haloed(maps: Maps, random: Generator) -> States:
    size, rim = random.uniform(0.35, 0.55), random.uniform(0.1, 0.22)
    states = blank(maps)
    states[maps.middles.r < size + rim] = 2
    states[maps.middles.r < size + 0.4 * rim * (random.random() < 0.5)] = 1
    if random.random() < 0.5:
        states[maps.middles.r < 0.35 * size] = 3
    return states


def strokes(maps: Maps, random: Generator) -> States:
    """Short brush strokes, like grains of rice."""
    length, width = random.uniform(0.4, 0.75), random.uniform(0.12, 0.24)
    states, two = blank(maps), random.random() < 0.5
    for motif, ink in ((maps.middles, 1), (maps.corners, 2 if two else 1)):
        beyond = np.maximum(np.abs(motif.p) - length, 0)
        states[np.hypot(beyond, motif.q) < width] = ink
    return states


def moons(maps: Maps, random: Generator) -> States:
    size, states = random.uniform(0.5, 0.85), blank(maps)
    disc = maps.middles.r < size
    states[disc] = 2 if random.random() < 0.6 else 0
    states[disc & (maps.middles.p > 0)] = 1
    states[maps.corners.r < random.uniform(0, 0.3)] = 3
    return states
