"""Where a print's motifs lie: waves that fit the tile, one frame per motif, noise that tiles.

All of it is a function of position on a torus, so that a print is seamless at any size, and none
of it depends on the size in pixels: a tile may be looked at through any grid of positions.
Positions are in tiles, from 0 to 1.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[np.float32]

KINDS = ("stripe", "check", "dot", "heather", "floral", "geometric")
COARSEST, FINEST = 2.0, 8.0
"""Repeats across a tile at scale 1 and at scale 0."""
NODES = 16
"""Nodes per side of the noise map; rolling it by one rolls the tile by a sixteenth."""
NOISES = 4
"""Channels of the noise map; the first `FIELDS` are seen as smooth fields, too."""
FIELDS = 3
FIBRE_NODES = 64
CELL_NOISES = 6
"""Normal draws per motif: place (2), turn, size, and two that say what it is."""
PETALS = (2, 3, 4, 5, 6, 8)
HARMONICS = (1, 2, 3)
MOODS = 4
STEP = 0.45
"""Radians that a step to a neighbouring design turns its draws by; π/2 would forget them."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Two wave vectors and the draws of all motifs and noises of one tile."""

    waves: NDArray[np.int64]
    """(2, 2): periods per tile, across and down, of either wave."""
    phase: Array
    """(2,): of either wave at the tile's corner, in periods."""
    jitter: float
    """How far motifs stray from their lattice, in cells."""
    turns: float
    """0: all motifs upright; 1: in any direction."""
    spread: float
    """Spread of the logarithm of the motifs' sizes."""
    cells: Array
    """(2, n, 6): normal draws of the motifs in the cells' middles, and of those at their corners.
    """
    noise: Array
    """(4, 16, 16): the noise map, standard normal."""
    fibres: Array
    """(2, 64, 64): fine noise, standard normal: one to be drawn out to fibres, one for grain."""

    @property
    def repeats(self) -> float:
        """Cells across a tile, in the mean of both directions."""
        return float(np.sqrt(abs(np.linalg.det(self.waves))))

    @property
    def angle(self) -> float:
        """Direction of the first wave, in radians."""
        return float(np.arctan2(self.waves[0, 1], self.waves[0, 0]))


def repeats_at(scale: float) -> float:
    """Repeats across a tile at a scale from 0 (fine) to 1 (large), before they are made whole."""
    return FINEST * (COARSEST / FINEST) ** scale


def scale_of(layout: Layout) -> float:
    """The scale, 0 to 1, that a layout really has."""
    return float(np.log(layout.repeats / FINEST) / np.log(COARSEST / FINEST))


def mood_of(layout: Layout) -> list[float]:
    """What the network is told of a layout's disorder and form: `MOODS` numbers about 0 to 1."""
    skew = float(layout.waves[0] @ layout.waves[1]) / layout.repeats**2
    return [4 * layout.jitter, layout.turns, 4 * layout.spread, skew]


def draw_layout(random: Generator, kind: str, *, scale: float, angle: float) -> Layout:
    """A layout that suits a kind; its waves are the nearest to scale and angle (degrees) that fit.

    What is drawn, and in which order, does not depend on scale and angle: one seed keeps its
    character while they change.
    """
    choice, tall, loose, fine = random.random(4)
    jitter, turns, spread = _disorder(kind, loose, random)
    phase = random.random(2).astype(np.float32)
    noise = random.standard_normal((NOISES, NODES, NODES), np.float32)
    fibres = random.standard_normal((2, FIBRE_NODES, FIBRE_NODES), np.float32)
    waves = _waves(kind, repeats_at(scale), np.deg2rad(angle), choice, tall)
    count = abs(round(float(np.linalg.det(waves))))
    cells = random.standard_normal((count, 2, CELL_NOISES), np.float32).transpose(1, 0, 2)
    return Layout(waves, phase, jitter, turns, spread, cells, noise, fibres)


def stepped(layout: Layout, random: Generator) -> Layout:
    """A neighbour: the same lattice, all draws turned a little towards new ones."""

    return replace(
        layout,
        noise=turned(layout.noise, random),
        fibres=turned(layout.fibres, random),
        cells=turned(layout.cells, random),
    )


def turned(draws: Array, random: Generator) -> Array:
    """Normal draws a step towards new ones; they stay standard normal."""
    fresh = random.standard_normal(draws.shape, np.float32)
    return np.float32(np.cos(STEP)) * draws + np.float32(np.sin(STEP)) * fresh


def rolled(layout: Layout, across: int, down: int) -> Layout:
    """The same tile, moved by nodes of the noise map, sixteenths of a tile."""
    fine = FIBRE_NODES // NODES
    moved = layout.waves @ np.array([across, down]) / NODES
    return replace(
        layout,
        phase=(layout.phase - moved).astype(np.float32),
        noise=np.roll(layout.noise, (down, across), (1, 2)),
        fibres=np.roll(layout.fibres, (fine * down, fine * across), (1, 2)),
    )


