"""Let cloth fall: Blender's cloth solver, run for a number of frames and frozen to a mesh."""

from __future__ import annotations

from collections.abc import Sequence

import bpy


def collider(obj: bpy.types.Object, *, friction: float = 20.0, thickness: float = 0.001) -> None:
    obj.modifiers.new("collision", "COLLISION")
    obj.collision.thickness_outer = thickness
    obj.collision.cloth_friction = friction


def settle(
    obj: bpy.types.Object,
    *,
    frames: int,
    rest: str | None = None,
    mass: float = 0.2,
    stretch: float = 25.0,
    bending: float = 0.4,
    pressure: Sequence[tuple[int, float]] = (),
    gap: float = 0.0015,
    self_collision: bool = True,
    quality: int = 6,
    gravity: float = 1.0,
) -> None:
    """Simulate ``obj`` as cloth and replace its mesh by the shape of the last frame.

    ``rest`` names a shape key that holds the relaxed pattern, ``pressure`` is a list of
    (frame, value) keys, ``gap`` the collision distance in metres.
    """
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, frames
    scene.gravity = (0.0, 0.0, -9.81 * gravity)
    modifier = obj.modifiers.new("cloth", "CLOTH")
    cloth, contact = modifier.settings, modifier.collision_settings
    cloth.quality, cloth.mass = quality, mass
    _weave(cloth, stretch, bending)
    if rest:
        cloth.rest_shape_key = obj.data.shape_keys.key_blocks[rest]
    contact.collision_quality, contact.distance_min = 2, gap
    contact.use_self_collision, contact.self_distance_min = self_collision, gap
    contact.self_friction = 8.0
    if pressure:
        cloth.use_pressure = True
        for frame, value in pressure:
            cloth.uniform_pressure_force = value
            cloth.keyframe_insert("uniform_pressure_force", frame=frame)
    modifier.point_cache.frame_start, modifier.point_cache.frame_end = 1, frames
    for frame in range(1, frames + 1):
        scene.frame_set(frame)
    freeze(obj)


def _weave(cloth: bpy.types.ClothSettings, stretch: float, bending: float) -> None:
    """Set how the cloth resists stretching, shearing and bending, all well damped."""
    cloth.tension_stiffness = cloth.compression_stiffness = stretch
    cloth.shear_stiffness, cloth.bending_stiffness = stretch * 0.4, bending
    cloth.tension_damping = cloth.compression_damping = cloth.shear_damping = 15.0
    cloth.bending_damping, cloth.air_damping = 1.5, 2.0


def freeze(obj: bpy.types.Object) -> None:
    """Replace the mesh by what the modifiers make of it, and drop them."""
    graph = bpy.context.evaluated_depsgraph_get()
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(graph), depsgraph=graph)
    obj.modifiers.clear()
    if obj.data.shape_keys:
        obj.shape_key_clear()
    obj.data = mesh


def smooth(obj: bpy.types.Object, *, levels: int = 1, thickness: float = 0.0) -> None:
    """Subdivide for the render and give the cloth its thickness in metres."""
    for polygon in obj.data.polygons:
        polygon.use_smooth = True
    if levels:
        modifier = obj.modifiers.new("subdivision", "SUBSURF")
        modifier.levels = modifier.render_levels = levels
        modifier.uv_smooth = "NONE"
    if thickness:
        modifier = obj.modifiers.new("thickness", "SOLIDIFY")
        modifier.thickness, modifier.offset = thickness, 0.0
