"""How far two sets of pictures are apart, by their features (n, d): Fréchet distance and KID."""

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating]

DEGREE = 3
"""Of KID's polynomial kernel."""


def frechet_distance(one: Features, other: Features) -> float:
    """Fréchet distance of the Gaussians fitted to two sets (Dowson and Landau, 1982).

    |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), as in FID (Heusel and others, 2017), on any features.
    Biased upwards by about d²/n, so only sets of one size may be compared. Raises ValueError when
    a set has fewer than two members.
    """
    for features in (one, other):
        if len(features) < 2:
            raise ValueError(f"A covariance needs two pictures at least, not {len(features)}.")
    shift = one.mean(0) - other.mean(0)
    spreads = [np.atleast_2d(np.cov(features, rowvar=False)) for features in (one, other)]
    root = _root(spreads[0])
    # The eigenvalues of Σ₁Σ₂ are those of the symmetric √Σ₁ Σ₂ √Σ₁, which are safe to compute.
    shared = np.linalg.eigvalsh(root @ spreads[1] @ root).clip(0)
    total = shift @ shift + spreads[0].trace() + spreads[1].trace() - 2 * np.sqrt(shared).sum()
    return float(max(total, 0.0))


def kernel_distance(one: Features, other: Features) -> float:
    """KID: the squared maximum mean discrepancy under (x·y / d + 1)³, without bias.

    Bińkowski and others (2018), equation 4. Around 0 for sets of one kind, and then often below.
    """
    n, m = len(one), len(other)
    if min(n, m) < 2:
        raise ValueError(f"KID needs two pictures a set at least, not {n} and {m}.")
    within_one, within_other = _kernel(one, one), _kernel(other, other)
    same = (within_one.sum() - within_one.trace()) / (n * (n - 1))
    same += (within_other.sum() - within_other.trace()) / (m * (m - 1))
    return float(same - 2 * _kernel(one, other).mean())


def _kernel(one: Features, other: Features) -> NDArray[np.float64]:
    return (one.astype(np.float64) @ other.T / one.shape[1] + 1) ** DEGREE


def _root(matrix: NDArray[np.floating]) -> NDArray[np.floating]:
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T