def _disorder(kind: str, loose: float, random: Generator) -> tuple[float, float, float]:
    """Jitter, turns and spread of sizes: gardens are untidy, geometry is not."""
    tidy = {"floral": 0.2, "dot": 0.55, "geometric": 0.75}.get(kind, 1.0)
    jitter, turned, sized = random.random(3)
    if loose < tidy:
        return 0.0, float(turned < 0.25), 0.0
    reach = 0.12 if kind == "dot" else 0.22
    return 0.1 + reach * jitter, float(turned < 0.85), 0.25 * sized


def _waves(
    kind: str, repeats: float, angle: float, choice: float, tall: float
) -> NDArray[np.int64]:
    """Two whole wave vectors: at right angles, hexagonal, or taller than wide."""
    first = repeats * np.array([np.cos(angle), np.sin(angle)])
    first = np.rint(first).astype(np.int64)
    if not first.any():
        first[0] = 1
    second = np.array([-first[1], first[0]])
    if kind in ("stripe", "check", "heather") or choice < 0.5:
        return np.stack([first, second])
    if choice < 0.8:  # hexagonal: sixty degrees in space, a hundred and twenty in frequency
        second = np.rint(-0.5 * first + np.sqrt(0.75) * second).astype(np.int64)
    else:
        second = np.rint(second * (0.5 if tall < 0.6 else 0.67)).astype(np.int64)
    waves = np.stack([first, second])
    if round(float(np.linalg.det(waves))) == 0:
        waves[1] = [-first[1], first[0]]
    return waves


class Motifs:
    """What is known at each position of the nearest of a set of motifs."""

    def __init__(self, layout: Layout, u: Array, v: Array, draws: Array) -> None:
        """`u` and `v` (h, w): phases, in cells, such that motifs lie around their halves."""
        row, column = np.floor(v - 0.5), np.floor(u - 0.5)
        to_plane = _to_plane(layout)
        nearest, second = (
            np.full(u.shape, np.inf, np.float32),
            np.full(u.shape, np.inf, np.float32),
        )
        x, y = np.zeros(u.shape, np.float32), np.zeros(u.shape, np.float32)
        index = np.zeros(u.shape, np.int64)
        for di, dj in ((0, 0), (0, 1), (1, 0), (1, 1)):
            which = _numbered(layout.waves, column + di, row + dj)
            stray = layout.jitter * np.tanh(draws[which, :2]) if layout.jitter else 0.0
            du, dv = u - column - di - 0.5, v - row - dj - 0.5
            if layout.jitter:
                du, dv = du - stray[..., 0], dv - stray[..., 1]
            px = to_plane[0, 0] * du + to_plane[0, 1] * dv
            py = to_plane[1, 0] * du + to_plane[1, 1] * dv
            distance = np.hypot(px, py)
            closer = distance < nearest
            second = np.minimum(second, np.where(closer, nearest, distance))
            nearest = np.where(closer, distance, nearest)
            x, y = np.where(closer, px, x), np.where(closer, py, y)
            index = np.where(closer, which, index)
        own = draws[index]
        turn = layout.turns * np.pi * own[..., 2]
        size = 2 * np.exp(-layout.spread * np.clip(own[..., 3], -2, 2))
        cos, sin = np.cos(turn), np.sin(turn)
        self.p = ((cos * x + sin * y) * size).astype(np.float32)
        """Across the motif, in its own frame: 1 is half a cell, where the next one begins."""
        self.q = ((cos * y - sin * x) * size).astype(np.float32)
        self.r = (nearest * size).astype(np.float32)
        self.edge = (second - nearest).astype(np.float32)
        """How much farther the next motif is, in cells: 0 on the border between them."""
        self.what, self.which = own[..., 4], own[..., 5]
        """Two normal draws that are the motif's own."""

    def turned(self, petals: int) -> Array:
        """Cosine of a multiple of the angle around the motif's middle, 1 on its own axis."""
        direction = (self.p + 1j * self.q) / np.maximum(self.r, 1e-6)
        return (direction**petals).real

    def planes(self) -> list[Array]:
        """What the network sees of it."""
        soft = np.minimum(1, 4 * self.r)  # no direction in the very middle
        around = [soft * self.turned(petals) for petals in PETALS]
        return [self.p, self.q, self.r, 2 * self.edge, self.what, self.which, *around]


