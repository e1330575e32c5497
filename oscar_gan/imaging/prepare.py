"""What every colour of one photo shares: measured once, used for any number of variants."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assess import Baseline
from .colour import bytes_to_oklab
from .dye import Material, body_share, fit_material, off_plane_share
from .edges import Edges, find_edges
from .lut import UsedColours
from .matte import bounding_box
from .palette import find_palette
from .sampling import places_of
from .swatch import Swatch, estimate_swatch, sample_positions

CHUNK = 200_000
"""Pixels worked on at a time, so that memory stays flat."""
MIN_FREE = 0.1
"""Share of the product that a keep matte must leave free; else it is not heeded."""
CLIPPED = 254
"""Level that all three channels reach where a photo is overexposed."""


@dataclass(frozen=True, slots=True, eq=False)
class BaseColour:
    """One of the product's colours, with all that dyeing it needs."""

    weight: float
    """Share of the product, 0 to 1."""
    swatch: Swatch
    samples: NDArray[np.floating]
    """(k, 3): the swatch's frozen pixels in OKLab."""
    material: Material


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prepared:
    """Intermediate results for a photo under its matte and keep matte."""

    keep: NDArray[np.uint8]
    """(H, W) without the pixels that turned out to be the material itself."""
    colours: tuple[BaseColour, ...]
    """The palette, the largest first: never empty."""
    solid: NDArray[np.uint8]
    """(H, W): 255 where a pixel is wholly product and not kept."""
    edges: Edges
    lattice: tuple[NDArray[np.intp], NDArray[np.floating]]
    """Indices and OKLab colours of the table points that the product needs."""
    baseline: Baseline
    off_plane: float
    """Share of the product that has another colour than its main one, 0 to 1."""
    clipped: float
    """Share of the product that is overexposed, 0 to 1."""

    @property
    def main(self) -> BaseColour:
        """The colour that covers most of the product."""
        return self.colours[0]

    @property
    def swatch(self) -> Swatch:
        """The main colour's."""
        return self.main.swatch

    @property
    def samples(self) -> NDArray[np.floating]:
        """The main colour's."""
        return self.main.samples

    @property
    def material(self) -> Material:
        """The main colour's."""
        return self.main.material


def prepare(
    pixels: NDArray[np.uint8], matte: NDArray[np.uint8], keep: NDArray[np.uint8]
) -> Prepared:
    """Read a photo's (H, W, 3) colours under a matte and keep matte (H, W).

    Raises UnusableMatte when the matte has too little that is wholly product.
    """
    import cv2

    free = np.where(keep > 0, 0, matte) if keep.any() else matte
    if free.sum(dtype=np.int64) < MIN_FREE * matte.sum(dtype=np.int64):
        keep, free = np.zeros_like(keep), matte  # printed all over: the print is the product
    positions = sample_positions(free)
    rgb = pixels.reshape(-1, 3)[positions]
    oklab = bytes_to_oklab(rgb)
    palette = find_palette(oklab)
    colours = tuple(
        _base_colour(pixels, oklab[palette.labels == k], positions[palette.labels == k], weight)
        for k, weight in enumerate(palette.weights)
    )
    material = colours[0].material
    keep = _without_body(pixels, keep, material)
    edges = find_edges(pixels, matte, keep)
    used = UsedColours()
    used.add(pixels[bounding_box(matte)])
    used.add(edges.mixed_colour[None])
    return Prepared(
        keep=keep,
        colours=colours,
        solid=cv2.bitwise_and(
            cv2.compare(matte, 255, cv2.CMP_EQ), cv2.compare(keep, 0, cv2.CMP_EQ)
        ),
        edges=edges,
        lattice=used.lattice(),
        baseline=Baseline(pixels, matte, keep),
        off_plane=max(off_plane_share(oklab, material), 1 - float(palette.weights[0])),
        clipped=float((rgb.min(axis=1) >= CLIPPED).mean()),
    )


def _base_colour(
    pixels: NDArray[np.uint8],
    oklab: NDArray[np.floating],
    positions: NDArray[np.intp],
    weight: float,
) -> BaseColour:
    """Read a colour from the pixels (n, 3) OKLab that belong to it and their positions (n,)."""
    swatch = estimate_swatch(oklab, positions)
    samples = bytes_to_oklab(pixels.reshape(-1, 3)[swatch.positions])
    return BaseColour(float(weight), swatch, samples, fit_material(swatch.oklab, oklab))


def _without_body(
    pixels: NDArray[np.uint8], keep: NDArray[np.uint8], material: Material
) -> NDArray[np.uint8]:
    """Free cloth that shows between the lines of a print from a keep matte (H, W)."""
    y, x = places_of(keep)
    kept = y * keep.shape[1] + x
    if not len(kept):
        return keep
    freed = keep.copy().reshape(-1)
    for part in np.array_split(kept, -(-len(kept) // CHUNK)):
        oklab = bytes_to_oklab(pixels.reshape(-1, 3)[part])
        freed[part] = np.rint(freed[part] * (1 - body_share(oklab, material)))
    return freed.reshape(keep.shape)
