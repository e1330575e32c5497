"""Lay a tile on a product: how large, how turned, where; and what ink each pixel gets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidLook
from .drape import Drape
from .fields import Field
from .sampling import ACROSS
from .tiles import Tile

SCALE = (0.02, 2.0)
"""Smallest and largest width of a tile, as a share of the product's width."""
ROTATION = (-360.0, 360.0)
DENSITY = 2
"""Pixels of the resampled tile to one of the photo: dense enough to be read linearly."""
MAX_RESAMPLED = 2048
"""Longest side in pixels of a resampled tile."""
MAX_SHARPENED = 4.0
"""How far borders that are enlarged are steepened, at most."""
TOGETHER = 4
"""Inks that OpenCV reads at once."""
SOFT = 230
"""Weight below which, for all inks, a pixel of a tile is a border, or part of a soft print."""
SOFT_SHARE = (0.25, 0.5)
"""Share of such pixels from which a print counts as soft in part, and wholly."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a tile lies on a product; raises InvalidLook for what is out of its limits."""

    scale: float = 0.25
    """The tile's width as a share of the product's width, 0.02 to 2."""
    rotation: float = 0.0
    """Degrees, clockwise."""
    x: float = 0.0
    y: float = 0.0
    """How far it is moved right and down, in tiles, 0 to 1; at 0 one tile is in the middle."""
    drape: float = 0.5
    """How far the print follows the folds, 0 (lies flat) to 1."""

    def __post_init__(self) -> None:
        _check("scale", self.scale, *SCALE, "the tile's width as a share of the product's width")
        _check("rotation", self.rotation, *ROTATION, "degrees")
        for name in ("x", "y"):
            _check(name, getattr(self, name), 0.0, 1.0, "an offset in tiles")
        _check("drape", self.drape, 0.0, 1.0, "how far the print follows the folds")


def scale_for(tile_cm: float, product_cm: float) -> float:
    """Scale of a placement at which a tile is `tile_cm` wide on a product of `product_cm`."""
    for name, value in (("tile", tile_cm), ("product", product_cm)):
        if not 0 < value < 100_000:
            raise InvalidLook(
                f"The {name}'s width of {value:g} cm is impossible. Give a width above 0."
            )
    scale = tile_cm / product_cm
    if not SCALE[0] <= scale <= SCALE[1]:
        low, high = (share * product_cm for share in SCALE)
        raise InvalidLook(
            f"A tile {tile_cm:g} cm wide on a product of {product_cm:g} cm is out of range. Choose"
            f" {low:g} to {high:g} cm."
        )
    return scale


class PlacedTile(Field):
    """A tile repeated over a product."""

    def __init__(
        self,
        tile: Tile,
        placement: Placement,
        box: tuple[slice, slice],
        drape: Drape | None = None,
    ) -> None:
        """`box` are the product's rows and columns; its width is what scale refers to."""
        rows, columns = box
        self.inks = len(tile.colours)
        self._tile, self._placement, self._drape = tile, placement, drape
        self._middle = (rows.start + rows.stop) / 2, (columns.start + columns.stop) / 2
        self._period = placement.scale * max(columns.stop - columns.start, 1)
        self._resampled: dict[float, list[NDArray[np.uint8]]] = {}

    def at(
        self, y: NDArray[np.floating], x: NDArray[np.floating], footprint: float = 1.0
    ) -> NDArray[np.float32]:
        """See Field.at."""
        down, across = y - self._middle[0], x - self._middle[1]
        if self._drape is not None and self._placement.drape:
            moved = self._drape.at(y, x)
            down = down + self._placement.drape * moved[..., 0]
            across = across + self._placement.drape * moved[..., 1]
        turn = np.radians(self._placement.rotation)
        cosine, sine = np.cos(turn) / self._period, np.sin(turn) / self._period
        height, width = self._tile.weights.shape[:2]
        u = cosine * across + sine * down + (0.5 - self._placement.x)
        v = (cosine * down - sine * across) * (width / height) + (0.5 - self._placement.y)
        return _read(self._at_density(footprint), u, v)

    def _at_density(self, footprint: float) -> list[NDArray[np.uint8]]:
        """The tile at the density for a footprint, in groups of as many inks as can be read."""
        if footprint not in self._resampled:
            made = resampled(self._tile.weights, self._period / footprint)
            self._resampled[footprint] = [
                np.ascontiguousarray(made[..., first : min(first + TOGETHER, self.inks - 1)])
                for first in range(0, self.inks - 1, TOGETHER)
            ]
        return self._resampled[footprint]