class Maps:
    """A layout seen through a grid of positions: rows (h,) and columns (w,), in tiles."""

    def __init__(self, layout: Layout, rows: NDArray, columns: NDArray) -> None:
        (a, b), (c, d) = layout.waves
        self.layout = layout
        self.u = (a * columns + b * rows[:, None] + layout.phase[0]).astype(np.float32)
        """(h, w): phases of the first wave, in periods."""
        self.v = (c * columns + d * rows[:, None] + layout.phase[1]).astype(np.float32)
        self.middles = Motifs(layout, self.u, self.v, layout.cells[0])
        self.corners = Motifs(layout, self.u + 0.5, self.v + 0.5, layout.cells[1])
        smooth = _pass_band(layout.repeats)
        self.fields = _interpolated(layout.noise[:FIELDS], [smooth] * FIELDS, rows, columns)
        """(3, h, w): smooth noise of unit variance, its blots about as large as a cell."""
        bands = [_fibre_band(layout), _grain_band()]
        self.fibre, self.grain = _interpolated(layout.fibres, bands, rows, columns)
        """(h, w) each: fine noise, drawn out along the first wave's crests, and without direction.
        """

    def planes(self) -> Array:
        """All that the network sees of each position, (PLANES, h, w)."""
        turns = [2 * np.pi * phase for phase in (self.u, self.v)]
        planes = [wave(n * turn) for turn in turns for n in HARMONICS for wave in (np.cos, np.sin)]
        for phase in (self.u, self.v, self.u + self.v, self.u - self.v):
            planes += [triangle(phase), triangle(phase + 0.25)]
        planes += [*self.middles.planes(), *self.corners.planes()]
        planes += [*self.fields, self.fibre, self.grain]
        return np.stack(planes).astype(np.float32)


ACROSS, DOWN = 0, 2 * len(HARMONICS)
"""Places among the planes of the cosine and sine of either wave."""
MIDDLES = 4 * len(HARMONICS) + 8
"""Place of the motifs in the middles of cells: across, down, distance and so on."""
CORNERS = MIDDLES + 6 + len(PETALS)
PLANES = CORNERS + 6 + len(PETALS) + FIELDS + 2


def triangle(phase: Array) -> Array:
    """1 at whole phases, −1 at halves, straight in between."""
    return np.abs(4 * (phase - np.floor(phase)) - 2) - 1


def grid(side: int, first: int = 0, count: int | None = None) -> NDArray[np.float64]:
    """Middles of `count` pixels from the `first` on, of a tile of `side` pixels, in tiles."""
    return (np.arange(first, first + (side if count is None else count)) + 0.5) / side


def _to_plane(layout: Layout) -> NDArray[np.float64]:
    """From phases to the plane, in cells, the first wave running to the right."""
    plane = np.linalg.inv(layout.waves.astype(float)) * layout.repeats
    cos, sin = np.cos(layout.angle), np.sin(layout.angle)
    return np.array([[cos, sin], [-sin, cos]]) @ plane


def _numbered(waves: NDArray[np.int64], columns: NDArray, rows: NDArray) -> NDArray[np.int64]:
    """Number of the cell, from 0: cells that are one on the torus have one number."""
    # Going once around the tile moves by a column of `waves`. Hermite's normal form of these two
    # steps says which cells meet again.
    (right, down), (other, height) = waves.T.tolist()
    while other:
        times = right // other
        right, down, other, height = other, height, right - times * other, down - times * height
    right, down, height = (right, down, abs(height)) if right > 0 else (-right, -down, abs(height))
    columns, rows = columns.astype(np.int64), rows.astype(np.int64)
    around = columns // right
    return (columns - around * right) * height + (rows - around * down) % height


def _interpolated(
    noise: Array, bands: list[NDArray[np.float64]], rows: NDArray, columns: NDArray
) -> Array:
    """White noise on nodes (c, n, n) as smooth periodic fields, spectra weighted by bands (n, n).

    They have unit variance on average over designs.
    """
    nodes = noise.shape[-1]
    scale = [1 / (np.sqrt(np.square(band).mean()) * nodes**2) for band in bands]
    spectrum = np.fft.fft2(noise) * bands * np.array(scale)[:, None, None]
    middle = nodes // 2
    spectrum[:, middle], spectrum[:, :, middle] = 0, 0  # which way it turns is not known
    waves = np.fft.fftfreq(nodes, 1 / nodes)
    down, across = (np.exp(2j * np.pi * np.outer(where, waves)) for where in (rows, columns))
    return (down @ spectrum @ across.T).real.astype(np.float32)


def _frequencies(nodes: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    waves = np.fft.fftfreq(nodes, 1 / nodes)
    return waves[:, None], waves[None]


def _pass_band(repeats: float) -> NDArray[np.float64]:
    down, across = _frequencies(NODES)
    return np.exp(-np.square(np.hypot(down, across) / min(0.8 * repeats, 6)))


def _fibre_band(layout: Layout) -> NDArray[np.float64]:
    down, across = _frequencies(FIBRE_NODES)
    cos, sin = np.cos(layout.angle), np.sin(layout.angle)
    along, over = cos * down - sin * across, cos * across + sin * down
    fine = 12 + 1.6 * layout.repeats
    along, over = along / (0.22 * fine), (np.abs(over) - fine) / (0.5 * fine)
    return np.exp(-np.square(along) - np.square(over))


@cache
def _grain_band() -> NDArray[np.float64]:
    down, across = _frequencies(FIBRE_NODES)
    return np.exp(-np.square((np.hypot(down, across) - 18) / 8))
