"""Fidelity, variety and copying, by nearest neighbours among features (n, d).

A set's manifold is the union of balls around its members, each reaching to its k-th neighbour.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating]

CHUNK = 1000
"""Rows of distances held at a time."""


class Manifolds(NamedTuple):
    """How generated pictures lie to real ones."""

    precision: float
    """Share of fakes within the reals' manifold: do they look right?"""
    recall: float
    """Share of reals within the fakes' manifold: is everything covered?"""
    density: float
    """Reals' balls that a fake lies in, over k; may pass 1, forgives outliers among the reals."""
    coverage: float
    """Share of reals with a fake in their own ball; forgives outliers among the fakes."""


def compare_manifolds(
    real: Features, fake: Features, *, neighbours: int = 3, dense_neighbours: int = 5
) -> Manifolds:
    """Precision and recall of Kynkäänniemi and others (2019); density and coverage of Naeem and
    others (2020). The numbers of neighbours are those of the papers.

    Raises ValueError when a set is not larger than its number of neighbours.
    """
    between = distances(fake, real)
    real_reach, fake_reach = (reach(features, neighbours) for features in (real, fake))
    dense_reach = reach(real, dense_neighbours)
    inside = between <= dense_reach
    return Manifolds(
        precision=float((between <= real_reach).any(axis=1).mean()),
        recall=float((between <= fake_reach[:, None]).any(axis=0).mean()),
        density=float(inside.sum() / (dense_neighbours * len(fake))),
        coverage=float(inside.any(axis=0).mean()),
    )


def memorisation(train: Features, fake: Features, held_out: Features) -> float:
    """How much nearer fakes lie to the training set than unseen reals do.

    The ratio of the median distances to the nearest training picture: about 1 when nothing is
    copied, towards 0 the more is. With no distance among the held-out, infinite.
    """
    made, unseen = (np.median(nearest(features, train)) for features in (fake, held_out))
    return float(made / unseen) if unseen else float("inf")


def nearest(features: Features, among: Features) -> NDArray[np.float64]:
    """Distance (n,) of each to the nearest of another set."""
    parts = np.array_split(features, -(-len(features) // CHUNK))
    return np.concatenate([distances(part, among).min(axis=1) for part in parts])


def reach(features: Features, neighbours: int) -> NDArray[np.float64]:
    """Distance (n,) of each member to its k-th neighbour, itself not counted."""
    if len(features) <= neighbours:
        raise ValueError(f"{len(features)} pictures have no {neighbours} neighbours each.")
    return np.partition(distances(features, features), neighbours, axis=1)[:, neighbours]


def distances(one: Features, other: Features) -> NDArray[np.float64]:
    """Euclidean distances (n, m) between members of two sets."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    squares = (one**2).sum(1)[:, None] + (other**2).sum(1) - 2 * one @ other.T
    return np.sqrt(squares.clip(0))
