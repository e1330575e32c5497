"""Cut-outs: products with an artist's alpha matte, made ready to be put on any ground.

Their mattes are exact, so they supervise edges better than any pseudo-label. What the alpha does
not tell is which part of it is cast shadow, which is a pane (the lenses of sunglasses: product,
but not to be recoloured) and which part of the product is print; all are derived here.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from oscar_gan.errors import OscarGanError
from oscar_gan.imaging.colour import srgb_to_oklab

CUTOUT_SIDE = 320
OPAQUE = 0.92
"""Alpha from which a pixel is product; shadows are fainter."""
SMALLEST_CORE = 200
"""Fewest product pixels from which a main material is told."""
UNSURE = 128
"""Level of a print mask where nothing is claimed."""
PANE = 0.15
"""Median alpha from which a hole in the opaque part is a pane of glass."""
PATTERN_PARTS = 8
"""Marks from which prints may be a pattern; a logo has fewer."""
PATTERN_COVER = 0.8
"""Share of the product that lies near a mark when they are a pattern."""
SHADOW_REACH = 2
"""Pixels around the opaque part that are still the product's own soft edge."""


class UnusableCutout(OscarGanError):
    """A cut-out lacks its matte, or the matte selects nothing."""

    code = "unusable-cutout"


def read_cutout(path: Path) -> NDArray[np.uint8]:
    """Read a picture on white and its matte; return (320, 320, 6): RGB, alpha, product, prints.

    RGB has the white ground removed from half-transparent pixels. The picture's aspect is kept
    and the rest of the square is transparent.
    """
    import cv2

    matte_path = path.with_suffix(".png")
    if not matte_path.exists():
        raise UnusableCutout(f"{path.name} has no matte; put it beside as {matte_path.name}.")
    with Image.open(path) as picture, Image.open(matte_path) as matte:
        rgb = _padded(picture.convert("RGB"), fill="white")
        alpha = _padded(matte.convert("L"), fill=0) / np.float32(255)
    opaque = (alpha > OPAQUE).astype(np.uint8)
    if not opaque.any():
        raise UnusableCutout(f"The matte of {path.name} has no opaque pixel; export it again.")
    reach = cv2.dilate(opaque, np.ones((2 * SHADOW_REACH + 1,) * 2, np.uint8))
    panes = _panes(opaque, alpha)
    product = np.where(panes, 1, alpha * reach)
    colour = _without_white(rgb / np.float32(255), alpha)
    layers = np.dstack([colour, alpha, product]).clip(0, 1)
    prints = np.where(panes, 255, print_mask(colour, (product > 0.5) & ~panes)).astype(np.uint8)
    return np.dstack([np.rint(255 * layers).astype(np.uint8), prints])


def print_mask(colour: NDArray[np.float32], product: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Mark what is not of the main material: 255 print, logo or trim, 128 unsure, 0 material.

    The main colour is the heaviest of six clusters in OKLab. Others are measured against its
    plane (dichromatic model: shading scales the colour, highlights fade it to white). Nothing is
    claimed when more than two fifths are marked: then there is no main material. A pattern all
    over the product is material, too: the palette tells its colours apart (see `all_over`).
    """
    import cv2

    core = cv2.erode(product.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    marks = np.where(product, UNSURE, 0).astype(np.uint8)
    if core.sum() < SMALLEST_CORE:
        return marks
    lab = srgb_to_oklab(colour)[core].astype(np.float32)
    cv2.setRNGSeed(1)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.005)
    _, labels, centres = cv2.kmeans(lab, 6, None, ends, 2, cv2.KMEANS_PP_CENTERS)
    main = centres[np.bincount(labels[:, 0], minlength=6).argmax()]
    level = np.full(product.shape, 0, np.uint8)
    level[core] = _distance_levels(centres, main)[labels[:, 0]]
    if all_over(level == 255, product):
        return np.where(core, 0, marks).astype(np.uint8)
    marks[core] = level[core]
    marks[core & _small_parts(level == 255, smallest=12)] = UNSURE
    near = cv2.dilate((marks == 255).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    marks[near & core & (marks == 0)] = UNSURE
    too_much = (level == 255).sum() > 0.4 * product.sum()
    return np.where(product, UNSURE, 0).astype(np.uint8) if too_much else marks


def all_over(marks: NDArray[np.bool_], product: NDArray[np.bool_]) -> bool:
    """Whether marks (h, w) are a pattern of the cloth (stripes, checks, flowers), not a print.

    A pattern has many parts and leaves no large area without one: four fifths of the product lie
    within a sixteenth of its length of a mark. What it shows are colours of the material itself,
    which the palette maps one by one; a keep matte found at low resolution would blur them.
    """
    import cv2

    marks = marks & product
    if not marks.any():
        return False
    parts = cv2.connectedComponents(marks.astype(np.uint8))[0] - 1
    rows, columns = np.nonzero(product)
    reach = max(3, int(max(np.ptp(rows), np.ptp(columns)) / 16))
    near = cv2.dilate(marks.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0
    return parts >= PATTERN_PARTS and (near & product).sum() > PATTERN_COVER * product.sum()


def _panes(opaque: NDArray[np.uint8], alpha: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Half-transparent areas that opaque ones enclose; shadows lie outside, holes are clear."""
    import cv2

    count, parts = cv2.connectedComponents((opaque == 0).astype(np.uint8))
    border = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    panes = np.zeros(opaque.shape, bool)
    for part in set(range(1, count)) - set(border.tolist()):
        inside = parts == part
        panes |= inside & (inside.sum() >= SMALLEST_CORE) & (np.median(alpha[inside]) > PANE)
    return panes


def _distance_levels(centres: NDArray[np.float32], main: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Per cluster centre (6, 3): 255 off the main colour's plane, 128 perhaps, 0 on it."""
    lightness, own = centres[:, 0], np.clip(main[0], 0.05, 0.95)
    fade = np.minimum(lightness / own, (1 - lightness) / (1 - own)).clip(0, 1.3)
    off = np.linalg.norm(centres[:, 1:] - main[1:] * fade[:, None], axis=1)
    change = lightness - main[0]
    sure = (off > 0.085) | (change > 0.25) | (change < -0.45)
    perhaps = (off > 0.04) | (change > 0.13) | (change < -0.3)
    return np.select([sure, perhaps], [255, UNSURE], 0).astype(np.uint8)


def _small_parts(mask: NDArray[np.bool_], *, smallest: int) -> NDArray[np.bool_]:
    import cv2

    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    small = statistics[:, cv2.CC_STAT_AREA] < smallest
    small[0] = False
    return small[parts]


def _padded(image: Image.Image, *, fill: str | int) -> NDArray[np.uint8]:
    scale = CUTOUT_SIDE / max(image.size)
    size = tuple(max(1, round(length * scale)) for length in image.size)
    square = Image.new(image.mode, (CUTOUT_SIDE, CUTOUT_SIDE), fill)
    offset = tuple((CUTOUT_SIDE - length) // 2 for length in size)
    square.paste(image.resize(size, Image.Resampling.LANCZOS), offset)
    return np.asarray(square)


def _without_white(rgb: NDArray[np.float32], alpha: NDArray[np.float32]) -> NDArray[np.float32]:
    """Undo the blend with white: C = αF + (1 − α) solved for F; 0 where nothing is known."""
    weight = alpha[..., None]
    own = (rgb - (1 - weight)) / np.maximum(weight, 0.05)
    return np.where(weight > 0.05, own.clip(0, 1), 0).astype(np.float32)
