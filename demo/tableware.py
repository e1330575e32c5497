"""Hard goods turned on a wheel or a lathe: mugs, vases and desk lamps."""

from __future__ import annotations

import bpy
import materials
import numpy as np
import shapes
from pattern import curve
from scene import Point


def mug(
    material: bpy.types.Material,
    *,
    height: float = 0.095,
    width: float = 0.086,
    belly: float = 0.0,
):
    """A thrown mug standing on z = 0 with its handle towards +x (millimetre voxels, fused)."""
    r, h = width / 2, height
    outer = curve(
        (0.0, 0.004),
        (r * 0.62, 0.0035),
        (r * 0.7, 0.0),
        (r * 0.78, 0.0),
        (r * 0.83, 0.005),
        (r * 0.955, 0.014),
        (r + belly * 0.6, h * 0.3),
        (r + belly, h * 0.55),
        (r * 1.0, h * 0.8),
        (r * 1.012, h - 0.0022),
        (r * 0.99, h),
        steps=8,
    )
    inner = curve(
        (r * 0.99, h),
        (r * 0.945, h - 0.0025),
        (r * 0.92, h * 0.8),
        (r * 0.91 + belly, h * 0.4),
        (r * 0.86, 0.02),
        (r * 0.6, 0.009),
        (0.0, 0.008),
        steps=8,
    )
    body = shapes.lathe("mug", np.vstack([outer, inner[1:]]), [material], sides=128)
    return fuse(body, _handle(material, r, h), voxel=0.0009, blur=9)


def _handle(material: bpy.types.Material, r: float, h: float) -> bpy.types.Object:
    """A pulled handle for a mug of radius r and height h, its ends inside the wall."""
    reach = r + h * 0.36
    loop = curve(
        (r * 0.9, h * 0.82),
        (r + 0.012, h * 0.845),
        (reach, h * 0.72),
        (reach + 0.001, h * 0.48),
        (r + 0.016, h * 0.24),
        (r * 0.92, h * 0.2),
        steps=14,
    )
    path = np.stack([loop[:, 0], np.zeros(len(loop)), loop[:, 1]], 1)
    swell = np.interp(
        np.linspace(0, 1, len(path)), [0, 0.12, 0.5, 0.88, 1], [1.35, 1.0, 0.9, 1.0, 1.3]
    )
    return shapes.tube(
        "handle", path, swell * 0.0075, material, flat=0.62, up=(-1, 0, 0.3), square=2.6
    )


def fuse(body: bpy.types.Object, part: bpy.types.Object, *, voxel: float, blur: int):
    """Melt two meshes into one with a soft joint, as clay is."""
    bpy.ops.object.select_all(action="DESELECT")
    for obj in (part, body):
        obj.select_set(True)
    bpy.context.view_layer.objects.active = body
    bpy.ops.object.join()
    remesh = body.modifiers.new("fuse", "REMESH")
    remesh.mode, remesh.voxel_size, remesh.use_smooth_shade = "VOXEL", voxel, True
    soft = body.modifiers.new("soft", "SMOOTH")
    soft.factor, soft.iterations = 0.5, blur
    return body


def vase(material: bpy.types.Material, anchors: list[tuple[float, float]], *, wall: float = 0.004):
    """A vase from its outer profile (radius, height), foot first."""
    outer = curve(*anchors, steps=16)
    inner = np.stack([np.maximum(outer[:, 0] - wall, 0), np.maximum(outer[:, 1], wall * 2)], 1)[
        ::-1
    ]
    lip = np.array([[outer[-1, 0] - wall / 2, outer[-1, 1] + wall / 2.5]])
    foot = np.array([[0.0, 0.001], [anchors[0][0] * 0.9, 0.0]])
    profile = np.vstack([foot, outer, lip, inner])
    return shapes.lathe("vase", profile, [material], sides=160)


