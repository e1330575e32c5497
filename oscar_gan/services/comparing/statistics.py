"""Paired statistics: how sure a difference between two generators on the same photos is.

Differences are taken per photo, so that easy and hard photos cancel out. Plain NumPy; seeded, so
that the same figures give the same verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
CONFIDENCE = 0.95
SEED = 1979
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Paired:
    """What some differences (n,) say about their mean."""

    n: int
    mean: float
    low: float
    high: float
    """Ends of the mean's 95 % interval; nan below two differences."""
    p: float
    """Two-sided: how often chance alone gives a mean as far from 0; nan without differences."""


def paired(differences: NDArray[np.floating]) -> Paired:
    """Mean, interval and p of differences (n,), all finite."""
    values = np.asarray(differences, float)
    if not len(values):
        return Paired(0, *(float("nan"),) * 4)
    low, high = bootstrap_interval(values)
    return Paired(len(values), float(values.mean()), low, high, sign_flip_p(values))


def bootstrap_interval(
    values: NDArray[np.floating], *, confidence: float = CONFIDENCE, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """The interval of the mean of values (n,): bias-corrected and accelerated bootstrap.

    Efron (1987); Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 14.
    It follows skewed differences, which losing a few photos altogether gives, where a symmetric
    interval does not. From few values it is too narrow, like every bootstrap: see `loss_bound`.
    """
    if len(values) < 2:
        return float("nan"), float("nan")
    mean = values.mean()
    if np.ptp(values) == 0:
        return float(mean), float(mean)
    random = np.random.default_rng(SEED)
    means = values[random.integers(len(values), size=(resamples, len(values)))].mean(axis=1)
    # Ties count half: means of few differences often equal the mean itself.
    below = ((means < mean).sum() + 0.5 * (means == mean).sum() + 0.5) / (resamples + 1)
    bias = NORMAL.inv_cdf(below)
    left_out = mean - (values.sum() - values) / (len(values) - 1)
    acceleration = (left_out**3).sum() / (6 * (left_out**2).sum() ** 1.5)
    tail = NORMAL.inv_cdf((1 - confidence) / 2)
    shares = [
        NORMAL.cdf(bias + (bias + z) / (1 - acceleration * (bias + z))) for z in (tail, -tail)
    ]
    low, high = np.quantile(means, shares)
    return float(low), float(high)


def sign_flip_p(values: NDArray[np.floating], *, flips: int = RESAMPLES) -> float:
    """Two-sided p of the mean of differences (n,) being 0: Fisher's paired randomisation test.

    If neither generator is better, each photo's difference had either sign with equal chance.
    All 2ⁿ signs where they are no more than `flips`, else that many drawn ones, of which the
    observed one counts as one (Phipson and Smyth, 2010).
    """
    count, observed = len(values), abs(values.sum())
    close = observed - 1e-9 * np.abs(values).sum()
    if 2**count <= flips:
        signs = 1 - 2 * (np.arange(2**count)[:, None] >> np.arange(count) & 1)
        return float((np.abs(signs @ values) >= close).mean())
    random = np.random.default_rng(SEED)
    signs = 1 - 2 * random.integers(2, size=(flips, count), dtype=np.int8)
    return float(((np.abs(signs @ values) >= close).sum() + 1) / (flips + 1))


def loss_bound(gains: NDArray[np.floating], *, spread: float = 0.0, tests: int = 1) -> float:
    """The most that the mean of gains (n,) may truly be; below 0, a loss is real.

    The upper end of a normal interval at 95 %, shared out among `tests` looked at together
    (Bonferroni). Its standard deviation is the larger of the gains' own and of `spread`, that of
    all groups: three photos that happen to agree are no proof.
    """
    own = float(np.std(gains, ddof=1)) if len(gains) > 1 else 0.0
    reach = -NORMAL.inv_cdf((1 - CONFIDENCE) / 2 / tests)
    return float(np.mean(gains) + reach * max(own, spread) / np.sqrt(len(gains)))


def spread_within(groups: list[NDArray[np.floating]]) -> float:
    """Standard deviation of gains within their groups, each (n,): pooled over the groups."""
    residuals = np.concatenate([group - group.mean() for group in groups])
    freedom = len(residuals) - len(groups)
    return float(np.sqrt((residuals**2).sum() / freedom)) if freedom > 0 else 0.0
