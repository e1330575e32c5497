"""The eight products of the demo shop: what each is made of, where it stands, how it is lit."""

from __future__ import annotations

from collections.abc import Callable
from math import radians

import backgrounds
import bpy
import cloth
import furniture
import garments
import leathergoods
import materials
import prints
import scene
import softgoods
import surfaces
import tableware
import textures

INK = (0.78, 0.72, 0.58)
LABEL = (0.72, 0.7, 0.64)
BRASS = (0.78, 0.56, 0.27)
OAK, OAK_DARK = (0.58, 0.4, 0.24), (0.36, 0.22, 0.12)


def rig(turn: float, *fixed: str) -> None:
    """Turn everything but the named background objects about z, in degrees."""
    hub = bpy.data.objects.new("rig", None)
    bpy.context.collection.objects.link(hub)
    for obj in bpy.context.scene.objects:
        if obj.type == "MESH" and obj.parent is None and obj.name not in fixed:
            obj.parent = hub
    hub.rotation_euler[2] = radians(turn)


def _top_light(*, watts: float = 42.0, fill: float = 0.38) -> None:
    scene.softbox(
        (-1.5, 1.35, 1.35), (0, 0.36, 0), size=0.8, watts=watts, colour=(1.0, 0.97, 0.93)
    )
    scene.ambient(fill, (0.96, 0.98, 1.0))


def _t_shirt(colour: str, seed: int) -> None:
    cloth.collider(backgrounds.wooden_table())
    cut = garments.Cut()
    tee = garments.lay("tee", cut, seed=seed, spacing=0.0105)
    jersey = textures.jersey()
    look = {"repeat": 0.016, "depth": 0.0003, "detail": garments.seams}
    motif = garments.chest_print(prints.sunrise(), (0.0, 0.43), 0.27, INK)
    label = garments.neck_label(cut, LABEL)
    for name, cover in (("front", motif), ("back", label)):
        fabric = materials.fabric(name, scene.linear(colour), jersey, cover=cover, **look)
        tee.data.materials.append(fabric)
    cloth.smooth(tee, levels=1, thickness=0.0013)
    scene.camera((0, 0.36, 2.3), (0, 0.36, 0), lens=85)
    _top_light()


def t_shirt_red() -> None:
    _t_shirt("#B3202C", seed=3)


def t_shirt_navy() -> None:
    _t_shirt("#1F2F57", seed=5)


def striped_top() -> None:
    cloth.collider(backgrounds.linen_table((0.66, 0.63, 0.57), seed=4, crumple=0.003))
    cut = garments.Cut(
        width=0.5, length=0.64, neck=0.115, neck_depth=0.06, sleeve=0.49, sleeve_angle=57, cuff=0.1
    )
    top = garments.lay("top", cut, seed=7, spacing=0.011)
    _dress_striped_top(top)
    cloth.smooth(top, levels=1, thickness=0.002)
    scene.camera((0, 0.31, 2.28), (0, 0.31, 0), lens=85)
    scene.softbox((1.5, 1.3, 1.05), (0, 0.3, 0), size=0.8, watts=58, colour=(1.0, 0.98, 0.95))
    scene.ambient(0.36)


def _dress_striped_top(top: bpy.types.Object) -> None:
    bars = garments.stripes((0.8, 0.76, 0.66), pitch=0.034, share=0.36, low=0.05, high=0.492)
    look = {"repeat": 0.02, "depth": 0.0005, "detail": garments.seams, "sheen": 0.3}
    for name in ("front", "back"):
        rust = scene.linear("#A9482A")
        fabric = materials.fabric(name, rust, textures.jersey(seed=3), cover=bars, **look)
        top.data.materials.append(fabric)


def beanie() -> None:
    backgrounds.sweep((0.62, 0.58, 0.53))
    wool = materials.fabric(
        "wool",
        scene.linear("#161618"),
        textures.jersey(),
        repeat=0.0491,
        depth=0.0013,
        sheen=0.12,
        crevice=0.5,
    )
    softgoods.beanie(wool, seed=2)
    scene.camera((0, -1.3, 0.3), (0, 0, 0.106), lens=120)
    scene.softbox((-0.75, -0.5, 0.85), (0, 0, 0.1), size=0.6, watts=17)
    scene.softbox((0.9, 0.35, 0.6), (0, 0, 0.1), size=0.4, watts=9)
    scene.ambient(0.45)


