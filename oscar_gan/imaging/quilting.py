"""Make a piece of a print seamless: find its repeat, and cut where both sides agree best.

The piece overlaps itself, shifted by one repeat; the cut through the overlap is the cheapest path
(image quilting, Efros and Freeman, 2001), and it is closed, so that it meets itself around the
tile's other border.
"""

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]
"""(h, w, K)"""

REPEATS = (0.3, 0.88)
"""Shortest and longest repeat that is looked for, as a share of the piece."""
OVERLAP = 0.3
"""Most of the piece that overlaps itself."""
SHORT = 0.12
"""How much worse, in mean squared difference, a repeat must fit to be taken for being longer."""


def seamless(piece: Weights) -> Weights:
    """Cut a tile, smaller than the piece (h, w, K) of a print, that repeats without a seam."""
    down = _wrapped(piece, closed=False)
    return _wrapped(down.transpose(1, 0, 2), closed=True).transpose(1, 0, 2)


def _wrapped(piece: Weights, *, closed: bool) -> Weights:
    """Make the rows repeat; `closed`, the columns already do."""
    repeat = _repeat(piece)
    overlap = max(2, min(len(piece) - repeat, int(OVERLAP * len(piece))))
    before, after = piece[:overlap], piece[repeat : repeat + overlap]
    cost = ((before - after) ** 2).sum(axis=2)
    cut = 1 + _path(cost[1:], closed=closed)  # the first row always follows the last
    rows = np.arange(overlap)[:, None]
    # What follows the last row comes first, then, beyond the cut, the piece's own beginning.
    share = np.clip(rows - cut[None] + 0.5, 0, 1)[..., None].astype(np.float32)
    tile = piece[:repeat].copy()
    tile[:overlap] = share * before + (1 - share) * after
    return tile


def _repeat(piece: Weights) -> int:
    """The number of rows after which a piece resembles itself most."""
    height = len(piece)
    low, high = (max(2, int(share * height)) for share in REPEATS)
    best, least = low, np.inf
    for shift in range(low, high + 1):
        overlap = min(height - shift, int(OVERLAP * height))
        gap = float(((piece[:overlap] - piece[shift : shift + overlap]) ** 2).mean())
        gap += SHORT * float(piece.var()) * (1 - shift / height)
        if gap < least:
            best, least = shift, gap
    return best


def _path(cost: NDArray[np.floating], *, closed: bool) -> NDArray[np.intp]:
    """The row (w,) at which the cheapest path crosses each column of costs (h, w).

    Neighbours differ by one row at most; a `closed` path ends where it began.
    """
    height, width = cost.shape
    starts = range(height) if closed else [None]
    total = np.full((len(starts), height), np.inf)
    if closed:
        total[np.arange(height), np.arange(height)] = cost[:, 0]
    else:
        total[0] = cost[:, 0]
    steps = np.zeros((width, len(starts), height), np.int8)
    for column in range(1, width):
        padded = np.pad(total, ((0, 0), (1, 1)), constant_values=np.inf)
        ways = np.stack([padded[:, 1:-1], padded[:, :-2], padded[:, 2:]])
        choice = ways.argmin(axis=0)
        steps[column] = np.array([0, -1, 1], np.int8)[choice]
        total = np.take_along_axis(ways, choice[None], 0)[0] + cost[:, column]
    ends = np.diagonal(total) if closed else total[0]
    start = row = int(ends.argmin())
    path = np.empty(width, np.intp)
    for column in range(width - 1, -1, -1):
        path[column] = row
        row += int(steps[column, start if closed else 0, row])
    return path