def resampled(weights: NDArray[np.uint8], pixels: float) -> NDArray[np.uint8]:
    """Bring a tile's weights (H, W, K) to `DENSITY` × `pixels` in width, seamless, band-limited.

    Small tiles are averaged over whole pixels of the photo, so that nothing glitters or makes
    moiré; large ones are interpolated, and their borders kept crisp.
    """
    import cv2

    height, width = weights.shape[:2]
    wanted = min(MAX_RESAMPLED * min(1, width / height), DENSITY * pixels)
    size = max(2, round(wanted)), max(2, round(wanted * height / width))
    factor = size[0] / width
    if factor < 1:
        small = cv2.resize(weights, size, interpolation=cv2.INTER_AREA)
        made = _averaged(small.reshape(size[1], size[0], -1))
    else:
        made = _enlarged(weights, size)
        if pixels < width:
            made = _averaged(made)
        else:
            made = _crisp(made, min(pixels / width, MAX_SHARPENED), weights)
    return _summing(made)


def _averaged(weights: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Average over a pixel of the photo, which is two of these wide; around the borders."""
    import cv2

    wide = cv2.copyMakeBorder(weights, 1, 1, 1, 1, cv2.BORDER_WRAP)
    kernel = np.array([0.25, 0.5, 0.25], np.float32)
    return cv2.sepFilter2D(wide, -1, kernel, kernel)[1:-1, 1:-1]


def _enlarged(weights: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2

    height, width = weights.shape[:2]
    x = ((np.arange(size[0], dtype=np.float32) + 0.5) * (width / size[0]) - 0.5)[None]
    y = ((np.arange(size[1], dtype=np.float32) + 0.5) * (height / size[1]) - 0.5)[:, None]
    places = [np.ascontiguousarray(np.broadcast_to(each, size[::-1])) for each in (x, y)]
    planes = [
        cv2.remap(np.ascontiguousarray(weights[..., k]), *places, cv2.INTER_CUBIC,
                  borderMode=cv2.BORDER_WRAP)
        for k in range(weights.shape[2])
    ]  # fmt: skip
    return np.stack(planes, axis=-1)


def _crisp(
    weights: NDArray[np.uint8], factor: float, source: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Steepen borders that enlarging by a `factor` made wide, unless the print itself is soft."""
    import cv2

    soft = float((source.max(axis=2) < SOFT).mean())
    slope = 1 + (factor - 1) * float(np.interp(soft, SOFT_SHARE, [1, 0]))
    table = np.clip(127.5 + slope * (np.arange(256) - 127.5), 0, 255)
    return cv2.LUT(weights, np.rint(table).astype(np.uint8))


def _summing(weights: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make weights (h, w, K) add up to 255 again after filtering."""
    total = weights.sum(axis=2, dtype=np.uint16)
    scaled = weights * (np.float32(255) / np.maximum(total, 1))[..., None]
    whole = np.rint(scaled).astype(np.uint8)
    whole[..., -1] = 255 - np.minimum(whole[..., :-1].sum(axis=2, dtype=np.uint16), 255)
    return whole


def _read(
    tile: list[NDArray[np.uint8]], u: NDArray[np.floating], v: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Interpolate weights (K, ...) at fractions of a tile (any shape), repeated without end.

    The tile comes in groups (h, w, some) of all inks but the last, which has the rest.
    """
    import cv2

    height, width = tile[0].shape[:2]
    u, v = np.broadcast_arrays(u, v)
    shape = u.shape
    if u.ndim == 1:  # remap takes no row longer than 32767
        count = -(-len(u) // ACROSS) * ACROSS
        u, v = (np.resize(each, count).reshape(-1, ACROSS) for each in (u, v))
    across = ((u - np.floor(u)) * width - 0.5).astype(np.float32)
    down = ((v - np.floor(v)) * height - 0.5).astype(np.float32)
    planes = []
    for some in tile:
        read = cv2.remap(some, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        planes += cv2.split(read)
    found = np.empty((len(planes) + 1, *across.shape), np.float32)
    np.multiply(planes, np.float32(1 / 255), out=found[:-1])
    np.subtract(1, found[:-1].sum(axis=0), out=found[-1])
    return found.reshape(len(found), -1)[:, : int(np.prod(shape))].reshape(-1, *shape)


def _check(name: str, value: float, low: float, high: float, meaning: str) -> None:
    if not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidLook(
            f"{name} is {value!r}; it is {meaning}, a number from {low:g} to {high:g}."
        )
