"""Random products for training: other shapes, fabrics and prints than the shop's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import radians

import backgrounds
import bpy
import cloth
import furniture
import garments
import leathergoods
import materials
import numpy as np
import prints
import rugs
import scene
import softgoods
import surfaces
import tableware
import textures

GREY = (0.4, 0.4, 0.4)
Random = np.random.Generator


@dataclass(frozen=True)
class Kind:
    """A sort of product: its builder, how often it comes up and where the camera stands."""

    build: Callable[[Random], None]
    weight: float
    from_above: bool = False
    elevation: tuple[float, float] = (4, 34)
    """Degrees between which the camera looks down on it, if not from above."""


def any_colour(rng: Random, low: float = 0.05, high: float = 0.85) -> scene.Point:
    """A random linear albedo, mostly muted."""
    grey = rng.uniform(low**0.5, high**0.5) ** 2
    tint = rng.normal(0, 0.3 * rng.uniform(0, 1) ** 2, 3)
    return tuple(np.clip(grey * np.exp(tint - tint.mean()), 0.02, 0.9))


def _tile(rng: Random) -> tuple[np.ndarray, float, float]:
    """A weave, the side of its repeat and its depth, both in metres."""
    seed = int(rng.integers(1 << 30))
    choice = rng.integers(4)
    coarse = rng.uniform(0.7, 2.2)
    if choice == 0:
        return (
            textures.plain_weave(seed=seed, slub=rng.uniform(0.05, 0.3)),
            0.025 * coarse,
            0.0004 * coarse,
        )
    if choice == 1:
        return textures.twill(seed=seed), 0.02 * coarse, 0.0003 * coarse
    if choice == 2:
        return textures.jersey(seed=seed), 0.02 * coarse, 0.0004 * coarse
    return textures.boucle(seed=seed, side=512), 0.05 * coarse, 0.001 * coarse


def _cloth(rng: Random, name: str, **extra) -> bpy.types.Material:
    tile, repeat, depth = _tile(rng)
    sheen, crevice = rng.uniform(0.0, 0.5), rng.uniform(0.15, 0.5)
    return materials.fabric(
        name, GREY, tile, repeat=repeat, depth=depth, sheen=sheen, crevice=crevice, **extra
    )


def _top(rng: Random) -> None:
    long = rng.random() < 0.4
    sleeve = rng.uniform(0.42, 0.52) if long else rng.uniform(0.16, 0.26)
    cut = garments.Cut(
        width=rng.uniform(0.44, 0.6),
        length=rng.uniform(0.58, 0.76),
        neck=rng.uniform(0.08, 0.11),
        neck_depth=rng.uniform(0.06, 0.16),
        sleeve=sleeve,
        cuff=rng.uniform(0.09, 0.11) if long else 0.165,
        sleeve_angle=rng.uniform(40, 58) if long else rng.uniform(30, 48),
        waist=rng.uniform(0, 0.03),
    )
    top = garments.lay("product", cut, seed=int(rng.integers(1 << 30)), spacing=0.016, frames=28)
    cover = None
    choice = rng.random()
    if choice < 0.4:
        art = (
            prints.stars(points=int(rng.integers(4, 9)))
            if rng.random() < 0.6
            else prints.sunrise("SALT & SONS")
        )
        cover = garments.chest_print(
            art,
            (rng.uniform(-0.05, 0.05), cut.length * 0.6),
            rng.uniform(0.1, 0.28),
            any_colour(rng),
        )
    elif choice < 0.65:
        cover = garments.stripes(
            any_colour(rng),
            pitch=rng.uniform(0.012, 0.09),
            share=rng.uniform(0.2, 0.6),
            low=rng.uniform(0, 0.1),
            high=cut.length * rng.uniform(0.7, 1.0),
        )
    state = rng.bit_generator.state
    for name in ("front", "back"):
        rng.bit_generator.state = state
        on = cover if name == "front" or choice >= 0.4 else None
        top.data.materials.append(_cloth(rng, name, cover=on, detail=garments.seams))
    cloth.smooth(top, levels=1, thickness=rng.uniform(0.001, 0.003))


def _cushion(rng: Random) -> None:
    linen = _cloth(rng, "linen")
    pad = softgoods.cushion(
        linen,
        linen,
        side=rng.uniform(0.35, 0.6),
        plump=rng.uniform(1.5, 4.5),
        spacing=0.014,
        seed=int(rng.integers(1 << 30)),
        frames=26,
    )
    pad.rotation_euler = (radians(rng.uniform(60, 82)), 0, radians(rng.uniform(-15, 15)))


def _beanie(rng: Random) -> None:
    softgoods.beanie(
        _cloth(rng, "wool"),
        ribs=int(rng.integers(26, 60)),
        crown=rng.uniform(0.18, 0.25),
        cuff=rng.uniform(0.05, 0.1),
        depth=rng.uniform(0.0012, 0.003),
        slouch=rng.uniform(0, 0.04),
        seed=int(rng.integers(1 << 30)),
    )


def _glazed(rng: Random, height: float) -> bpy.types.Material:
    foot = rng.choice([-0.1, 0.011, height * 0.25])
    return materials.glaze("glaze", GREY, foot=float(foot), gloss=rng.uniform(0.02, 0.35))


def _mug(rng: Random) -> None:
    height = rng.uniform(0.07, 0.13)
    cup = tableware.mug(
        _glazed(rng, height),
        height=height,
        width=rng.uniform(0.07, 0.11),
        belly=rng.uniform(-0.004, 0.008),
    )
    cup.rotation_euler[2] = rng.uniform(-2.4, 0.6)


def _vase(rng: Random) -> None:
    height = rng.uniform(0.15, 0.35)
    foot, belly, neck, lip = rng.uniform((0.03, 0.06, 0.02, 0.025), (0.06, 0.11, 0.05, 0.07))
    middle = rng.uniform(0.25, 0.6)
    anchors = [
        (foot, 0.0),
        (foot * 1.08, 0.006),
        (belly, height * middle),
        (neck, height * 0.9),
        (lip, height),
    ]
    tableware.vase(_glazed(rng, height), anchors)


def _lamp(rng: Random) -> None:
    coat = materials.enamel("enamel", GREY, rough=rng.uniform(0.08, 0.5))
    shine = (0.78, 0.56, 0.27) if rng.random() < 0.5 else (0.6, 0.6, 0.62)
    tableware.desk_lamp(
        coat,
        height=rng.uniform(0.28, 0.45),
        tilt=rng.uniform(5, 60),
        shade_width=rng.uniform(0.14, 0.26),
        brass=shine,
    )


def _seat(rng: Random) -> None:
    wool = _cloth(rng, "wool")
    brown = np.array((0.5, 0.32, 0.18)) * rng.uniform(0.25, 1.2)
    legs = surfaces.oak("legs", tuple(brown), tuple(brown * 0.6), keep=1.0)
    if rng.random() < 0.35:
        size = rng.uniform((0.45, 0.4, 0.35), (1.0, 0.6, 0.45))
        furniture.footstool(size, wool, legs, seed=int(rng.integers(1 << 30)))
        return
    places = int(rng.integers(1, 4))
    seat = furniture.Seat(
        width=0.2 + 0.58 * places * rng.uniform(0.9, 1.1),
        depth=rng.uniform(0.72, 0.92),
        back=rng.uniform(0.74, 0.95),
        arm=rng.uniform(0.52, 0.66),
        arm_width=rng.uniform(0.09, 0.2),
        legs=rng.uniform(0.08, 0.2),
        places=places,
        soft=rng.uniform(0.025, 0.06),
    )
    furniture.armchair(seat, wool, legs, seed=int(rng.integers(1 << 30)))


def _bag(rng: Random) -> None:
    hide = materials.leather("hide", GREY, grain=rng.uniform(250, 700))
    thread = materials.plain("thread", any_colour(rng))
    shine = (0.78, 0.56, 0.27) if rng.random() < 0.6 else (0.6, 0.6, 0.62)
    size = leathergoods.Bag(
        width=rng.uniform(0.18, 0.34),
        height=rng.uniform(0.14, 0.26),
        depth=rng.uniform(0.05, 0.11),
        flap=rng.uniform(0.45, 0.8),
        corner=rng.uniform(0.02, 0.06),
        flap_corner=rng.uniform(0.02, 0.07),
        strap=rng.uniform(0.12, 0.35),
    )
    leathergoods.satchel(
        size, hide, thread, materials.metal("brass", shine), seed=int(rng.integers(1 << 30))
    )


def _throw(rng: Random) -> None:
    softgoods.throw(
        _cloth(rng, "wool"),
        size=tuple(rng.uniform(0.6, 1.2, 2)),
        over=tuple(rng.uniform((0.2, 0.2, 0.12), (0.5, 0.5, 0.45))),
        turn=rng.uniform(0, 1.5),
        spacing=0.02,
        seed=int(rng.integers(1 << 30)),
        frames=32,
    )


def _rug(rng: Random) -> None:
    """A rug as shops stage it: with something standing on it that is not for sale."""
    thread = materials.plain("thread", any_colour(rng, 0.3, 0.9)) if rng.random() < 0.4 else None
    width, length = rng.uniform((0.9, 1.3), (1.6, 2.4))
    rugs.rug(
        _cloth(rng, "wool"),
        thread,
        size=(width, length),
        oval=rng.random() < 0.25,
        thickness=rng.uniform(0.005, 0.014),
        ripple=rng.uniform(0, 0.006),
        turn=rng.choice([0, np.pi / 2]) + rng.normal(0, 0.25),
        seed=int(rng.integers(1 << 30)),
    )
    _stand_on(rng, rng.choice([_seat, _seat, _vase, _lamp]), reach=0.3 * width)


def _stand_on(rng: Random, build: Callable[[Random], None], *, reach: float) -> None:
    """Set something on a rug, in a colour of its own that stays."""
    before, known = set(bpy.data.objects), set(bpy.data.materials)
    build(rng)
    for material in set(bpy.data.materials) - known:
        for node in material.node_tree.nodes:
            if node.label == "dye":
                node.outputs[0].default_value = (*any_colour(rng), 1.0)
        backgrounds.retire(material)
    place = (*rng.uniform(-reach, reach, 2), 0.012)
    for thing in set(bpy.data.objects) - before:
        if thing.parent is None:
            thing.location = np.add(thing.location, place)


KINDS: dict[str, Kind] = {
    "top": Kind(_top, 0.2, from_above=True),
    "cushion": Kind(_cushion, 0.1),
    "beanie": Kind(_beanie, 0.08),
    "mug": Kind(_mug, 0.1),
    "vase": Kind(_vase, 0.08),
    "lamp": Kind(_lamp, 0.08),
    "seat": Kind(_seat, 0.12),
    "bag": Kind(_bag, 0.08),
    "throw": Kind(_throw, 0.06),
    # Never drawn by chance: the season's new sort of product (benchmarks/season).
    "rug": Kind(_rug, 0.0, elevation=(28, 72)),
}
