"""Cushions and knitted hats."""

from __future__ import annotations

import bpy
import cloth
import numpy as np
import shapes
from pattern import Edge, Pattern, curve, outline, sew


def cushion(
    front: bpy.types.Material,
    cord: bpy.types.Material,
    *,
    side: float = 0.45,
    plump: float = 1.3,
    spacing: float = 0.0085,
    seed: int = 0,
    frames: int = 34,
) -> bpy.types.Object:
    """A square cushion, filled until its corners stand out, with a corded edge; lies on z = 0."""
    half, bow = side / 2, side * 0.02
    edges, count = [], 4
    corner = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    for i in range(count):
        a, b = corner[i], corner[(i + 1) % count]
        middle = (a + b) / 2 * (1 + bow / half)
        edges.append(Edge("seam", curve(tuple(a), tuple(middle), tuple(b))))
    obj = sew("cushion", Pattern(tuple(edges), tuple(edges)), spacing=spacing, seed=seed)
    obj.data.materials.append(front)
    obj.data.polygons.foreach_set("material_index", np.zeros(len(obj.data.polygons), np.int32))
    rim = len(outline(edges, spacing)[0])  # sew numbers the outline first
    cloth.settle(
        obj,
        frames=frames,
        stretch=30.0,
        bending=0.6,
        mass=0.3,
        gravity=0.0,
        pressure=((1, plump), (frames, plump)),
        self_collision=False,
        quality=5,
    )
    seam = np.array([obj.data.vertices[i].co for i in range(rim)])
    loop = _relaxed(np.vstack([seam, seam[:2]]))
    piping = shapes.tube("cord", loop, 0.0042, cord, sides=14, cap=False)
    piping.parent = obj
    cloth.smooth(obj, levels=1)
    return obj


def _relaxed(loop: np.ndarray, rounds: int = 3) -> np.ndarray:
    """Smooth a closed line a little (its last two points repeat the first two)."""
    ring = loop[:-2].copy()
    for _ in range(rounds):
        ring = 0.5 * ring + 0.25 * (np.roll(ring, 1, 0) + np.roll(ring, -1, 0))
    return np.vstack([ring, ring[:2]])


def beanie(
    wool: bpy.types.Material,
    *,
    ribs: int = 44,
    girth: float = 0.54,
    crown: float = 0.215,
    cuff: float = 0.075,
    depth: float = 0.0024,
    slouch: float = 0.012,
    seed: int = 0,
) -> None:
    """A ribbed hat as on an invisible head: crown and turned-up cuff, mouth on z = 0."""
    rng = np.random.default_rng(seed)
    r = girth / (2 * np.pi)
    cap = curve(
        (r * 0.97, 0.012),
        (r * 0.985, crown * 0.3),
        (r * 1.0, crown * 0.5),
        (r * 0.93, crown * 0.76),
        (r * 0.68, crown * 0.95),
        (r * 0.34, crown * 1.035),
        (r * 0.05, crown * 1.045),
        (0.0003, crown * 1.035),
        steps=32,
    )
    fold = 0.0065
    turn_up = curve(
        (r * 0.93, cuff * 0.92),
        (r * 0.95, 0.02),
        (r * 0.965, 0.004),
        (r * 0.985, 0.0),
        (r + fold * 0.75, 0.005),
        (r + fold, 0.018),
        (r + fold * 1.15, cuff * 0.6),
        (r + fold * 0.95, cuff - 0.004),
        (r + fold * 0.55, cuff),
        (r * 0.99, cuff - 0.006),
        steps=16,
    )
    bend = rng.uniform(0, 2 * np.pi, 6)
    for name, profile, phase in (("crown", cap, 0.0), ("cuff", turn_up, np.pi)):
        _ribbed(name, profile, wool, ribs, depth, phase, r, slouch, crown, bend)


def _ribbed(name, profile, wool, ribs, depth, phase, r, slouch, crown, bend) -> None:
    sides = ribs * 14
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    line = shapes.arc_length(profile)
    normal = np.gradient(profile, axis=0)[:, ::-1] * (1, -1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    rib = np.cos(ribs * angle + phase)
    rib = np.sign(rib) * np.abs(rib) ** 0.6 * depth
    close = np.clip(profile[:, 0] / (r * 0.5), 0, 1)[:, None]
    radius = profile[:, :1] + normal[:, :1] * rib * close
    height = profile[:, 1:] + normal[:, 1:] * rib * close
    up = np.clip(height / crown, 0, 1.1)
    sway = 1 + 0.018 * np.sin(2 * angle + bend[0]) + 0.012 * np.sin(3 * angle + bend[1] + 3 * up)
    radius = radius * (1 + (sway - 1) * (0.4 + up))
    x = radius * np.cos(angle) + slouch * up**2 * np.cos(bend[2])
    y = radius * np.sin(angle) * 1.08 + slouch * up**2 * np.sin(bend[2])
    lean = 0.006 * np.sin(angle + bend[3]) - 0.004 * np.sin(2 * angle + bend[4])
    z = height + lean * up * np.minimum(close, 1 - up * 0.5)
    corners = shapes.sheet_corners(angle * r, line, closed_at=2 * np.pi * r)
    place = np.stack([x, y, z], -1).reshape(-1, 3)
    faces = shapes.sheet_faces(len(profile), sides, closed=True)
    shapes.mesh_object(name, place, faces, [wool], corners=corners)


def throw(
    wool: bpy.types.Material,
    *,
    size: tuple[float, float],
    over: tuple[float, float, float],
    turn: float = 0.3,
    spacing: float = 0.018,
    seed: int = 0,
    frames: int = 40,
) -> bpy.types.Object:
    """A blanket dropped over a box of size ``over`` that stands on z = 0 (a collider floor)."""
    rng = np.random.default_rng(seed)
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=(0, 0, over[2] / 2))
    block = bpy.context.object
    block.name, block.scale, block.hide_render = "block", over, True
    cloth.collider(block, friction=8.0)
    columns, rows = (np.arange(-s / 2, s / 2, spacing) for s in size)
    u, v = np.meshgrid(columns, rows)
    x = u * np.cos(turn) - v * np.sin(turn)
    y = u * np.sin(turn) + v * np.cos(turn)
    z = over[2] + 0.015 + 0.006 * np.sin(u * rng.uniform(8, 20)) * np.sin(v * rng.uniform(8, 20))
    place = np.stack([x, y, z], -1).reshape(-1, 3)
    corners = shapes.sheet_corners(columns, rows)
    faces = shapes.sheet_faces(len(rows), len(columns))
    obj = shapes.mesh_object("throw", place, faces, [wool], corners=corners)
    cloth.settle(obj, frames=frames, stretch=15.0, bending=0.4, mass=0.3, gap=0.003, quality=5)
    cloth.smooth(obj, levels=1, thickness=0.003)
    return obj
