"""Rounded, bulging, slightly uneven boxes: upholstery, and small fittings without the bulge."""

from __future__ import annotations

import bpy
import numpy as np
from shapes import mesh_object, sheet_corners, sheet_faces

Array = np.ndarray


def box(
    name: str,
    size,
    material,
    *,
    centre=(0, 0, 0),
    cell: float = 0.02,
    round_to: float = 0.03,
    puff: float = 0.0,
    wobble: float = 0.0,
    seed: int = 0,
) -> bpy.types.Object:
    """A rounded box of upholstery with UVs in metres on each side.

    ``round_to`` is the edge radius, ``puff`` how far the middle of each side bulges and
    ``wobble`` the depth of the unevenness of stuffing, all in metres.
    """
    half = np.asarray(size, float) / 2
    rng = np.random.default_rng(seed)
    vertices, faces, corners, count = [], [], [], 0
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1, 1):
            columns = np.linspace(-half[u], half[u], max(3, round(2 * half[u] / cell)))
            rows = np.linspace(-half[v], half[v], max(3, round(2 * half[v] / cell)))
            grid = np.empty((len(rows), len(columns), 3))
            grid[..., u], grid[..., v], grid[..., axis] = columns, rows[:, None], sign * half[axis]
            quads = sheet_faces(len(rows), len(columns)) + count
            faces.append(quads if sign > 0 else quads[:, ::-1])
            uv = sheet_corners(columns + rng.uniform(0, 1), rows).reshape(-1, 4, 2)
            corners.append((uv if sign > 0 else uv[:, ::-1]).reshape(-1, 2))
            vertices.append(grid.reshape(-1, 3))
            count += grid.size // 3
    flat = np.vstack(vertices)
    place = _rounded(flat, half, min(round_to, half.min() * 0.98))
    inner = np.clip(1 - (flat / half) ** 2, 0, 1)
    bulge = [inner[:, (a + 1) % 3] * inner[:, (a + 2) % 3] for a in range(3)]
    place += puff * np.stack(bulge, 1) * (flat / half)
    place += wobble * _unevenness(flat, rng)
    obj = mesh_object(name, place, np.vstack(faces), [material], corners=np.vstack(corners))
    obj.location = centre
    _weld(obj)
    return obj


def _rounded(points: Array, half: Array, radius: float) -> Array:
    core = np.clip(points, -(half - radius), half - radius)
    outward = points - core
    norm = np.linalg.norm(outward, axis=1, keepdims=True)
    return core + outward / np.maximum(norm, 1e-9) * np.minimum(norm, radius)


def _unevenness(points: Array, rng, waves: int = 10) -> Array:
    """A smooth random vector field of about unit size with wavelengths of 10 to 50 cm."""
    total = np.zeros_like(points)
    for _ in range(waves):
        direction = rng.normal(size=3)
        direction *= 2 * np.pi / rng.uniform(0.12, 0.5) / np.linalg.norm(direction)
        total += np.sin(points @ direction + rng.uniform(0, 6.28))[:, None] * rng.normal(size=3)
    return total / waves**0.5


def _weld(obj: bpy.types.Object) -> None:
    modifier = obj.modifiers.new("weld", "WELD")
    modifier.merge_threshold = 1e-4
