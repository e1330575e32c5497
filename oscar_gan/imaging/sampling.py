"""Reduce a large picture, and read a small one at fractional places of a large one."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Image = TypeVar("Image", NDArray[np.uint8], NDArray[np.float32])

ACROSS = 4096
"""OpenCV's remap takes no row longer than 32767, so points are laid out in rows of this."""
OVERVIEW_SIDE = 500
"""Long side in pixels, at least, of an overview."""
SMALL_SIDE = 250
"""The same of what is looked at more coarsely still: half an overview."""
STRIP = 1 << 17
"""Pixels worked on at a time: they stay in the processor's cache, and memory stays flat."""
STRIP_ROWS = 8
"""What the rows of a strip are a multiple of, so that every strip is halved like the next."""


class Overview(NamedTuple):
    """A photo and its matte averaged over squares, once, for all that needs no single pixels."""

    pixels: NDArray[np.uint8]
    """(h, w, 3)"""
    matte: NDArray[np.uint8]
    """(h, w)"""


def overview_of(
    pixels: NDArray[np.uint8], matte: NDArray[np.uint8], small: NDArray[np.uint8] | None = None
) -> Overview:
    """Reduce a photo (H, W, 3), unless `small` is it already, and its matte (H, W)."""
    small = reduced(pixels, OVERVIEW_SIDE) if small is None else small
    return Overview(small, reduced(matte, OVERVIEW_SIDE))


def reduced(image: Image, side: int) -> Image:
    """Halve an image for as long as its long side stays `side` or more.

    Averages of two by two pixels take a quarter of the time of any others; up to one square's
    width of pixels at the right and lower edge is stretched over. What is small already comes
    back as it is, to be read only.
    """
    for _ in range(halvings(image.shape, side)):
        image = halved(image)
    return image


def halved(image: Image) -> Image:
    """Average an image over squares of two by two pixels; an odd row or column is left out."""
    import cv2

    height, width = (max(1, length // 2) for length in image.shape[:2])
    whole = image[: 2 * height, : 2 * width]
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)


def halvings(shape: tuple[int, ...], side: int) -> int:
    """How often `reduced` halves an image (h, w) or (h, w, c)."""
    return max(1, max(shape[:2]) // side).bit_length() - 1


def strips(shape: tuple[int, ...], start: int = 0) -> Iterator[slice]:
    """Cut the rows of a picture (h, w) or (h, w, c), the first being `start`, into strips."""
    height, width = shape[:2]
    rows = max(1, STRIP // max(width, 1) // STRIP_ROWS) * STRIP_ROWS
    for top in range(start, start + height, rows):
        yield slice(top, min(top + rows, start + height))


def fitted(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Average an image so that its long side is at most `side`, to the pixel."""
    import cv2

    size = fitted_size(image.shape[1], image.shape[0], side)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def fitted_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height of a picture whose long side may be at most `side`."""
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def sample(
    image: NDArray[np.float32], y: NDArray[np.floating], x: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Interpolate an image (h, w, c) at fractions (n,) of its height and width; (n, c)."""
    import cv2

    count, channels = len(y), image.shape[2]
    if not count:  # which remap refuses
        return np.empty((0, channels), np.float32)
    places = np.zeros((2, -(-count // ACROSS) * ACROSS), np.float32)
    places[0, :count] = x * image.shape[1] - 0.5
    places[1, :count] = y * image.shape[0] - 0.5
    across, down = places.reshape(2, -1, ACROSS)
    found = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return found.reshape(-1, channels)[:count]


def gathered(
    image: NDArray[np.float32], known: NDArray[np.bool_], reaches: Mapping[int, float]
) -> NDArray[np.float32]:
    """Add up, around each pixel, what is `known` (h, w) of an image (h, w, 3): (h, w, 4).

    Last is by how much: `reaches` are half windows, and what their means count.
    """
    import cv2

    weights = known.astype(np.float32)
    weighted = cv2.merge([*(plane * weights for plane in cv2.split(image)), weights])
    total = np.zeros_like(weighted)
    for reach, weight in reaches.items():
        around = cv2.blur(weighted, (2 * reach + 1, 2 * reach + 1))
        total = cv2.scaleAdd(around, weight, total)
    return total


def places_of(mask: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns (n,) of what is not 0 in a mask (h, w); far faster than np.nonzero."""
    flat = np.flatnonzero(mask.reshape(-1) != 0)
    rows = flat // mask.shape[1]
    return rows, flat - rows * mask.shape[1]


def put(
    picture: NDArray[np.uint8], positions: NDArray[np.intp], colours: NDArray[np.uint8]
) -> None:
    """Put colours (n, 3) at flat positions (n,) of a contiguous picture (h, w, 3)."""
    whole = np.dtype("V3")  # written as one thing, not as rows of three: half the time
    picture.reshape(-1).view(whole)[positions] = colours.reshape(-1).view(whole)


def fractions_of(
    positions: NDArray[np.intp], shape: tuple[int, int]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Turn flat positions (n,) in a picture of shape (H, W) into fractions of height and width."""
    height, width = shape
    rows = positions // width
    return (rows + 0.5) / height, (positions - rows * width + 0.5) / width


def keys_of(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Colours (h, w, 3) as numbers (h, w): red × 65536 + green × 256 + blue."""
    import cv2

    if not pixels.size:
        return np.empty(pixels.shape[:2], np.int32)
    padded = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA)
    return padded.view("<i4")[..., 0] & 0xFFFFFF


def thrice(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Repeat numbers (n,) for red, green and blue, (n, 3); NumPy is slow on rows of three."""
    import cv2

    return (
        cv2.merge([values] * 3).reshape(-1, 3) if len(values) else np.empty((0, 3), values.dtype)
    )
