"""Flat sewing patterns as triangle meshes: a front and a back that share their seam vertices."""

from __future__ import annotations

from dataclasses import dataclass, field

import bpy
import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt

Array = np.ndarray


@dataclass(frozen=True)
class Edge:
    """One stretch of a panel's outline: ``kind`` is seam, hem or collar; points (n, 2), metres."""

    kind: str
    points: Array


@dataclass(frozen=True)
class Pattern:
    """Both panels, counter-clockwise from the hem's left end, and lines sewn on top of them."""

    front: tuple[Edge, ...]
    back: tuple[Edge, ...]
    armholes: tuple[Array, ...] = field(default=())


def curve(*anchors: tuple[float, float], steps: int = 24) -> Array:
    """A Catmull-Rom curve through the anchors."""
    p = np.array([anchors[0], *anchors, anchors[-1]], float)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        bend = 2 * a - 5 * b + 4 * c - d
        twist = -a + 3 * b - 3 * c + d
        pieces.append(0.5 * (2 * b + (c - a) * t + bend * t**2 + twist * t**3))
    return np.vstack([*pieces, p[-1:]])


def mirrored(points: Array) -> Array:
    """The same line on the other side of the body, walked backwards."""
    return points[::-1] * (-1, 1)


def resample(points: Array, spacing: float) -> Array:
    """Points at (nearly) equal spacing along a line, ends included."""
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    marks = np.linspace(0, length[-1], max(2, round(length[-1] / spacing) + 1))
    return np.stack([np.interp(marks, length, points[:, i]) for i in (0, 1)], axis=1)


def distance(points: Array, line: Array) -> tuple[Array, Array]:
    """Distance of every point (n, 2) to a line, and how far along the line its foot lies."""
    start, step = line[:-1], np.diff(line, axis=0)
    length = np.linalg.norm(step, axis=1)
    offset = points[:, None] - start
    t = np.clip((offset * step).sum(-1) / np.maximum(length**2, 1e-12), 0, 1)
    gaps = np.linalg.norm(offset - t[..., None] * step, axis=-1)
    nearest = gaps.argmin(1)
    row = np.arange(len(points))
    before = np.r_[0, np.cumsum(length)][nearest]
    return gaps[row, nearest], before + t[row, nearest] * length[nearest]


def _inside(points: Array, outline: Array) -> Array:
    x, y = points[:, :1], points[:, 1:]
    a, b = outline, np.roll(outline, -1, axis=0)
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    slope = np.where(b[:, 1] == a[:, 1], 1e-12, b[:, 1] - a[:, 1])
    left = x < (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / slope + a[:, 0]
    return (crosses & left).sum(1) % 2 == 1


def _triangulate(outline: Array, spacing: float, rng) -> tuple[Array, list[tuple[int, ...]]]:
    """Fill an outline with jittered hexagonal points; outline vertices keep their numbers."""
    low, high = outline.min(0), outline.max(0)
    rows = np.arange(low[1], high[1], spacing * 0.866)
    columns = np.arange(low[0], high[0], spacing)
    x, y = np.meshgrid(columns, rows)
    x = x + (np.arange(len(rows)) % 2)[:, None] * spacing / 2
    grid = np.stack([x.ravel(), y.ravel()], 1) + rng.normal(0, spacing * 0.1, (x.size, 2))
    grid = grid[_inside(grid, outline)]
    closed = np.vstack([outline, outline[:1]])
    grid = grid[distance(grid, closed)[0] > spacing * 0.6]
    count = len(outline)
    ring = [(i, (i + 1) % count) for i in range(count)]
    points = [Vector(p) for p in np.vstack([outline, grid])]
    vertices, _, faces, origins, *_ = delaunay_2d_cdt(points, ring, [list(range(count))], 1, 1e-6)
    if any(origin[0] != i for i, origin in enumerate(origins[:count])):
        raise ValueError("The outline crosses itself or has two points in one place.")
    return np.array([v[:] for v in vertices]), [tuple(f) for f in faces]


def sew(name: str, pattern: Pattern, *, spacing: float = 0.008, seed: int = 0) -> bpy.types.Object:
    """Build the garment flat on z = 0: front 4 mm above the back, seams shared.

    UV layers, in metres: ``UVMap`` is the pattern itself (the back lies 2 m to the right);
    ``collar``, ``hem`` and ``armhole`` hold (distance to that line, position along it).
    """
    rng = np.random.default_rng(seed)
    vertices, faces, flat, panels = [], [], [], []
    seams: dict[tuple[float, float], int] = {}
    for side, edges in enumerate((pattern.front, pattern.back)):
        rim, on_seam = outline(edges, spacing)
        points, triangles = _triangulate(rim, spacing, rng)
        number = []
        for i, (x, y) in enumerate(points):
            shared = i < len(rim) and on_seam[i]
            key = (round(x, 5), round(y, 5))
            if shared and side and key in seams:
                number.append(seams[key])
                continue
            if shared:
                seams[key] = len(vertices)
            number.append(len(vertices))
            vertices.append((x, y, 0.003 if shared else 0.005 - 0.004 * side))
        for triangle in triangles:
            ordered = triangle[::-1] if side else triangle
            faces.append(tuple(number[i] for i in ordered))
            flat.append(points[list(ordered)])
            panels.append(side)
    obj = _mesh(name, vertices, faces, panels)
    _write_layers(obj.data, pattern, np.array(flat), np.array(panels))
    return obj


def outline(edges: tuple[Edge, ...], spacing: float) -> tuple[Array, Array]:
    """A panel's closed outline (n, 2), and which of its vertices lie on a seam."""
    lines = [resample(edge.points, spacing)[:-1] for edge in edges]
    on_seam = np.repeat([edge.kind == "seam" for edge in edges], [len(line) for line in lines])
    return np.vstack(lines), on_seam | np.roll(on_seam, 1)


def _mesh(name: str, vertices, faces, panels) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, [], faces)
    mesh.polygons.foreach_set("material_index", panels)
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(obj)
    return obj


def _write_layers(mesh, pattern: Pattern, corners: Array, panels: Array) -> None:
    layers = {name: np.ones((*corners.shape[:2], 2)) for name in ("collar", "hem", "armhole")}
    for side, edges in enumerate((pattern.front, pattern.back)):
        chosen = panels == side
        points = corners[chosen].reshape(-1, 2)
        sewn = {name: [e.points for e in edges if e.kind == name] for name in ("collar", "hem")}
        for name, lines in (sewn | {"armhole": pattern.armholes}).items():
            if lines:
                layers[name][chosen] = _nearest(points, lines).reshape(-1, 3, 2)
    layers["UVMap"] = corners + panels[:, None, None] * (2.0, 0.0)
    for name in ("UVMap", "collar", "hem", "armhole"):
        layer = mesh.uv_layers.new(name=name)
        layer.data.foreach_set("uv", layers[name].astype(np.float32).ravel())


def _nearest(points: Array, lines) -> Array:
    found = np.array([distance(points, line) for line in lines])
    best = found[:, 0].argmin(0)
    return found[best, :, np.arange(len(points))]
