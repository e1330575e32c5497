"""The photographer's studio: camera, lights, passes and the render itself."""

from __future__ import annotations

from pathlib import Path

import bpy
from mathutils import Vector
from nodes import Graph, Socket

Point = tuple[float, float, float]


def reset() -> bpy.types.Scene:
    """Start an empty file and return its scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("studio")
    scene.world.use_nodes = True
    return scene


def configure(
    side: tuple[int, int], samples: int, threads: int = 2, *, dither: float = 1.0
) -> None:
    """Cycles on the CPU with OpenImageDenoise, shown in plain sRGB (no film look).

    ``dither`` is the noise, in 8-bit steps, that hides banding in smooth backdrops.
    """
    scene = bpy.context.scene
    scene.render.dither_intensity = dither
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = side
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.view_settings.view_transform = "Standard"
    cycles = scene.cycles
    cycles.device, cycles.samples = "CPU", samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.03
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 4, 3
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0


def camera(place: Point, target: Point, *, lens: float = 85.0, shift_y: float = 0.0) -> None:
    """A camera at ``place`` (metres) looking at ``target``, with a lens in millimetres."""
    data = bpy.data.cameras.new("camera")
    data.lens, data.shift_y = lens, shift_y
    rig = bpy.data.objects.new("camera", data)
    rig.location = place
    rig.rotation_euler = (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(rig)
    bpy.context.scene.camera = rig


def softbox(
    place: Point, target: Point, *, size: float, watts: float, colour: Point = (1, 1, 1)
) -> None:
    """A square area light aimed at ``target``."""
    data = bpy.data.lights.new("softbox", "AREA")
    data.size, data.energy, data.color = size, watts, colour
    light = bpy.data.objects.new("softbox", data)
    light.location = place
    light.rotation_euler = (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(light)


def ambient(strength: float, colour: Point = (1, 1, 1)) -> None:
    """Even light from everywhere: the walls of the studio."""
    background = bpy.context.scene.world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (*colour, 1.0)
    background.inputs[1].default_value = strength


def finish(
    graph: Graph, surface: Socket, *, matte: Socket | float = 0.0, keep: Socket | float = 0.0
):
    """Close a material with its three looks: beauty, recolourable matte, keep matte."""
    output = graph.node("OutputMaterial", {"Surface": surface})
    surface.node.label = "beauty"
    for label, strength in (("matte", matte), ("keep", keep)):
        graph.emission(strength).node.label = label
    output.label = "output"
    return graph.material


def show(label: str) -> None:
    """Switch every material to one of the looks that ``finish`` prepared."""
    for material in bpy.data.materials:
        if not material.use_nodes:
            continue
        nodes = {node.label: node for node in material.node_tree.nodes if node.label}
        if label in nodes:
            material.node_tree.links.new(
                nodes[label].outputs[0], nodes["output"].inputs["Surface"]
            )


def dye(colour: Point) -> None:
    """Set the linear RGB albedo of everything recolourable."""
    for material in bpy.data.materials:
        for node in material.node_tree.nodes if material.use_nodes else ():
            if node.label == "dye":
                node.outputs[0].default_value = (*colour, 1.0)


def linear(code: str) -> Point:
    """Linear RGB of a hex colour such as ``#24345C``."""
    channels = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def render(path: Path) -> None:
    """Render the beauty look to a PNG file."""
    show("beauty")
    scene = bpy.context.scene
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def render_mask(path: Path, label: str, samples: int = 24) -> None:
    """Render a matte (``matte`` or ``keep``) as an exact 8-bit coverage image, no denoiser."""
    scene = bpy.context.scene
    cycles, view, world = scene.cycles, scene.view_settings, scene.world.node_tree
    ambience = world.nodes["Background"].inputs[1]
    kept = cycles.samples, cycles.use_denoising, cycles.max_bounces, ambience.default_value
    scene.render.dither_intensity = 0.0
    lights = [o for o in scene.objects if o.type == "LIGHT"]
    show(label)
    for light in lights:
        light.hide_render = True
    cycles.samples, cycles.use_denoising, cycles.max_bounces = samples, False, 0
    ambience.default_value, view.view_transform = 0.0, "Raw"
    scene.render.image_settings.color_mode = "BW"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    cycles.samples, cycles.use_denoising, cycles.max_bounces, ambience.default_value = kept
    view.view_transform = "Standard"
    for light in lights:
        light.hide_render = False
