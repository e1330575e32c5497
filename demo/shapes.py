"""Meshes from curves: turned profiles, swept tubes and ribbons, stitches."""

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
    """Quads of a grid of rows × columns vertices; ``closed`` joins last and first column."""
    row, column = np.meshgrid(
        np.arange(rows - 1), np.arange(columns - (not closed)), indexing="ij"
    )
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


def lathe(
    name: str, profile: Array, materials, *, slots=None, sides: int = 160, subdivide: int = 0
):
    """Turn a profile (n, 2) of (radius, height) about z; ``slots``: a material per segment."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    radius, height = profile[:, :1], profile[:, 1:]
    ring = np.stack(
        [
            radius * np.cos(angle),
            radius * np.sin(angle),
            np.broadcast_to(height, (len(profile), sides)),
        ],
        -1,
    )
    widest = profile[:, 0].max()
    corners = sheet_corners(angle * widest, arc_length(profile), closed_at=2 * np.pi * widest)
    per_face = None if slots is None else np.repeat(slots, sides)
    faces = sheet_faces(len(profile), sides, closed=True)
    return mesh_object(
        name,
        ring.reshape(-1, 3),
        faces,
        materials,
        slots=per_face,
        corners=corners,
        subdivide=subdivide,
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
    ring = path[:, None] + width * (
        across[:, None] * side[:, None] + height[:, None] * ups[:, None]
    )
    faces = sheet_faces(len(path), sides, closed=True).tolist()
    girth = 2 * np.pi * float(np.max(radius))
    corners = sheet_corners(angle / (2 * np.pi) * girth, arc_length(path), closed_at=girth)
    if cap:
        last = (len(path) - 1) * sides
        faces += [list(range(sides))[::-1], list(range(last, last + sides))]
        corners = np.vstack([corners, np.zeros((2 * sides, 2))])
    return mesh_object(name, ring.reshape(-1, 3), faces, [material], corners=corners)


def stitches(
    name: str,
    path: Array,
    material,
    *,
    pitch: float = 0.0045,
    length: float = 0.0034,
    radius: float = 0.0005,
    up=(0, 0, 1),
    lift: float = 0.0,
) -> bpy.types.Object:
    """Saddle stitches: short slanted capsules along a path, ends sunk into the surface."""
    total = arc_length(path)
    marks = np.arange(pitch / 2, total[-1] - length, pitch)
    along = np.stack(
        [
            np.interp(marks[:, None] + np.linspace(0, length, 7), total, path[:, i])
            for i in range(3)
        ],
        -1,
    )
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
