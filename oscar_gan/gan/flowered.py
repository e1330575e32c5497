"""Flowers, leaves and other growth: functions of (maps, random) to states (h, w).

`maps.middles` and `maps.corners` are two sets of motifs, each with its own frame; where a set is
untidy, its motifs stray, turn and differ in size.
"""

import numpy as np
from numpy.random import Generator

from oscar_gan.inference.layout import Array, Maps, Motifs, triangle

from .woven import States, blank, part


def petals(motif: Motifs, count: int, reach: float, waist: float, power: float) -> Array:
    """Whether a position lies in a flower: (h, w) of booleans."""
    lobe = np.maximum(0.5 + 0.5 * motif.turned(count), 0) ** power
    return motif.r < reach * (waist + (1 - waist) * lobe)


def leaf(motif: Motifs, length: float, width: float, bend: float = 0.0) -> Array:
    """Whether a position lies in a leaf along the motif's axis: negative outside."""
    across = motif.q - bend * (1 - motif.p**2 / length**2)
    return width * (1 - (motif.p / length) ** 2) - np.abs(across)


def daisies(maps: Maps, random: Generator) -> States:
    count, reach = int(random.choice([5, 5, 6, 8])), random.uniform(0.65, 0.95)
    states = _undergrowth(maps, random)
    flower = petals(maps.middles, count, reach, random.uniform(0.3, 0.6), random.uniform(0.5, 1.2))
    states[flower] = 1
    states[maps.middles.r < reach * random.uniform(0.2, 0.32)] = 3
    return states


def rosettes(maps: Maps, random: Generator) -> States:
    count, reach = int(random.choice([4, 5, 6, 8])), random.uniform(0.7, 0.95)
    states = _undergrowth(maps, random)
    waist = random.uniform(0.55, 0.8)
    for layer, ink in enumerate(random.permutation([1, 2, 1])):
        sign = -1 if layer % 2 else 1
        lobe = 0.5 + 0.5 * sign * maps.middles.turned(count)
        outline = reach * (1 - 0.3 * layer) * (waist + (1 - waist) * lobe)
        states[maps.middles.r < outline] = 0 if layer == 1 and random.random() < 0.3 else ink
    states[maps.middles.r < 0.18 * reach] = 3
    return states


def outlined(maps: Maps, random: Generator) -> States:
    """Flowers drawn by their outlines, with a filled middle."""
    count, reach = int(random.choice([4, 5, 6])), random.uniform(0.75, 0.95)
    waist, power = random.uniform(0.4, 0.65), random.uniform(0.5, 1)
    states = _undergrowth(maps, random)
    states[petals(maps.middles, count, reach, waist, power)] = 1
    inner = reach - random.uniform(0.12, 0.2)
    states[petals(maps.middles, count, inner, waist, power)] = 2 if random.random() < 0.5 else 0
    states[maps.middles.r < random.uniform(0.14, 0.24)] = 3
    return states


def ditsy(maps: Maps, random: Generator) -> States:
    """Small flowers of two kinds, leaves between them."""
    states = blank(maps)
    blade = leaf(maps.corners, random.uniform(0.5, 0.8), random.uniform(0.15, 0.25))
    states[(blade > 0) & (maps.corners.what > -0.5)] = 2
    reach = random.uniform(0.5, 0.75)
    first, second = random.choice([4, 5, 6, 8], 2, replace=False)
    one = petals(maps.middles, int(first), reach, 0.4, 0.7)
    other = petals(maps.middles, int(second), 0.7 * reach, 0.5, 0.7)
    tall = maps.middles.what > 0.2
    states[one & tall] = 1
    states[other & ~tall] = 3
    states[(maps.middles.r < 0.25 * reach) & tall] = 3
    states[(maps.middles.r < 0.18 * reach) & ~tall] = 1
    return states


def foliage(maps: Maps, random: Generator) -> States:
    states, halved = blank(maps), random.random() < 0.4
    length, width = random.uniform(0.75, 0.98), random.uniform(0.26, 0.42)
    bend = random.uniform(-0.2, 0.2)
    rib = random.uniform(0.03, 0.07)
    second = int(random.choice([1, 2]))
    for motif, ink, part_of in ((maps.corners, second, 0.75), (maps.middles, 1, 1.0)):
        inside = leaf(motif, length * part_of, width * part_of, bend) > 0
        states[inside] = ink
        middle = motif.q - bend * (1 - (motif.p / length / part_of) ** 2)
        if halved:
            states[inside & (middle > 0)] = 3
        else:
            states[inside & (np.abs(middle) < rib)] = 0
    return states


