"""Which kinds of picture a generator makes at all, by a classifier's verdicts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Modes(NamedTuple):
    """Kinds among generated pictures."""

    found: int
    """Kinds made at least once."""
    divergence: float
    """Kullback-Leibler divergence of the kinds' shares from the wanted ones, in nats; 0 is equal.
    """


def count_modes(
    labels: NDArray[np.integer], count: int, wanted: NDArray[np.floating] | None = None
) -> Modes:
    """Count the kinds among labels (n,) from 0 to count − 1 (Metz and others, 2017).

    `wanted` (count,) are the real pictures' shares; without, all kinds are wanted alike.
    """
    made = np.bincount(labels, minlength=count) / len(labels)
    wanted = np.full(count, 1 / count) if wanted is None else wanted / wanted.sum()
    present = made > 0
    with np.errstate(divide="ignore"):
        divergence = float((made[present] * np.log(made[present] / wanted[present])).sum())
    return Modes(int(present.sum()), divergence)
