"""Mattes by clicks: a person says of a few points what they are, the rest follows.

A click settles its own patch of colour at once: that is a fact. How far it reaches beyond is a
guess: GrabCut (Rother, Kolmogorov, Blake 2004) cuts the picture anew with colours learned from
the matte so far and from all clicks, and of what changes only the piece that holds the click is
taken. So every click is obeyed, works where it is, and leaves the rest of the matte alone.

The state between two clicks is one array of GrabCut's own labels: background, product, probably
background, probably product; "surely" is what clicks said, "probably" everything else.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .grabcut import RANDOM_SEED
from .matte import upsample_matte
from .sampling import fitted

Kind = Literal["product", "not-product", "keep"]
KINDS: tuple[Kind, ...] = ("product", "not-product", "keep")
"""What a click can say: recolour this; this is not the product; this belongs to it, but stays."""
SCREEN_SIDE = 512
"""Long side in pixels of the picture that leads down to the working size."""
WORKING_SIDE = 256
"""Long side in pixels of the picture that clicks are worked out on."""
SAME = (4, 2)
"""Differences in lightness and in a and b (8-bit Lab) within which a patch is of one colour."""
PATCH_REACH = 0.08
"""How far, as a fraction of the long side, a click's own patch goes."""
KEEP_REACH = 0.18
"""Half the window, as a fraction of the long side, in which something to keep is looked for."""
KEEP_ROUNDS = 3
"""Rounds of learning colours and cutting in that window."""
SEED = 1
"""Half the side, in working pixels, of the square that a click settles whatever its colours."""
DOT = 0.004
"""Radius, as a fraction of the long side, of what is settled at full size around a click."""

BACKGROUND, PRODUCT, PERHAPS_BACKGROUND, PERHAPS_PRODUCT = range(4)  # as OpenCV counts
Labels = NDArray[np.uint8]
"""(h, w) of the four values above."""


class Click(NamedTuple):
    """What a person said about one point."""

    kind: Kind
    x: float
    y: float
    """Fractions of the photo's width and height, 0 to 1."""


def matte_from_clicks(
    pixels: NDArray[np.uint8], matte: NDArray[np.uint8], clicks: Iterable[Click]
) -> NDArray[np.uint8]:
    """Correct a photo's (H, W, 3) matte (H, W) by clicks, in their order; what they kept is 0.

    Away from what they changed the matte stays as it was, to the bit.
    """
    clicks = list(clicks)
    picture = working_picture(pixels)
    before = after = labels_of(matte)
    for click in clicks:
        after = heed(picture, after, click)
    return corrected(pixels, matte, before, after, clicks)


def corrected(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    before: Labels,
    after: Labels,
    clicks: Iterable[Click],
) -> NDArray[np.uint8]:
    """Bring what clicks changed in the labels into the matte (H, W) of a photo (H, W, 3)."""
    return _dotted(_merged(pixels, matte, product_in(before), product_in(after)), clicks)


