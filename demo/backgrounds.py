"""What products stand or lie on: tables, sweeps, linen, stone, a room."""

from __future__ import annotations

import bpy
import materials
import numpy as np
import surfaces
import textures
from scene import Point


def slab(
    name: str, size: Point, centre: Point, material: bpy.types.Material, *, bevel: float = 0.0
) -> bpy.types.Object:
    """A box of ``size`` metres; with its top at the centre's z when used as a table."""
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=centre)
    obj = bpy.context.object
    obj.name, obj.scale = name, size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    if bevel:
        modifier = obj.modifiers.new("bevel", "BEVEL")
        modifier.width, modifier.segments = bevel, 4
    obj.data.materials.append(material)
    return obj


def plane(name: str, side: float, material: bpy.types.Material, *, z: float = 0.0, cuts: int = 0):
    """A square floor with UVs in metres, cut into ``cuts`` strips each way."""
    bpy.ops.mesh.primitive_grid_add(
        x_subdivisions=cuts + 1, y_subdivisions=cuts + 1, size=side, location=(0, 0, z)
    )
    obj = bpy.context.object
    obj.name = name
    uv = obj.data.uv_layers[0]
    scaled = np.empty(len(uv.data) * 2, np.float32)
    uv.data.foreach_get("uv", scaled)
    uv.data.foreach_set("uv", scaled * side)
    obj.data.materials.append(material)
    return obj


def wooden_table(*, light=(0.62, 0.46, 0.3), dark=(0.4, 0.26, 0.15), plank: float = 0.14, **look):
    return plane("table", 6.0, surfaces.oak("table", light, dark, plank=plank, **look))


def linen_table(colour: Point = (0.62, 0.57, 0.49), *, seed: int = 0, crumple: float = 0.006):
    """A linen cloth over the table, with soft creases."""
    weave = textures.plain_weave(seed=seed, slub=0.22)
    material = materials.fabric("backdrop", colour, weave, repeat=0.02, depth=0.0002)
    retire(material)
    obj = plane("backdrop", 3.0, material, cuts=220)
    rng = np.random.default_rng(seed)
    place = np.array([v.co for v in obj.data.vertices])
    for _ in range(14):
        heading, phase = rng.uniform(0, 2 * np.pi, 2)
        wave = rng.uniform(3, 16)
        swing = np.sin(place[:, :2] @ (np.cos(heading), np.sin(heading)) * wave + phase)
        bend = np.sin(place[:, 0] * rng.uniform(1, 4) + rng.uniform(0, 6))
        place[:, 2] += crumple * (1 - np.abs(swing + 0.35 * bend)) / 6
    place[:, 2] -= place[:, 2].max()
    obj.data.vertices.foreach_set("co", place.ravel())
    for polygon in obj.data.polygons:
        polygon.use_smooth = True
    return obj


def retire(material: bpy.types.Material) -> None:
    """Take a dyed material out of the product: its colour and mattes stay put."""
    for node in material.node_tree.nodes:
        if node.label == "dye":
            node.label = "fixed"
        if node.label in ("matte", "keep"):
            for link in list(node.inputs["Strength"].links):
                material.node_tree.links.remove(link)
            node.inputs["Strength"].default_value = 0.0


def sweep(
    colour: Point = (0.8, 0.79, 0.77),
    *,
    depth: float = 1.2,
    radius: float = 0.6,
    width: float = 8.0,
    grit: float = 0.0002,
):
    """A paper sweep: floor, a quarter circle at ``y = depth``, wall."""
    turn = np.linspace(0, np.pi / 2, 24)
    profile = [(-6.0, 0.0)]
    profile += [(depth + radius * np.sin(t), radius * (1 - np.cos(t))) for t in turn]
    profile += [(depth + radius, 6.0)]
    vertices = [(x, y, z) for y, z in profile for x in (-width / 2, width / 2)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(profile) - 1)]
    mesh = bpy.data.meshes.new("sweep")
    mesh.from_pydata(vertices, [], faces)
    for polygon in mesh.polygons:
        polygon.use_smooth = True
    obj = bpy.data.objects.new("sweep", mesh)
    bpy.context.collection.objects.link(obj)
    mesh.materials.append(surfaces.plaster("sweep", colour, grit=grit))
    return obj


def wall(colour: Point, *, y: float, grit: float = 0.0015, height: float = 4.0):
    """A painted wall across the picture at depth ``y``."""
    return slab(
        "wall",
        (12, 0.1, height),
        (0, y + 0.05, height / 2 - 0.5),
        surfaces.plaster("wall", colour, grit=grit),
    )
