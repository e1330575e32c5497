"""Rugs: cloth that lies flat on a floor, with and without fringes."""

from __future__ import annotations

import bpy
import numpy as np
import shapes


def rug(
    wool: bpy.types.Material,
    thread: bpy.types.Material | None,
    *,
    size: tuple[float, float],
    oval: bool = False,
    thickness: float = 0.008,
    ripple: float = 0.004,
    turn: float = 0.0,
    seed: int = 0,
) -> bpy.types.Object:
    """A rug of ``size`` metres lying at z = 0, ``turn`` radians about z; ``thread``: fringes."""
    rng = np.random.default_rng(seed)
    width, length = size
    outline = _oval(width, length) if oval else shapes.rounded_rectangle(width, length, 0.02, 4)
    rings = np.concatenate([np.linspace(0.02, 0.97, 26), [0.99, 1.0]])
    drop = np.r_[np.full(26, thickness), thickness * 0.75, 0.0]
    plan = rings[:, None, None] * outline[None]
    waves = np.zeros(plan.shape[:2])
    for _ in range(4):
        heading = rng.uniform(0, 2 * np.pi)
        along = plan @ (np.cos(heading), np.sin(heading))
        waves += np.sin(along * rng.uniform(2, 9) + rng.uniform(0, 6)) / 4
    height = drop[:, None] + ripple * np.maximum(waves, 0)
    place = np.concatenate([plan, height[..., None]], -1)
    faces = list(shapes.sheet_faces(*plan.shape[:2], closed=True)[:, ::-1])
    faces.append(range(len(outline)))  # the middle
    corners = np.concatenate([place.reshape(-1, 3)[list(face), :2] for face in faces])
    cloth = shapes.mesh_object("rug", place.reshape(-1, 3), faces, [wool], corners=corners)
    if thread is not None and not oval:
        _fringes(cloth, thread, width, length, rng)
    cloth.rotation_euler[2] = turn
    return cloth


def _oval(width: float, length: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    return np.stack([width / 2 * np.cos(angle), length / 2 * np.sin(angle)], -1)


def _fringes(cloth, thread, width: float, length: float, rng) -> None:
    """Knotted tassels along both short ends."""
    long = rng.uniform(0.05, 0.11)
    for sign in (-1, 1):
        for x in np.arange(-width / 2 + 0.012, width / 2, 0.022):
            t = np.linspace(0, 1, 5)[:, None]
            sway = rng.normal(0, 0.006)
            start = np.array([x, sign * length / 2 * 0.998, 0.005])
            end = start + (sway, sign * long * rng.uniform(0.85, 1.1), -0.002)
            radius = np.linspace(0.0045, 0.003, 5)
            tassel = shapes.tube("fringe", start + (end - start) * t, radius, thread, sides=6)
            tassel.parent = cloth
