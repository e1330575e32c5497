"""Stripes, checks and heathers as weavers know them: functions of (maps, random) to states (h, w).

Ink 0 is the ground. Phases `u` and `v` run across the first and the second wave, one repeat each.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from oscar_gan.inference.layout import Array, Maps, triangle

from .inks import MIXTURE, mixed

States = NDArray[np.uint8]


def blank(maps: Maps) -> States:
    """Nothing but ground."""
    return np.zeros(maps.u.shape, np.uint8)


def part(phase: Array) -> Array:
    """Position within a repeat, from 0 to 1."""
    return phase - np.floor(phase)


def banded(phase: Array, widths: Sequence[float], inks: Sequence[int]) -> States:
    """Bands of inks, one after the other, of these widths; they fill a repeat."""
    edges = np.cumsum(widths)[:-1] / np.sum(widths)
    return np.asarray(inks, np.uint8)[np.searchsorted(edges, part(phase))]


def sequence(random: Generator, bands: int, inks: int) -> tuple[list[float], list[int]]:
    """Widths and inks of bands: broad ground, narrow accents, no ink beside itself."""
    chosen, widths = [], []
    for place in range(bands):
        others = [ink for ink in range(inks) if not chosen or ink != chosen[-1]]
        if place == bands - 1 and len(others) > 1 and chosen[0] in others:
            others.remove(chosen[0])
        chosen.append(int(random.choice(others)))
        broad = random.random() < (0.65 if chosen[-1] in (0, 1) else 0.25)
        widths.append(random.uniform(0.6, 1.6) if broad else random.uniform(0.14, 0.35))
    if 0 not in chosen:
        chosen[int(np.argmax(widths))] = 0
    return widths, chosen


def mirrored(widths: list[float], inks: list[int]) -> tuple[list[float], list[int]]:
    """The same there and back, as in a tartan's sett."""
    return widths + widths[-2:0:-1], inks + inks[-2:0:-1]


def pinstripe(maps: Maps, random: Generator) -> States:
    lines = int(random.choice([1, 1, 2, 3]))
    width, gap = random.uniform(0.06, 0.13), random.uniform(0.08, 0.14)
    phase, states = part(maps.u), np.zeros(maps.u.shape, np.uint8)
    for line in range(lines):
        middle = 0.5 + (line - (lines - 1) / 2) * (width + gap)
        ink = 2 if lines == 3 and line == 1 and random.random() < 0.6 else 1
        states[np.abs(phase - middle) < width / 2] = ink
    return states


def awning(maps: Maps, random: Generator) -> States:
    share = random.uniform(0.35, 0.55)
    widths, inks = [1 - share, share], [0, 1]
    if random.random() < 0.4:  # edged
        edge = random.uniform(0.05, 0.1)
        return banded(maps.u, [1 - share - 2 * edge, edge, share, edge], [0, 2, 1, 2])
    return banded(maps.u, widths, inks)


def bands(maps: Maps, random: Generator) -> States:
    widths, inks = sequence(random, int(random.integers(3, 7)), int(random.choice([3, 4])))
    if random.random() < 0.5:
        widths, inks = mirrored(widths, inks)
    return banded(maps.u, widths, inks)


def graded(maps: Maps, random: Generator) -> States:
    count = int(random.integers(3, 6))
    shares = np.linspace(random.uniform(0.1, 0.2), random.uniform(0.6, 0.85), count)
    widths = np.stack([1 - shares, shares], 1).ravel()
    return banded(maps.u, widths, [0, 1] * count)


def breton(maps: Maps, random: Generator) -> States:
    stripe, accent = random.uniform(0.2, 0.32), random.uniform(0.06, 0.1)
    if random.random() < 0.5:
        return banded(maps.u, [1 - stripe, stripe], [0, 1])
    gap = random.uniform(0.06, 0.12)
    rest = 1 - stripe - 2 * accent - 2 * gap
    return banded(maps.u, [rest, accent, gap, stripe, gap, accent], [0, 2, 0, 1, 0, 2])


def waved(maps: Maps, random: Generator) -> States:
    swing = random.uniform(0.08, 0.25)
    if random.random() < 0.6:
        phase = maps.u + swing * np.sin(2 * np.pi * maps.v)
    else:
        phase = maps.u + swing * triangle(maps.v)
    widths, inks = sequence(random, int(random.choice([2, 3, 4])), 3)
    return banded(phase, widths, inks)


def brushed(maps: Maps, random: Generator) -> States:
    phase = maps.u + random.uniform(0.04, 0.1) * maps.fields[0] + 0.02 * maps.grain
    share = random.uniform(0.3, 0.55)
    states = banded(phase, [1 - share, share], [0, 1])
    if random.random() < 0.5:
        line = np.abs(part(phase) - (1 - share) / 2) < random.uniform(0.03, 0.06)
        states[line] = 2
    return states