def cushion() -> None:
    oak = surfaces.oak("bench", OAK, OAK_DARK)
    backgrounds.slab("bench", (1.8, 0.46, 0.05), (0, -0.0, -0.025), oak, bevel=0.006)
    backgrounds.wall((0.3, 0.35, 0.32), y=0.23)
    weave = textures.plain_weave(slub=0.3)
    linen, cord = (
        materials.fabric(
            name, scene.linear("#F3F1ED"), weave, repeat=0.034, depth=0.0005, sheen=0.15
        )
        for name in ("linen", "cord")
    )
    pad = softgoods.cushion(linen, cord, plump=3.6)
    pad.rotation_euler = (radians(74), 0, radians(-6))
    pad.location = (0, 0.07, 0.217)
    scene.camera((0.22, -1.9, 0.42), (0, 0, 0.205), lens=108)
    scene.softbox((-1.25, -0.35, 0.9), (0, 0, 0.2), size=0.6, watts=29, colour=(1.0, 0.99, 0.97))
    scene.ambient(0.33)


def mug() -> None:
    oak = surfaces.oak("board", (0.6, 0.42, 0.25), (0.38, 0.23, 0.12))
    backgrounds.slab("board", (0.5, 0.3, 0.02), (0, 0.02, -0.01), oak, bevel=0.004)
    backgrounds.plane("table", 4, surfaces.plaster("stone", (0.52, 0.5, 0.47)), z=-0.02)
    backgrounds.wall((0.6, 0.56, 0.5), y=0.42)
    glaze = materials.glaze("glaze", scene.linear("#2C5A72"), foot=0.011, gloss=0.05)
    tableware.mug(glaze).rotation_euler[2] = -0.5
    scene.camera((0, -0.64, 0.19), (0.014, 0, 0.044), lens=120)
    scene.softbox((-0.5, -0.22, 0.42), (0, 0, 0.05), size=0.26, watts=5.2)
    scene.softbox((0.5, -0.1, 0.3), (0, 0, 0.05), size=0.16, watts=1.0)
    scene.ambient(0.42)


def chair() -> None:
    floor = surfaces.oak("floor", (0.5, 0.36, 0.23), (0.32, 0.21, 0.12), plank=0.12)
    backgrounds.plane("floor", 8, floor)
    backgrounds.wall((0.62, 0.6, 0.55), y=0.85)
    weave = textures.plain_weave(16, slub=0.25)
    wool = materials.fabric(
        "wool", scene.linear("#526380"), weave, repeat=0.066, depth=0.0016, sheen=0.3, crevice=0.4
    )
    legs = surfaces.oak("legs", (0.5, 0.32, 0.18), (0.3, 0.18, 0.09), keep=1.0)
    furniture.armchair(furniture.Seat(), wool, legs, seed=1)
    rig(-26, "floor", "wall")
    scene.camera((0, -4.2, 1.15), (0, 0, 0.4), lens=118)
    scene.softbox((-2.4, -1.5, 2.4), (0, 0, 0.4), size=1.3, watts=170, colour=(1.0, 0.97, 0.93))
    scene.ambient(0.4, (0.96, 0.98, 1.0))


def bag() -> None:
    backgrounds.sweep((0.62, 0.6, 0.57))
    hide = materials.leather("hide", scene.linear("#96592B"))
    thread = materials.plain("thread", (0.72, 0.63, 0.46))
    leathergoods.satchel(leathergoods.Bag(), hide, thread, materials.metal("brass", BRASS))
    rig(-22, "sweep")
    scene.camera((0, -1.7, 0.42), (0, 0, 0.205), lens=120)
    scene.softbox((-0.9, -0.8, 0.9), (0, 0, 0.15), size=0.6, watts=21)
    scene.softbox((0.9, 0.2, 0.5), (0, 0, 0.15), size=0.4, watts=6)
    scene.ambient(0.38)


def lamp() -> None:
    backgrounds.wooden_table(light=(0.42, 0.29, 0.18), dark=(0.24, 0.15, 0.08), plank=0.2)
    backgrounds.wall((0.68, 0.6, 0.53), y=0.8)
    tableware.desk_lamp(materials.enamel("enamel", scene.linear("#7F9678")))
    scene.camera((0.95, -1.05, 0.4), (0.0, -0.035, 0.2), lens=97)
    scene.softbox((-1.0, -0.7, 1.0), (0, 0, 0.2), size=0.6, watts=31, colour=(1.0, 0.97, 0.93))
    scene.softbox((1.0, -0.4, 0.6), (0, 0, 0.2), size=0.4, watts=4)
    scene.ambient(0.4)


PHOTOS: dict[str, Callable[[], None]] = {
    "harbour-t-shirt-red": t_shirt_red,
    "harbour-t-shirt-navy": t_shirt_navy,
    "quayside-striped-top": striped_top,
    "night-watch-beanie": beanie,
    "linen-cushion": cushion,
    "galley-mug": mug,
    "cove-armchair": chair,
    "pilot-leather-bag": bag,
    "beacon-desk-lamp": lamp,
}
"""Photo name (without .jpg) and the function that sets up its scene."""