def working_picture(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Reduce a photo (H, W, 3), or a matte (H, W), to what clicks are worked out on."""
    return fitted(fitted(pixels, SCREEN_SIDE), WORKING_SIDE)


def labels_of(matte: NDArray[np.uint8]) -> Labels:
    """Read a photo's matte (H, W) as labels of its working picture: nothing is sure yet."""
    small = working_picture(matte)
    return np.where(small > 127, PERHAPS_PRODUCT, PERHAPS_BACKGROUND).astype(np.uint8)


def product_in(labels: Labels) -> NDArray[np.bool_]:
    """Where labels (h, w) say product, surely or probably."""
    return (labels & 1).astype(bool)


def heed(picture: NDArray[np.uint8], labels: Labels, click: Click) -> Labels:
    """Return the labels after one more click on a working picture (h, w, 3)."""
    import cv2

    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    wanted = click.kind == "product"
    at = _pixel(click, labels.shape)
    patch = _patch(lab, product_in(labels) != wanted, at)
    told = labels.copy()
    told[patch] = PRODUCT if wanted else BACKGROUND
    found = _cut_out(lab, told, at) if click.kind == "keep" else _cut(lab, told)
    changed = (product_in(found) == wanted) & (product_in(labels) != wanted)
    piece = _piece(changed | patch, at)
    # What earlier clicks settled is not up for discussion.
    free = piece & ~patch & (labels >= PERHAPS_BACKGROUND)
    told[free] = PERHAPS_PRODUCT if wanted else PERHAPS_BACKGROUND
    return told


def settled(labels: Labels, clicks: Iterable[Click]) -> Labels:
    """Make sure of clicked points where labels (h, w) still say what the clicks said."""
    labels = labels.copy()
    for click in clicks:
        at, wanted = _pixel(click, labels.shape), click.kind == "product"
        if product_in(labels[at]) == wanted:
            labels[_around(at)] = PRODUCT if wanted else BACKGROUND
    return labels


def kept_by(click: Click, before: Labels, after: Labels, kept: NDArray[np.bool_]):
    """What clicks have kept so far (h, w), one more click having turned `before` to `after`."""
    if click.kind == "keep":
        return kept | (product_in(before) & ~product_in(after))
    return kept & ~product_in(after)


def _around(at: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of the square that a click settles."""
    return tuple(slice(max(0, place - SEED), place + SEED + 1) for place in at)


def _pixel(click: Click, shape: tuple[int, ...]) -> tuple[int, int]:
    """Row and column of a click in a picture (h, w)."""
    height, width = shape[:2]
    return min(int(click.y * height), height - 1), min(int(click.x * width), width - 1)


def _patch(
    lab: NDArray[np.uint8], open_to: NDArray[np.bool_], at: tuple[int, int]
) -> NDArray[np.bool_]:
    """The patch (h, w) of one colour around a click, among the pixels that could change."""
    import cv2

    height, width = open_to.shape
    row, column = at
    y, x = np.mgrid[0:height, 0:width]
    near = np.hypot(y - row, x - column) < PATCH_REACH * max(height, width)
    closed = np.pad(~(open_to & near), 1, constant_values=True).astype(np.uint8)
    patch = np.zeros(open_to.shape, bool)
    if open_to[row, column]:
        flags = 4 | (255 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
        tolerance = (SAME[0], SAME[1], SAME[1])
        calm = cv2.medianBlur(lab, 3)
        cv2.floodFill(calm, closed, (column, row), 0, tolerance, tolerance, flags)
        patch = closed[1:-1, 1:-1] == 255
    patch[_around(at)] = True
    return patch


def _cut(lab: NDArray[np.uint8], told: Labels, *, rounds: int = 1) -> Labels:
    """Cut a picture (h, w, 3) anew, starting from what is told."""
    import cv2

    found = told.copy()
    if all((product_in(told) == side).sum() > 5 for side in (True, False)):  # one per mixture
        cv2.setRNGSeed(RANDOM_SEED)
        mixtures = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(lab, found, None, *mixtures, rounds, cv2.GC_INIT_WITH_MASK)
    return found


def _cut_out(lab: NDArray[np.uint8], told: Labels, at: tuple[int, int]) -> Labels:
    """Cut something to keep out of the product around it, within a window about a click.

    Its colours are nobody else's: what background and product look like elsewhere says nothing.
    """
    height, width = told.shape
    reach = round(KEEP_REACH * max(height, width))
    rows = slice(max(0, at[0] - reach), at[0] + reach + 1)
    columns = slice(max(0, at[1] - reach), at[1] + reach + 1)
    y, x = np.mgrid[0:height, 0:width]
    inner = np.hypot(y - at[0], x - at[1]) < reach * 0.8
    sure = told == BACKGROUND
    scene = np.where(inner, PERHAPS_BACKGROUND, PRODUCT).astype(np.uint8)
    scene[sure] = BACKGROUND
    found = told.copy()
    window = np.ascontiguousarray(lab[rows, columns])
    local = _cut(window, scene[rows, columns].copy(), rounds=KEEP_ROUNDS)
    found[rows, columns] = np.where(product_in(told)[rows, columns], local, told[rows, columns])
    return found


def _piece(mask: NDArray[np.bool_], at: tuple[int, int]) -> NDArray[np.bool_]:
    """The connected piece of a mask (h, w) that holds a pixel of it."""
    import cv2

    _, pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    return pieces == pieces[at]


def _merged(
    pixels: NDArray[np.uint8],
    matte: NDArray[np.uint8],
    before: NDArray[np.bool_],
    after: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Bring what changed between two small cuts (h, w) to full size, into a matte (H, W)."""
    import cv2

    if (before == after).all():
        return matte.copy()
    size = matte.shape[::-1]
    soft = cv2.GaussianBlur(after.astype(np.float32), (3, 3), 0)
    fresh = upsample_matte(soft, pixels)
    changed = cv2.dilate((before != after).astype(np.uint8), np.ones((5, 5), np.uint8))
    share = cv2.resize(changed * np.float32(255), size, interpolation=cv2.INTER_LINEAR)
    share = np.rint(share).astype(np.uint16)
    mixed = (fresh * share + matte * (255 - share) + 127) // 255
    return mixed.astype(np.uint8)


def _dotted(matte: NDArray[np.uint8], clicks: Iterable[Click]) -> NDArray[np.uint8]:
    """Settle the clicked points themselves where the way to full size has lost them."""
    import cv2

    radius = max(1, round(DOT * max(matte.shape)))
    for click in clicks:
        row, column = _pixel(click, matte.shape)
        wanted = 255 if click.kind == "product" else 0
        if (matte[row, column] > 127) != (wanted > 127):
            cv2.circle(matte, (column, row), radius, wanted, -1, cv2.LINE_AA)
    for click in clicks:  # a later dot may lie on an earlier click
        matte[_pixel(click, matte.shape)] = 255 if click.kind == "product" else 0
    return matte
