"""What every colour of one photo shares: measured once, used for any number of variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from .assess import Baseline
from .bases import BaseColour, find_bases
from .colour import bytes_to_oklab
from .compose import Part, parts_of, tints_of
from .dye import Material, body_share, off_plane_share
from .edges import Edges, find_edges
from .lut import UsedColours
from .matte import bounding_box, coverage
from .sampling import Overview, overview_of, places_of
from .seams import NO_SEAMS, Seams, find_seams
from .separation import kinds_of, separate
from .skin import find_skin
from .swatch import Swatch, sample_positions
from .tints import Tints

CHUNK = 200_000
"""Pixels worked on at a time, so that memory stays flat."""
MIN_FREE = 0.1
"""Share of the product that a keep matte must leave free; else it is not heeded."""
SPECKS = 5e-4
"""Share of the product, all the rest being one material, that is not worth a look."""
CLIPPED = 254
"""Level that all three channels reach where a photo is overexposed."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prepared:
    """Intermediate results for a photo under its matte and keep matte."""

    keep: NDArray[np.uint8]
    """(H, W) without the pixels that turned out to be the material itself."""
    colours: tuple[BaseColour, ...]
    """Up to four, the largest first: never empty."""
    prints: tuple[Material, ...]
    """What covers too little to be a base colour: it always stays."""
    solid: NDArray[np.uint8]
    """(H, W): 255 where a pixel is wholly product and not kept."""
    edges: Edges
    seams: Seams
    parts: Sequence[Part]
    """Strips of `solid`: see `parts_of`."""
    lattice: tuple[NDArray[np.intp], NDArray[np.floating]]
    """Indices and OKLab colours of the table points that the product needs."""
    tints: Tints
    baseline: Baseline
    off_plane: float
    """Share of the product that has another colour than its main one, 0 to 1."""
    skin: float
    """Share of the product that looks like a person's skin and stays, 0 to 1."""
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
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    *,
    protect_skin: bool = False,
    overview: Overview | None = None,
) -> Prepared:
    """Read a photo's (H, W, 3) colours under a matte and keep matte (H, W).

    `protect_skin` adds what looks like skin to the keep matte; `overview` is that of pixels and
    matte, if it is at hand. Raises UnusableMatte when the matte has too little that is wholly
    product.
    """
    import cv2

    overview = overview_of(pixels, matte) if overview is None else overview
    free = cv2.bitwise_and(matte, cv2.compare(keep, 0, cv2.CMP_EQ)) if keep.any() else matte
    if coverage(free) < MIN_FREE * coverage(matte):
        keep, free = np.zeros_like(keep), matte  # printed all over: the print is the product
    used = UsedColours()
    used.add(pixels[bounding_box(matte)])
    positions = sample_positions(matte)
    counted = free.reshape(-1)[positions] > 0
    bases_of = partial(find_bases, pixels, matte, positions, overview=overview.pixels)
    bases, prints = bases_of(counted, used.lattice())
    skin = find_skin(*overview, bases[0].material) if protect_skin else None
    if skin is not None:
        skin = cv2.resize(skin, matte.shape[::-1], interpolation=cv2.INTER_NEAREST)
        keep = cv2.max(keep, skin)
        counted &= skin.reshape(-1)[positions] == 0
        bases, prints = bases_of(counted, used.lattice())
    material = bases[0].material
    keep = _without_body(pixels, keep, material)
    edges = find_edges(pixels, matte, keep, overview)
    rgb = pixels.reshape(-1, 3)[positions]
    oklab = bytes_to_oklab(rgb)
    seams = NO_SEAMS
    materials = [*(base.material for base in bases if base.is_own), *prints]
    kinds = None
    if not _is_plain(oklab, materials):
        kinds = partial(kinds_of, materials=materials, lattice=used.lattice())
        seams = find_seams(pixels, matte, keep, materials, used.lattice())
        keep.reshape(-1)[seams.positions] = np.minimum(keep.reshape(-1)[seams.positions], 254)
    used.add(edges.mixed_colour[None])
    used.add(seams.sides)
    solid = cv2.bitwise_and(cv2.compare(matte, 255, cv2.CMP_EQ), cv2.compare(keep, 0, cv2.CMP_EQ))
    return Prepared(
        keep=keep,
        colours=bases,
        prints=prints,
        solid=solid,
        parts=parts_of(solid),
        edges=edges,
        seams=seams,
        lattice=used.lattice(),
        tints=tints_of(pixels, solid, edges, seams),
        baseline=Baseline(pixels, matte, keep, kinds),
        off_plane=max(off_plane_share(oklab[counted], material), 1 - bases[0].weight),
        skin=0.0 if skin is None else float((skin.reshape(-1)[positions] > 0).mean()),
        clipped=float((rgb[counted].min(axis=1) >= CLIPPED).mean()),
    )


def _is_plain(oklab: NDArray[np.floating], materials: Sequence[Material]) -> bool:
    """Whether the pixels (n, 3) are all of one material, without any print."""
    return len(materials) == 1 and (separate(oklab, materials)[0] < 0.5).mean() < SPECKS


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
