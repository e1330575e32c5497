"""Superpixels: a photo cut along its edges into small patches, to be taken one by one.

Waterpixels (Machairas et al., 2015): one seed per cell of a grid, where the cell is calmest, and
a watershed from all of them, here OpenCV's (Meyer, 1992), which floods by difference of colour.
Patches of a calm area come out as square as the grid; at an edge they stop.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .sampling import fitted

SIDE = 800
"""Long side in pixels, at most, of what is cut."""
CELL = 16
"""Side in pixels of the grid's cells: about the patches' own."""
SQUARENESS = 1.0
"""Levels of contrast that a seed may cost for each pixel nearer to the middle of its cell."""


def superpixels(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Number the patches (h, w) of a photo (H, W, 3), from 1 on; the map is smaller than it."""
    import cv2

    picture = cv2.medianBlur(fitted(pixels, SIDE), 3)  # threads and grain are no edges
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    markers = _seeds(lab)
    cv2.watershed(lab, markers)
    patches = np.maximum(markers, 0).astype(np.uint16)
    while not patches.all():  # the lines between the patches, and the frame
        patches = np.where(patches, patches, cv2.dilate(patches, np.ones((3, 3), np.uint8)))
    return patches


def map_png(patches: NDArray[np.uint16]) -> bytes:
    """The map (h, w) as a PNG that browsers read exactly: number = red + 256 · green."""
    channels = np.dstack([patches & 255, patches >> 8, np.zeros_like(patches)])
    file = io.BytesIO()
    Image.fromarray(channels.astype(np.uint8)).save(file, "PNG", compress_level=6)
    return file.getvalue()


def _seeds(lab: NDArray[np.uint8]) -> NDArray[np.int32]:
    """One numbered pixel per cell of the grid: the calmest, of those the one in the middle."""
    import cv2

    height, width = lab.shape[:2]
    around = np.ones((3, 3), np.uint8)
    contrast = cv2.morphologyEx(lab, cv2.MORPH_GRADIENT, around).max(axis=2).astype(np.float32)
    y, x = np.mgrid[0:height, 0:width]
    middle = CELL // 2
    away = np.hypot(y % CELL - middle, x % CELL - middle)
    cost = contrast + SQUARENESS * away
    markers = np.zeros((height, width), np.int32)
    number = 0
    for top in range(0, height, CELL):
        for left in range(0, width, CELL):
            cell = cost[top : top + CELL, left : left + CELL]
            row, column = np.unravel_index(cell.argmin(), cell.shape)
            number += 1
            markers[top + row, left + column] = number
    return markers