def desk_lamp(
    coat: bpy.types.Material,
    *,
    height: float = 0.36,
    tilt: float = 38.0,
    shade_width: float = 0.19,
    brass: Point = (0.78, 0.56, 0.27),
) -> None:
    """A dome-shaded desk lamp on z = 0: enamelled base and shade, brass stem, black cable."""
    metal = materials.metal("brass", brass, rough=0.2)
    white = materials.plain("inside", (0.85, 0.84, 0.8), rough=0.4)
    rubber = materials.plain("cable", (0.018, 0.018, 0.018), rough=0.6)
    _base(coat, metal)
    pivot = _stem(metal, height, shade_width * 0.32)
    _joint(metal, pivot)
    _shade(coat, white, metal, pivot, np.radians(tilt), shade_width)
    cable = curve(
        (0.0, 0.078), (0.03, 0.14), (0.14, 0.2), (0.24, 0.3), (0.2, 0.46), (0.34, 0.62), steps=16
    )
    path = np.column_stack([cable, np.full(len(cable), 0.0032)])
    shapes.tube("cable", path, 0.003, rubber)


def _base(coat: bpy.types.Material, metal: bpy.types.Material) -> None:
    base = curve(
        (0.0, 0.022),
        (0.05, 0.0215),
        (0.074, 0.02),
        (0.0795, 0.0165),
        (0.081, 0.008),
        (0.0805, 0.001),
        (0.079, 0.0),
        steps=8,
    )
    shapes.lathe("base", base[::-1], [coat])
    collar = np.array(
        [
            [0, 0.034],
            [0.0085, 0.034],
            [0.0095, 0.033],
            [0.0095, 0.0215],
            [0.0125, 0.0205],
            [0.0125, 0.018],
        ]
    )
    shapes.lathe("collar", collar[::-1], [metal], sides=64)


def _stem(metal: bpy.types.Material, height: float, reach: float) -> Point:
    """The stem, bent over at the top; returns its end, where the shade hangs."""
    bow = curve(
        (0.0, 0.02),
        (0.0, height * 0.5),
        (0.0, height - 0.06),
        (-reach * 0.2, height - 0.012),
        (-reach * 0.58, height + 0.008),
        (-reach, height),
        steps=16,
    )
    stem = np.column_stack([np.zeros(len(bow)), bow])
    shapes.tube("stem", stem, 0.0052, metal, up=(1, 0, 0), sides=48)
    return 0.0, -reach, height


def _joint(metal: bpy.types.Material, pivot: Point) -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(radius=0.0115, location=pivot, segments=48, ring_count=24)
    bpy.ops.object.shade_smooth()
    bpy.context.object.data.materials.append(metal)
    screw = np.array([(x, *pivot[1:]) for x in (-0.02, -0.0195, 0.0195, 0.02)])
    shapes.tube("screw", screw, np.array([0.0045, 0.005, 0.005, 0.0045]), metal, sides=32)


def _shade(coat, white, metal, pivot: Point, tilt: float, width: float) -> None:
    r = width / 2
    outer = curve(
        (r, 0.0),
        (r * 0.995, r * 0.2),
        (r * 0.93, r * 0.5),
        (r * 0.72, r * 0.84),
        (r * 0.4, r * 1.04),
        (r * 0.2, r * 1.1),
        (r * 0.17, r * 1.3),
        (r * 0.13, r * 1.36),
        (0.0, r * 1.37),
        steps=12,
    )
    inner = outer[: len(outer) * 5 // 8] - (0.0018, 0.0012)
    profile = np.vstack([inner[::-1], [[r - 0.0008, -0.0012]], outer])
    slots = np.r_[np.ones(len(inner) - 1, int), np.zeros(len(profile) - len(inner), int)]
    shade = shapes.lathe("shade", profile, [coat, white], slots=slots)
    bulb = curve(
        (0.0, r * 0.12),
        (0.018, r * 0.17),
        (0.029, r * 0.42),
        (0.018, r * 0.72),
        (0.014, r * 1.05),
        steps=10,
    )
    globe = materials.plain("bulb", (0.92, 0.9, 0.86), rough=0.25)
    lamp = shapes.lathe("bulb", bulb, [globe], sides=48)
    ring = np.array(
        [[r * 0.15, r * 1.355], [r * 0.15, r * 1.42], [r * 0.13, r * 1.45], [0.0, r * 1.45]]
    )
    cap = shapes.lathe("cap", ring, [metal], sides=64)
    hang = r * 1.42
    for part in (shade, lamp, cap):
        part.rotation_euler = (-tilt, 0.0, 0.0)
        part.location = np.array(pivot) - (0.0, hang * np.sin(tilt), hang * np.cos(tilt))
