"""Meshes from curves: turned profiles, swept tubes and ribbons, stitches, puffed boxes."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

Array = np.ndarray


def mesh_object(
    name: str,
    vertices: Array,
    faces: Sequence[Sequence[int]],
    materials: Sequence[bpy.types.Material] = (),
    *,
    slots: Sequence[int] | None = None,
    corners: Array | None = None,
    subdivide: int = 0,
) -> bpy.types.Object:
    """A smooth-shaded object; ``corners`` (total corners, 2) are its UVs in metres."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.asarray(vertices).tolist(), [], [tuple(map(int, f)) for f in faces])
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    if slots is not None:
        mesh.polygons.foreach_set("material_index", np.asarray(slots, np.int32))
    if corners is not None:
        mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", corners.astype(np.float32).ravel())
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(obj)
    if subdivide:
        modifier = obj.modifiers.new("subdivision", "SUBSURF")
        modifier.levels = modifier.render_levels = subdivide
        modifier.uv_smooth = "NONE"
    return obj


def sheet_faces(rows: int, columns: int, *, closed: bool = False) -> Array:
    """Quads of a grid of rows × columns vertices; ``closed`` joins the last column to the first."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns - (not closed)), indexing="ij")
    after = (column + 1) % columns
    quads = (row * columns + column, row * columns + after)
    quads += ((row + 1) * columns + after, (row + 1) * columns + column)
    return np.stack([q.ravel() for q in quads], 1)


def sheet_corners(u: Array, v: Array, *, closed_at: float = 0.0) -> Array:
    """UVs per face corner for ``sheet_faces`` from per-vertex u (columns) and v (rows)."""
    columns = np.r_[u, closed_at] if closed_at else u
    row, column = np.meshgrid(np.arange(len(v) - 1), np.arange(len(columns) - 1), indexing="ij")
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    pairs = [np.stack([columns[c.ravel()], v[r.ravel()]], -1) for c, r in corners]
    return np.stack(pairs, 1).reshape(-1, 2)


def arc_length(path: Array) -> Array:
    return np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]


def lathe(name: str, profile: Array, materials, *, slots=None, sides: int = 160, subdivide: int = 0):
    """Turn a profile (n, 2) of (radius, height) about z; ``slots`` gives a material per segment."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    radius, height = profile[:, :1], profile[:, 1:]
    ring = np.stack(
        [radius * np.cos(angle), radius * np.sin(angle), np.broadcast_to(height, (len(profile), sides))],
        -1,
    )
    widest = profile[:, 0].max()
    corners = sheet_corners(angle * widest, arc_length(profile), closed_at=2 * np.pi * widest)
    per_face = None if slots is None else np.repeat(slots, sides)
    faces = sheet_faces(len(profile), sides, closed=True)
    return mesh_object(
        name, ring.reshape(-1, 3), faces, materials, slots=per_face, corners=corners, subdivide=subdivide
    )


def frames(path: Array, up: Array) -> tuple[Array, Array]:
    """Side and upward unit vectors along a path, twisting as little as the path allows."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-12
    ups = np.empty_like(path)
    current = np.asarray(up, float)
    for i, t in enumerate(tangent):
        current = current - t * (current @ t)
        current /= np.linalg.norm(current) + 1e-12
        ups[i] = current
    return np.cross(tangent, ups), ups


def tube(
    name: str,
    path: Array,
    radius,
    material: bpy.types.Material,
    *,
    flat: float = 1.0,
    up=(0, 0, 1),
    sides: int = 20,
    square: float = 2.0,
    cap: bool = True,
) -> bpy.types.Object:
    """Sweep an ellipse along a path (n, 3).

    ``radius`` is a number or one per point, ``flat`` the ratio of thickness to width, ``square``
    the superellipse's exponent (2 is round, 6 nearly a ribbon).
    """
    side, ups = frames(path, np.asarray(up, float))
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    power = 2 / square
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    height = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power * flat
    width = np.broadcast_to(radius, len(path))[:, None, None]
    ring = path[:, None] + width * (across[:, None] * side[:, None] + height[:, None] * ups[:, None])
    faces = sheet_faces(len(path), sides, closed=True).tolist()
    girth = 2 * np.pi * float(np.max(radius))
    corners = sheet_corners(angle / (2 * np.pi) * girth, arc_length(path), closed_at=girth)
    if cap:
        last = (len(path) - 1) * sides
        faces += [list(range(sides))[::-1], list(range(last, last + sides))]
        corners = np.vstack([corners, np.zeros((2 * sides, 2))])
    return mesh_object(name, ring.reshape(-1, 3), faces, [material], corners=corners)


def stitches(
    name: str, path: Array, material, *, pitch: float = 0.0045, length: float = 0.0034,
    radius: float = 0.0005, up=(0, 0, 1), lift: float = 0.0,
) -> bpy.types.Object:
    """Saddle stitches: short slanted capsules along a path, ends sunk into the surface."""
    total = arc_length(path)
    marks = np.arange(pitch / 2, total[-1] - length, pitch)
    along = np.stack([np.interp(marks[:, None] + np.linspace(0, length, 7), total, path[:, i]) for i in range(3)], -1)
    side, ups = frames(path, np.asarray(up, float))
    vertices, faces = [], []
    angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    bulge = np.sin(np.linspace(0.12, np.pi - 0.12, 7))
    for mark, spine in zip(marks, along, strict=True):
        i = min(np.searchsorted(total, mark), len(path) - 1)
        slant = np.linspace(-0.3, 0.3, 7)[:, None] * radius * 2 * side[i]
        rise = ((bulge - 0.75) * radius * 1.6 + lift)[:, None] * ups[i]
        ring = (spine + slant + rise)[:, None] + (bulge[:, None, None] ** 0.5) * radius * (
            np.cos(angle)[:, None] * side[i] + np.sin(angle)[:, None] * ups[i]
        )
        faces.append(sheet_faces(7, 8, closed=True) + len(vertices) * 56)
        vertices.append(ring.reshape(-1, 3))
    return mesh_object(name, np.vstack(vertices), np.vstack(faces), [material])


def box(
    name: str, size, material, *, centre=(0, 0, 0), cell: float = 0.02, round_to: float = 0.03,
    puff: float = 0.0, wobble: float = 0.0, seed: int = 0,
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


def rounded_rectangle(width: float, height: float, radius: float, steps: int = 10) -> Array:
    """A closed outline (n, 2) about the origin, counter-clockwise; the last point is the first."""
    angle = np.linspace(0, np.pi / 2, steps)
    w, h = width / 2 - radius, height / 2 - radius
    points = []
    for quarter, (x, y) in enumerate(((w, h), (-w, h), (-w, -h), (w, -h))):
        turn = angle + quarter * np.pi / 2
        points.append(np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], 1))
    outline = np.vstack(points)
    return np.vstack([outline, outline[:1]])
