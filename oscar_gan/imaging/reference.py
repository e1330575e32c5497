"""Another product's look: its print if it has one all over, else its colours, and its tone."""

import numpy as np
from numpy.typing import NDArray

from .colour import oklab_to_srgb, to_hex
from .drape import Drape
from .dye import Material, membership
from .fields import Even
from .findings import Finding
from .inks import INKS, whole_weights
from .looks import Analysed, ReferenceLook
from .matte import bounding_box
from .placing import SCALE, PlacedTile, Placement
from .plans import Ink, Plan, oklab_of
from .quilting import seamless
from .sampling import reduced
from .scene import Scene
from .separation import UNSURE, kinds_of
from .tiles import MIN_SIDE, Tile

SIDE = 700
"""Long side in pixels, at least, of the product in which a print is looked for."""
CELLS = 6
"""Cells across and down in which a print has to be seen."""
SEEN = 0.03
"""Share of a cell in other colours than the main one from which a print is seen in it."""
ALL_OVER = 0.8
"""Share of the cells in which a print must be seen: else it is a logo, or separate parts."""
LEAST = 0.03
"""Share of a piece in other colours than the main one from which it is worth printing."""
OTHER = 254
"""Kind of a pixel that is of no known material: a small part of a print."""
SHADE = 0.25
"""Difference in lightness up to which a colour of the main one's hue may be its shade."""
MIN_PIECE = 0.15
"""Side of the piece that a print is cut from, at least, as a share of the product's width."""
MAX_PIECE = 480
"""Its side in pixels, at most."""


def plan_reference(look: ReferenceLook, scene: Scene) -> Plan:
    """Say which inks make a product look like the reference's."""
    theirs = look.analysis.prepared
    low, high = theirs.material.lit
    print_ = find_print(look)
    count = len(scene.bases)
    if print_ is not None:
        tile, placement = print_
        field = PlacedTile(tile, placement, scene.box, Drape(scene.shading))
        inks = tuple(
            Ink(targets=scene.everywhere(oklab_of(colour)), spread=high - low)
            for colour in tile.colours
        )
        return Plan(inks, field)
    given = [base.material.base for base in theirs.colours if base.is_own][:count]
    wanted = (*given, *[None] * (count - len(given)))
    targets = tuple(
        None if kept else target for kept, target in zip(scene.kept, wanted, strict=True)
    )
    findings = ()
    if len(given) < count:
        findings = (Finding(
            "fewer-colours",
            f"The reference has {len(given)} of its own colours and this product {count}: the"
            " smaller ones stay as they are.",
            {"reference": len(given), "product": count},
        ),)  # fmt: skip
    return Plan((Ink(targets=targets, spread=high - low),), Even(), findings)


def find_print(look: ReferenceLook) -> tuple[Tile, Placement] | None:
    """The reference's print as a tile, and how large it is there; None without one all over."""
    analysis = look.analysis
    box = bounding_box(analysis.matte)
    small = reduced(look.photo.pixels[box], SIDE)
    solid = reduced(np.ascontiguousarray(analysis.matte[box]), SIDE) >= 250
    kinds, colours = _inks_of(small, analysis)
    if not _is_all_over((kinds != 0) & (kinds != UNSURE), solid):
        return None
    piece = _piece(solid, small.shape[1])
    if piece is None:
        return None
    kinds[kinds == OTHER] = UNSURE
    labels = _settled(kinds)[piece]
    present = [k for k in range(len(colours)) if (labels == k).mean() >= SEEN / 3][: INKS[1]]
    if len(present) < INKS[0] or np.isin(labels, present[1:]).mean() < LEAST:
        return None
    weights = np.stack([_soft(labels == k) for k in present], axis=-1)
    tile = seamless(weights / weights.sum(axis=-1, keepdims=True))
    if min(tile.shape[:2]) < MIN_SIDE:
        return None
    made = Tile(whole_weights(tile), tuple(colours[k] for k in present))
    scale = float(np.clip(tile.shape[1] / small.shape[1], *SCALE))
    return made, Placement(scale=scale)


def _inks_of(small: NDArray[np.uint8], analysis: Analysed) -> tuple[NDArray[np.uint8], list[str]]:
    """Which ink each pixel (h, w) of a reduced product is of, OTHER or UNSURE; and the inks."""
    ready = analysis.prepared
    materials = [*(base.material for base in ready.colours), *ready.prints]
    kinds = kinds_of(small, materials, ready.lattice, least=0.6)
    kinds[kinds == len(materials)] = OTHER
    for place, material in enumerate(materials[1:], start=1):
        if _is_shade(material, materials[0]):
            kinds[kinds == place] = 0
    return kinds, [to_hex(oklab_to_srgb(material.base)) for material in materials]


def _is_shade(material: Material, main: Material) -> bool:
    """Whether one material may be another in other light: at a print's size, folds look sharp."""
    near = abs(float(material.base[0] - main.base[0])) < SHADE
    return near and bool(membership(material.base[None], main, 1.0)[0] > 0.5)


def _is_all_over(other: NDArray[np.bool_], solid: NDArray[np.bool_]) -> bool:
    """Whether other colours (h, w) than the main one are seen nearly everywhere on the product."""
    seen = total = 0
    for rows in np.array_split(np.arange(other.shape[0]), CELLS):
        for columns in np.array_split(np.arange(other.shape[1]), CELLS):
            cell = np.ix_(rows, columns)
            inside = solid[cell]
            if inside.size and inside.mean() > 0.7:
                total += 1
                seen += bool(other[cell][inside].mean() >= SEEN)
    return total > 0 and seen >= ALL_OVER * total


def _piece(solid: NDArray[np.bool_], width: int) -> tuple[slice, slice] | None:
    """The largest square that is wholly product, as rows and columns; None if it is too small."""
    import cv2

    framed = cv2.copyMakeBorder(solid.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    distance = cv2.distanceTransform(framed, cv2.DIST_C, 3)[1:-1, 1:-1]
    reach = min(int(0.9 * distance.max()), MAX_PIECE // 2)
    if 2 * reach < max(MIN_PIECE * width, 16):
        return None
    # Of all places with room enough, the one nearest to the middle: its folds are the fewest.
    y, x = np.nonzero(distance >= reach)
    away = np.hypot(y - solid.shape[0] / 2, x - solid.shape[1] / 2)
    nearest = int(away.argmin())
    row, column = int(y[nearest]), int(x[nearest])
    return slice(row - reach, row + reach), slice(column - reach, column + reach)


def _settled(kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give pixels of no sure ink that of the nearest sure one, and drop single lines between."""
    import cv2

    unsure = (kinds == UNSURE).astype(np.uint8)
    if unsure.all():
        return np.zeros_like(kinds)
    _, nearest = cv2.distanceTransformWithLabels(
        unsure, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    by_label = np.zeros(int(nearest.max()) + 1, np.uint8)
    by_label[nearest[unsure == 0]] = kinds[unsure == 0]
    return cv2.medianBlur(by_label[nearest], 3)


def _soft(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    import cv2

    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7) + np.float32(1e-6)