def ferns(maps: Maps, random: Generator) -> States:
    states, count = blank(maps), random.uniform(2, 3.5)
    length, width = random.uniform(0.8, 1), random.uniform(0.3, 0.45)
    for motif, ink in ((maps.corners, int(random.choice([1, 2]))), (maps.middles, 1)):
        inside = leaf(motif, length, width) > 0
        leaflet = triangle(count * (motif.p - 0.8 * np.abs(motif.q))) > -0.35
        stem = (np.abs(motif.q) < 0.05) & (np.abs(motif.p) < length)
        states[(inside & leaflet) | stem] = ink
    return states


def sprigs(maps: Maps, random: Generator) -> States:
    """A stem with two leaves and a bud."""
    states, motif = blank(maps), maps.middles
    stem = (np.abs(motif.q) < 0.05) & (motif.p > -0.85) & (motif.p < 0.4)
    along, across = motif.p + 0.25, np.abs(motif.q)
    blades = np.abs(along - 0.8 * across) < random.uniform(0.12, 0.2) * (
        1 - np.square((across - 0.3) / 0.3)
    )
    states[stem | (blades & (across < 0.6))] = 2
    bud = np.hypot((motif.p - 0.5) / random.uniform(1, 1.4), motif.q) < random.uniform(0.2, 0.34)
    states[bud] = 1
    states[bud & (motif.p < 0.4)] = 3
    states[maps.corners.r < random.uniform(0.1, 0.3)] = int(random.choice([1, 3]))
    return states


def vines(maps: Maps, random: Generator) -> States:
    swing = random.uniform(0.06, 0.16)
    line = part(maps.u + 0.5 + swing * np.sin(2 * np.pi * maps.v)) - 0.5
    states = blank(maps)
    states[np.abs(line) < random.uniform(0.025, 0.05)] = 2
    blade = leaf(maps.corners, random.uniform(0.6, 0.85), random.uniform(0.2, 0.3))
    states[blade > 0] = 2
    flower = petals(maps.middles, int(random.choice([4, 5, 6])), 0.7, 0.45, 0.8)
    states[flower] = 1
    states[maps.middles.r < 0.2] = 3
    return states


def cut_outs(maps: Maps, random: Generator) -> States:
    """Large calm shapes, as if cut out of paper."""
    states, cut = blank(maps), random.uniform(0.3, 0.7)
    count = int(random.choice([1, 2, 3]))
    for field, ink in zip(maps.fields[:count], (1, 2, 3), strict=False):
        states[field > cut + 0.25 * ink] = ink
    if random.random() < 0.4:
        states[np.abs(maps.fields[0] + cut) < random.uniform(0.06, 0.15)] = 1
    return states


def camouflage(maps: Maps, random: Generator) -> States:
    states, cut = blank(maps), random.uniform(-0.1, 0.3)
    for field, ink in zip(maps.fields, (1, 2, 3), strict=True):
        states[field + 0.12 * maps.grain * (random.random() < 0.3) > cut + 0.35 * (ink - 1)] = ink
    return states


def leopard(maps: Maps, random: Generator) -> States:
    motif, states = maps.middles, blank(maps)
    radius = motif.r * (1 + 0.25 * maps.fields[0])
    outer, inner = random.uniform(0.62, 0.8), random.uniform(0.3, 0.45)
    gap = motif.turned(2) + 0.6 * maps.fields[1] > random.uniform(0.6, 1.1)
    states[radius < outer] = 1
    states[(radius < outer) & gap] = 0
    states[radius < inner] = 2
    states[maps.corners.r * (1 + 0.3 * maps.fields[2]) < random.uniform(0.15, 0.3)] = 1
    return states


def marble(maps: Maps, random: Generator) -> States:
    """Contours of a field: marble, zebra, wood."""
    level = random.uniform(0.5, 1.1) * maps.fields[0] + random.choice([0, 1]) * maps.u
    states = np.where(triangle(level) > random.uniform(-0.1, 0.5), 1, 0).astype(np.uint8)
    if random.random() < 0.4:
        states[triangle(level + 0.5) > random.uniform(0.7, 0.85)] = 2
    return states


def _undergrowth(maps: Maps, random: Generator) -> States:
    """What grows between flowers: leaves, buds or nothing."""
    states, choice = blank(maps), random.random()
    if choice < 0.45:
        blade = leaf(maps.corners, random.uniform(0.5, 0.8), random.uniform(0.16, 0.28))
        states[blade > 0] = 2
    elif choice < 0.75:
        states[maps.corners.r < random.uniform(0.12, 0.3)] = int(random.choice([2, 3]))
    return states
