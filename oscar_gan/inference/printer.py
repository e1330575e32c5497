"""The printer: designs of prints, and the inks of their tiles, seamless at any size.

A design is a few numbers; the same ones give the same tile. Its draws come from NumPy's PCG64,
seeded by kind and seed, and "more like this" appends the seed of a small step away from them.
"""

from dataclasses import dataclass
from pathlib import Path
from reprlib import repr as brief

import numpy as np
from numpy.typing import NDArray

from oscar_gan.errors import OscarGanError

from .analyser import read_manifest
from .layout import KINDS, Array, Layout, Maps, draw_layout, grid, mood_of, stepped, turned
from .onnx import open_session
from .ways import offered, one_way

__all__ = ["KINDS", "Design", "InvalidDesign", "Printer", "check_design", "open_printer"]

SIDE = 256
"""Pixels per side at which the network decides."""
LEARNT = 128
"""Pixels per side of a tile at which it learnt how soft edges are."""
STYLE = 16
"""Normal draws of a design's style."""
MODES = 32
"""Remembered styles of each way, about one of which a design's own is drawn."""
INKS = (2, 4)
"""Fewest and most inks."""
SIDES = (16, 4096)
"""Smallest and largest side of a tile in pixels."""
LOWEST_CONTRAST = 0.1
SHARPER = 1.5
"""How much harder edges are than learnt, so that what is half decided is decided."""
DOUBLED_UP_TO = 512
STRIP = 128
"""Rows worked on at a time."""
MOST_STRAYS = 64
SEEDS = 2**63
"""Seeds are below this."""
PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
"""Inks of the mixed states, which follow the four pure ones."""
BOLD = 0.5
"""Share of the steps that take up another remembered style of the same way, too."""
TAG, STRAY = 4, 44
"""Which keep the draws of designs and of steps apart."""


class InvalidDesign(OscarGanError):
    """A design that asks for what there is not."""

    code = "invalid-design"


@dataclass(frozen=True, slots=True)
class Design:
    """What a print is made from."""

    kind: str
    seed: int = 0
    scale: float = 0.5
    """From 0, eight repeats across the tile, to 1, two."""
    contrast: float = 1.0
    """Share of ink where there is print, from 0.1 (tone on tone) to 1."""
    angle: float = 0.0
    """Degrees; the nearest direction in which the tile still closes is taken."""
    strays: tuple[int, ...] = ()
    """Seeds of small steps away from the first draws, one after the other."""


def check_design(design: Design) -> None:
    """Raise `InvalidDesign` for a design that no tile can be made of."""
    if design.kind not in KINDS:
        raise InvalidDesign(
            f"There is no kind of print {brief(design.kind)}; choose from: {', '.join(KINDS)}."
        )
    for name, value, (low, high) in (
        ("scale", design.scale, (0, 1)),
        ("contrast", design.contrast, (LOWEST_CONTRAST, 1)),
        ("angle", design.angle, (-360, 360)),
    ):
        if not low <= value <= high:
            raise InvalidDesign(f"The {name} is {brief(value)}; it must be from {low} to {high}.")
    if len(design.strays) > MOST_STRAYS:
        raise InvalidDesign(
            f"The design is {len(design.strays)} steps away from its seed; at most {MOST_STRAYS}"
            " are kept. Start again from another seed."
        )
    for seed in (design.seed, *design.strays):
        if not (isinstance(seed, int) and 0 <= seed < SEEDS):
            raise InvalidDesign(
                f"The seed is {brief(seed)}; it must be a whole number below 2^63."
            )


class Printer:
    """A registered printer; cheap to make, its session opens at the first call."""

    def __init__(self, path: Path, *, digest: str, device: str = "auto") -> None:
        self.path = path
        self.digest = digest
        self._device = device

    def weights(self, design: Design, *, side: int = 512, inks: int = 4) -> NDArray[np.uint8]:
        """Weights (side, side, inks) of the inks at each pixel, 255 together; ink 0 is the ground.

        The tile closes to the pixel at any side. With fewer than four inks the last ones are
        printed in that of the others which they touch least.
        """
        check_design(design)
        for name, value, (low, high) in (("side", side, SIDES), ("number of inks", inks, INKS)):
            if not low <= value <= high:
                raise InvalidDesign(f"The {name} is {value}; it must be from {low} to {high}.")
        shares = _shares(self.logits(*drawn(design)), side)
        for ink in range(3, inks - 1, -1):
            _give_up(shares, ink)
        shares[1:inks] *= np.float32(design.contrast)
        shares[0] = np.maximum(1 - shares[1:inks].sum(0), 0)
        return _levels(shares[:inks])

    def logits(self, layout: Layout, way: str, mode: int, style: Array) -> Array:
        """Logits (10, 256, 256) of the states: four inks, then even mixtures of two."""
        session = open_session(self.path, digest=self.digest, device=self._device)
        where = grid(SIDE)
        inputs = {
            "planes": Maps(layout, where, where).planes(),
            "noise": layout.noise,
            "way": one_way(way),
            "mood": np.array(mood_of(layout), np.float32),
            "mode": np.eye(MODES, dtype=np.float32)[mode],
            "style": style,
        }
        (logits,) = session.run(["logits"], {name: part[None] for name, part in inputs.items()})
        return logits[0]