def gingham(maps: Maps, random: Generator) -> States:
    share = random.uniform(0.42, 0.58)
    across, down = part(maps.u) < share, part(maps.v) < share
    second = 2 if random.random() < 0.3 else 1
    return MIXTURE[np.where(across, 1, 0), np.where(down, second, 0)]


def tartan(maps: Maps, random: Generator) -> States:
    sett = mirrored(*sequence(random, int(random.integers(3, 6)), int(random.choice([3, 4, 4]))))
    return MIXTURE[banded(maps.u, *sett), banded(maps.v, *sett)]


def windowpane(maps: Maps, random: Generator) -> States:
    width = random.uniform(0.05, 0.12)
    states = np.zeros(maps.u.shape, np.uint8)
    for phase in (maps.u, maps.v):
        states[np.abs(part(phase) - 0.5) < width / 2] = 1
    if random.random() < 0.6:  # tattersall: a second colour in between
        for phase in (maps.u, maps.v):
            states[np.abs(part(phase + 0.5) - 0.5) < width / 2] = 2
    return states


def houndstooth(maps: Maps, random: Generator) -> States:
    across, down = part(maps.u) < 0.5, part(maps.v) < 0.5
    slant = part(int(random.choice([2, 2, 3, 4])) * (maps.u + maps.v)) < 0.5
    return np.where(across == down, across, slant).astype(np.uint8)


def chequered(maps: Maps, random: Generator) -> States:
    across, down = part(maps.u) < 0.5, part(maps.v) < 0.5
    states = (across ^ down).astype(np.uint8)
    if random.random() < 0.5:
        states[across & down] = 2
    return states


def argyle(maps: Maps, random: Generator) -> States:
    one, other = triangle(maps.u) + triangle(maps.v), triangle(maps.u) - triangle(maps.v)
    states = ((one > 0) ^ (other > 0)).astype(np.uint8)
    if random.random() < 0.5:
        states[(one > 0) & (other > 0)] = 2
    width = random.uniform(0.06, 0.12)
    for line in (part(maps.u + maps.v), part(maps.u - maps.v)):
        states[np.abs(line - 0.5) < width / 2] = 3
    return states


def grille(maps: Maps, random: Generator) -> States:
    """Overlapping transparent bands, some broad, some narrow."""
    first = sequence(random, int(random.integers(2, 5)), 3)
    second = sequence(random, int(random.integers(2, 5)), 3)
    return MIXTURE[banded(maps.u, *first), banded(maps.v, *second)]


def melange(maps: Maps, random: Generator) -> States:
    level = maps.fibre + 0.35 * maps.grain + random.uniform(0, 0.5) * maps.fields[0]
    low = random.uniform(0.1, 0.7)
    states = np.where(level > low, mixed(0, 1), 0).astype(np.uint8)
    states[level > low + random.uniform(0.4, 0.9)] = 1
    if random.random() < 0.5:
        states[level < -random.uniform(0.9, 1.5)] = 2
    return states


def marl(maps: Maps, random: Generator) -> States:
    wave = np.cos(2 * np.pi * maps.u)
    level = maps.fibre + random.uniform(0.4, 1.2) * wave
    cut = random.uniform(0, 0.5)
    states = np.where(level > cut, 1, 0).astype(np.uint8)
    states[np.abs(level - cut) < random.uniform(0.1, 0.35)] = mixed(0, 1)
    return states


def tweed(maps: Maps, random: Generator) -> States:
    states = np.where(maps.fibre > random.uniform(-0.1, 0.4), 1, 0).astype(np.uint8)
    states[maps.fibre > random.uniform(1.0, 1.4)] = mixed(0, 1)
    states[maps.grain > random.uniform(1.5, 1.9)] = 3
    states[maps.grain < -random.uniform(1.6, 2)] = 2
    return states


def speckled(maps: Maps, random: Generator) -> States:
    states = np.zeros(maps.u.shape, np.uint8)
    level = maps.grain + random.uniform(0, 0.5) * maps.fields[0]
    states[level > random.uniform(0.9, 1.5)] = 1
    if random.random() < 0.6:
        states[level < -random.uniform(1.3, 1.8)] = 2
    return states


def slub(maps: Maps, random: Generator) -> States:
    level = maps.fibre * (0.6 + 0.5 * np.abs(maps.fields[1]))
    states = np.where(level > random.uniform(0.5, 0.9), 1, 0).astype(np.uint8)
    states[level < -random.uniform(0.7, 1.1)] = mixed(0, 2) if random.random() < 0.5 else 2
    return states
