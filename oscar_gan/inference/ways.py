"""Ways to print: the names of what the printer knows to draw, by kind, and where each fits.

Inventions of these names teach it (`oscar_gan.gan.woven` and `printed`); a design's seed
chooses among them. A name that stands twice is chosen twice as often.
"""

import numpy as np
from numpy.typing import NDArray

from .layout import KINDS, Layout

STRIPES = ("pinstripe", "awning", "bands", "bands", "graded", "breton", "waved", "brushed")
CHECKS = (
    "gingham", "gingham", "tartan", "tartan", "windowpane", "houndstooth", "chequered", "argyle",
    "grille",
)  # fmt: skip
DOTS = (
    "polka", "polka", "pin_dot", "rings", "spots", "confetti", "haloed", "strokes", "moons",
)  # fmt: skip
HEATHERS = ("melange", "melange", "marl", "tweed", "speckled", "slub")
FLOWERS = (
    "daisies", "daisies", "rosettes", "rosettes", "outlined", "ditsy", "ditsy", "foliage",
    "foliage", "ferns", "sprigs",
)  # fmt: skip
ORGANIC = ("cut_outs", "camouflage", "marble", "leopard")
CLIMBING = ("vines",)
"""Only where motifs keep to their lattice."""
GEOMETRY = (
    "zigzag", "zigzag", "diamonds", "squares", "ogees", "ogees", "triangles", "honeycomb",
    "blocks", "scallops", "herringbone", "basket", "stars",
)  # fmt: skip
SHARDS = ("terrazzo", "memphis")
"""Only where motifs stray."""

WITHHELD = (
    "tartan", "grille", "marble", "diamonds", "scallops", "herringbone", "basket",
)  # fmt: skip
"""Taught, but not drawn well enough to be sold: no design chooses them."""

_BY_KIND = {
    "stripe": STRIPES,
    "check": CHECKS,
    "dot": DOTS,
    "heather": HEATHERS,
    "floral": FLOWERS + ORGANIC + CLIMBING,
    "geometric": GEOMETRY + SHARDS,
}
WAYS = tuple(dict.fromkeys(name for kind in KINDS for name in _BY_KIND[kind]))
"""All names, each once, kind after kind."""
KIND_OF = np.array([[name in _BY_KIND[kind] for kind in KINDS] for name in WAYS], np.float32)
"""(WAYS, KINDS): 1 where a way is of a kind."""


def fitting(kind: str, layout: Layout) -> tuple[str, ...]:
    """Ways of a kind that suit a layout: what has to meet at edges wants a tidy one."""
    if kind == "floral":
        upright = not layout.turns and not layout.jitter
        return FLOWERS + ORGANIC + (CLIMBING if upright else ())
    if kind == "geometric":
        return SHARDS if layout.jitter else GEOMETRY
    return _BY_KIND[kind]


def offered(kind: str, layout: Layout) -> tuple[str, ...]:
    """Those of the fitting ways that are good enough to be sold."""
    return tuple(way for way in fitting(kind, layout) if way not in WITHHELD)


def one_way(name: str) -> NDArray[np.float32]:
    """(WAYS,): the share of each way in a print of one."""
    return np.eye(len(WAYS), dtype=np.float32)[WAYS.index(name)]
