"""Notches in an outline: where a stripe of the background's colour reaches it, a matte is unsure.

Left alone, the ends of old stripes stay beside a print that covers the rest. So such pixels count
as product as far as the outline above and below them says.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .calibrate import Dye, shares_of
from .colour import LINEAR_OF_BYTE, bytes_to_oklab
from .edges import Edges
from .matte import bounding_box
from .scene import Scene

REACH = 0.05
"""Width of the notches that are closed, as a share of the product's."""
MISSING = 0
"""Level of a matte that the outline around must have more, for a notch."""
OWN = 0.5
"""Share of the product's own colours from which a pixel may be product."""


def without_notches(scene: Scene) -> Edges:
    """The edges of a product of several colours, with its notches closed."""
    edges, ready = scene.ready.edges, scene.ready
    if len(scene.bases) == 1 or not len(edges.positions):
        return edges
    closed = _closed(scene.matte).reshape(-1)[edges.positions].astype(np.int16)
    matte = scene.matte.reshape(-1)[edges.positions]
    notch = np.flatnonzero(closed - matte > MISSING)
    seen = scene.pixels.reshape(-1, 3)[edges.positions[notch]]
    own = shares_of(bytes_to_oklab(seen), [Dye(base.material) for base in scene.bases]).sum(axis=0)
    notch, seen = notch[own > OWN], seen[own > OWN]
    if not len(notch):
        return edges
    free = 1 - ready.keep.reshape(-1)[edges.positions[notch]] / np.float32(255)
    share = (closed[notch] / np.float32(255)) * free
    rest = edges.rest.copy()
    rest[notch] = (1 - share[:, None]) * LINEAR_OF_BYTE[seen]
    mixed_share = edges.mixed_share.copy()
    mixed_share[notch] = 0
    plain = ~np.isin(edges.plain, notch)
    return replace(
        edges,
        rest=rest,
        mixed_share=mixed_share,
        plain=np.concatenate([edges.plain[plain], notch]),
        plain_share=np.concatenate([edges.plain_share[plain], share]),
        plain_colour=np.concatenate([edges.plain_colour[plain], seen]),
    )


def _closed(matte: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A matte (H, W) whose notches are filled; elsewhere as it was."""
    import cv2

    rows, columns = bounding_box(matte)
    side = max(3, round(REACH * (columns.stop - columns.start))) | 1
    closed = matte.copy()
    closed[rows, columns] = cv2.morphologyEx(
        matte[rows, columns], cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    return closed