def open_printer(*, device: str = "auto") -> Printer:
    """The shipped printer; cheap, nothing is loaded yet."""
    path, digest = read_manifest()["print"].files["printer"]
    return Printer(path, digest=digest, device=device)


def drawn(design: Design) -> tuple[Layout, str, int, Array]:
    """The layout, the way, the number of the remembered style and the draws (16,) about it."""
    random = np.random.default_rng([TAG, KINDS.index(design.kind), design.seed])
    choice, mode = random.random(), int(random.integers(MODES))
    style = random.standard_normal(STYLE, np.float32)
    layout = draw_layout(random, design.kind, scale=design.scale, angle=design.angle)
    ways = offered(design.kind, layout)
    for stray in design.strays:
        random = np.random.default_rng([STRAY, stray])
        bold, other = random.random() < BOLD, int(random.integers(MODES))
        layout, style = stepped(layout, random), turned(style, random)
        mode = other if bold else mode
    return layout, ways[int(choice * len(ways))], mode, style


def _shares(logits: Array, side: int) -> Array:
    """Shares (4, side, side) of the inks from logits (10, 256, 256).

    Logits are enlarged smoothly and then decided sharply, as with a field of distances: edges are
    about a pixel wide at any size. Small tiles are drawn at twice their size, then reduced.
    """
    drawn_at = side if side > DOUBLED_UP_TO else max(2 * side, SIDE)
    enlarge = _cubic(drawn_at)
    weights = np.concatenate([np.eye(4), _mixtures()]).astype(np.float32)
    sharpness = np.float32(SHARPER * drawn_at / LEARNT)
    shares = np.empty((4, drawn_at, drawn_at), np.float32)
    across = logits @ enlarge.T
    for top in range(0, drawn_at, STRIP):  # in strips: ten states of a large tile are many bytes
        strip = enlarge[top : top + STRIP] @ across
        strip -= strip.max(0)
        np.exp(strip * sharpness, out=strip)
        strip /= strip.sum(0)
        shares[:, top : top + STRIP] = np.einsum("shw,sk->khw", strip, weights, optimize=True)
    return _reduced(shares, side) if side < drawn_at else shares


def _mixtures() -> Array:
    return np.array([[0.5 * (ink in pair) for ink in range(4)] for pair in PAIRS], np.float32)


def _cubic(side: int) -> Array:
    """(side, 256): cubic weights (Keys, a = −0.5) that read 256 pixels of a torus at `side`."""
    place = grid(side) * SIDE - 0.5
    low = np.floor(place).astype(np.int64)
    weights = np.zeros((side, SIDE), np.float32)
    lines = np.arange(side)
    for step in (-1, 0, 1, 2):
        x = np.abs(place - low - step)
        near = 1.5 * x**3 - 2.5 * x**2 + 1
        far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
        weights[lines, (low + step) % SIDE] = np.where(x <= 1, near, far)
    return weights


def _reduced(shares: Array, side: int) -> Array:
    """Means over the pixels of a smaller tile."""
    fine = shares.shape[1]
    edges = np.linspace(0, fine, side + 1)
    ends = np.minimum(np.arange(1, fine + 1), edges[1:, None])
    starts = np.maximum(np.arange(fine), edges[:-1, None])
    means = (np.clip(ends - starts, 0, None) * side / fine).astype(np.float32)
    return means @ shares @ means.T


def _give_up(shares: Array, ink: int) -> None:
    """Print the last of the inks in that of the others which it touches least."""
    import cv2

    around = cv2.blur(shares[ink], (5, 5))
    touched = [float((around * shares[other]).sum()) for other in range(ink)]
    shares[int(np.argmin(touched))] += shares[ink]
    shares[ink] = 0


def _levels(shares: Array) -> NDArray[np.uint8]:
    """Levels (h, w, inks) of shares (inks, h, w) that add up to 255 at each pixel."""
    inks, height, width = shares.shape
    levels = np.empty((height, width, inks), np.uint8)
    for top in range(0, height, STRIP):
        below = 0.0
        total = np.zeros((min(STRIP, height - top), width), np.float32)
        for ink in range(inks):
            total += 255 * shares[ink, top : top + STRIP]
            upto = np.rint(total) if ink < inks - 1 else 255.0
            levels[top : top + STRIP, :, ink] = upto - below
            below = upto
    return levels
