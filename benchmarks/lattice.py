"""Least squares on a regular lattice: curves, colour tables and gain fields fitted to samples."""

import itertools

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

ITERATIONS = 16
RIDGE = 1e-3
"""Pull towards zero of each lattice point, against a weight of 1 per sample."""


class Lattice:
    """Samples placed among the points of a lattice; values between points are interpolated."""

    def __init__(self, places: Array, shape: tuple[int, ...]) -> None:
        """`places` (n, d) in lattice steps; those outside are moved to the rim."""
        places = np.clip(places, 0, np.array(shape) - 1)
        low = np.minimum(places.astype(np.intp), np.maximum(np.array(shape) - 2, 0))
        part = places - low
        self._size = int(np.prod(shape))
        self._corners = []
        for corner in itertools.product((0, 1), repeat=len(shape)):
            index = np.ravel_multi_index((low + corner).T, shape)
            weight = np.prod(np.where(corner, part, 1 - part), axis=1)
            self._corners.append((index, weight))

    def read(self, points: Array) -> Array:
        """Interpolate lattice points (size, c) at the samples: (n, c)."""
        return sum(weight[:, None] * points[index] for index, weight in self._corners)

    def fit(self, values: Array, weights: Array | None = None) -> Array:
        """Lattice points (size, c) that come nearest to values (n, c), weighted (n,) or (n, c).

        Conjugate gradients on the normal equations. Points without samples are 0.
        """
        weights = np.ones_like(values) if weights is None else weights.reshape(len(values), -1)
        points = np.zeros((self._size, values.shape[1]))
        residual = self._gather(weights * values)
        direction, power = residual.copy(), (residual**2).sum(0)
        for _ in range(ITERATIONS):
            image = self._gather(weights * self.read(direction)) + RIDGE * direction
            step = power / np.maximum((direction * image).sum(0), 1e-30)
            points += step * direction
            residual -= step * image
            before, power = power, (residual**2).sum(0)
            direction = residual + power / np.maximum(before, 1e-30) * direction
        return points

    def _gather(self, values: Array) -> Array:
        """The transpose of `read`: each sample's value handed to the points around it."""
        total = np.zeros((self._size, values.shape[1]))
        for index, weight in self._corners:
            for channel in range(values.shape[1]):
                total[:, channel] += np.bincount(
                    index, weight * values[:, channel], minlength=self._size
                )
        return total
