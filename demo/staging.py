"""Random photo studios: floor, wall, camera and light round a product of ``variety``."""

from __future__ import annotations

from math import radians

import backgrounds
import bpy
import cloth
import numpy as np
import scene
import surfaces
from mathutils import Euler, Vector
from variety import KINDS, Kind, Random, any_colour


def _floor(rng: Random) -> tuple[str, bpy.types.Object]:
    """A floor at z = 0 (a collider for cloth) of a random make."""
    make = rng.choice(
        ["wood", "linen", "marble", "plaster", "sweep"], p=[0.28, 0.2, 0.12, 0.2, 0.2]
    )
    if make == "wood":
        light = np.array((0.62, 0.45, 0.29)) * rng.uniform(0.3, 1.3)
        dark = tuple(light * rng.uniform(0.4, 0.75))
        floor = backgrounds.wooden_table(
            light=tuple(light), dark=dark, plank=rng.uniform(0.08, 0.25)
        )
    elif make == "linen":
        floor = backgrounds.linen_table(
            any_colour(rng), seed=int(rng.integers(99)), crumple=rng.uniform(0, 0.006)
        )
    elif make == "marble":
        floor = backgrounds.plane("floor", 8.0, surfaces.marble("marble"))
    elif make == "plaster":
        floor = backgrounds.plane("floor", 8.0, surfaces.plaster("plaster", any_colour(rng)))
    else:
        floor = backgrounds.sweep(any_colour(rng, 0.3, 0.9), depth=2.0)
    return str(make), floor


def _product() -> list[bpy.types.Object]:
    stage = {"table", "backdrop", "floor", "sweep", "wall", "block"}
    return [o for o in bpy.context.scene.objects if o.type == "MESH" and o.name not in stage]


def _extent(objects) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper corner of what the objects occupy, trailing cables left out."""
    bpy.context.view_layer.update()
    bulky = [o for o in objects if o.name != "cable"]
    corners = [o.matrix_world @ Vector(c) for o in bulky for c in o.bound_box]
    return np.min(corners, axis=0), np.max(corners, axis=0)


def _stand(objects) -> None:
    """Lift or lower the product until it touches z = 0."""
    low, _ = _extent(objects)
    for obj in objects:
        if obj.parent is None:
            obj.location.z -= low[2]


def _camera(rng: Random, objects, kind: Kind) -> float:
    """Frame the product with a random lens and margin; return the size of its bounding sphere."""
    low, high = _extent(objects)
    centre, size = (low + high) / 2, float(np.linalg.norm(high - low))
    lens = rng.uniform(55, 120)
    distance = size * rng.uniform(0.78, 1.15) * lens / 36
    target = centre + rng.normal(0, 0.03 * size, 3)
    if kind.from_above:
        tilt, spin = radians(rng.uniform(-14, -0.5)), rng.uniform(-0.35, 0.35)
        away = Vector((0, np.sin(tilt), np.cos(tilt)))
    else:
        up, round_ = radians(rng.uniform(*kind.elevation)), radians(rng.uniform(-55, 55))
        away = Vector((np.sin(round_) * np.cos(up), -np.cos(round_) * np.cos(up), np.sin(up)))
        spin = rng.normal(0, 0.02)
    place = Vector(target) + away * distance
    scene.camera(tuple(place), tuple(target), lens=lens)
    rig = bpy.context.scene.camera
    rig.rotation_euler = (
        rig.rotation_euler.to_matrix() @ Euler((0, 0, spin)).to_matrix()
    ).to_euler()
    return size


def _light(rng: Random, size: float, target) -> None:
    """One key light, often a second, and light from the room, to about one white in all."""
    level, ambient = rng.uniform(0.8, 1.25), rng.uniform(0.2, 0.65)
    warm = rng.normal(0, 0.05)
    scene.ambient(level * ambient, (1 - warm / 2, 1.0, 1 + warm / 2))
    for share in (1.0, rng.uniform(0.1, 0.4))[: 1 + (rng.random() < 0.6)]:
        up, round_ = radians(rng.uniform(22, 75)), rng.uniform(0, 2 * np.pi)
        distance = size * rng.uniform(1.2, 2.5)
        away = np.array(
            [np.sin(round_) * np.cos(up), -abs(np.cos(round_)) * np.cos(up), np.sin(up)]
        )
        watts = level * (1 - ambient) * share * np.pi**2 * distance**2 / max(np.sin(up), 0.45)
        place = tuple(np.asarray(target) + away * distance)
        scene.softbox(
            place,
            tuple(target),
            size=size * rng.uniform(0.15, 1.2),
            watts=watts,
            colour=(1 + warm, 1.0, 1 - warm),
        )


def compose(seed: int, kind: str | None = None) -> dict[str, str | int]:
    """Build scene number ``seed`` in an empty file, of any or one ``kind``; say what it shows."""
    rng = np.random.default_rng(seed)
    names = list(KINDS)
    weights = np.array([KINDS[name].weight for name in names])
    name = kind or str(rng.choice(names, p=weights / weights.sum()))
    make, floor = _floor(rng)
    cloth.collider(floor)
    KINDS[name].build(rng)
    objects = _product()
    if name in ("cushion", "lamp", "seat", "bag", "mug", "vase", "beanie"):
        _stand(objects)
    if not KINDS[name].from_above and make != "sweep" and rng.random() < 0.7:
        _, high = _extent(objects)
        backgrounds.wall(any_colour(rng), y=float(high[1]) + rng.uniform(0.02, 0.6))
    size = _camera(rng, objects, KINDS[name])
    low, high = _extent(objects)
    _light(rng, size, (low + high) / 2)
    return {"seed": seed, "kind": name, "floor": make}
