"""Shaders of what the shop sells: cloth, leather, glaze, enamel, metal, thread.

Recolourable materials take their albedo from one node labelled ``dye`` (see ``scene.dye``), so
that a scene can be rendered in any colour; everything else keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np
from nodes import Graph, Socket
from scene import Point, finish
from textures import to_image


def dyed(graph: Graph, colour: Point) -> Socket:
    node = graph.node("RGB")
    node.label = "dye"
    node.outputs[0].default_value = (*colour, 1.0)
    return node.outputs[0]


def shade(graph: Graph, colour: Socket, factor: Socket) -> Socket:
    """Darken a colour by a scalar in [0, 1]."""
    grey = graph.node("CombineXYZ", {0: factor, 1: factor, 2: factor}).outputs[0]
    return graph.vector("MULTIPLY", colour, grey)


def fabric(
    name: str,
    colour: Point,
    tile: np.ndarray,
    *,
    repeat: float,
    depth: float,
    cover: Callable[[Graph], tuple[Socket, Socket, float]] | None = None,
    detail: Callable[[Graph], tuple[Socket, float]] | None = None,
    sheen: float = 0.25,
    crevice: float = 0.3,
) -> bpy.types.Material:
    """Cloth with a woven or knitted height tile.

    ``repeat`` and ``depth`` are the tile's side and height in metres. ``cover`` builds what lies
    over the dye (a print, stripes) and returns (mask, colour, ink), where ink in [0, 1] fills the
    weave. ``detail`` returns (height in [0, 1], metres) for seams and hems.
    """
    graph = Graph(name)
    place = graph.uv()
    weave = graph.image(to_image(name, tile), graph.scale(place, (1 / repeat,) * 3))
    mottle = graph.step(graph.noise(place, 28.0, 6.0, 0.6), 0.2, 0.8)
    worn = graph.math("MULTIPLY_ADD", weave, crevice, 1.0 - crevice)
    tone = graph.math("MULTIPLY", worn, graph.math("MULTIPLY_ADD", mottle, 0.08, 0.94))
    albedo = shade(graph, dyed(graph, colour), tone)
    matte: Socket | float = 1.0
    keep: Socket | float = 0.0
    rough: Socket | float = 0.88
    fill: Socket | float = 1.0
    if cover:
        keep, ink, filled = cover(graph)
        albedo = graph.mix(keep, albedo, shade(graph, ink, tone))
        matte = graph.math("SUBTRACT", 1.0, keep)
        fill = graph.math("SUBTRACT", 1.0, graph.math("MULTIPLY", keep, filled))
        rough = graph.math("MULTIPLY_ADD", fill, 0.28, 0.6)
    seams = graph.bump(*detail(graph)) if detail else None
    normal = graph.bump(graph.math("MULTIPLY", weave, fill), depth, seams)
    surface = graph.principled(
        base_color=albedo,
        roughness=rough,
        normal=normal,
        specular_ior_level=0.25,
        sheen_weight=sheen,
        sheen_roughness=0.45,
    )
    return finish(graph, surface, matte=matte, keep=keep)


def leather(name: str, colour: Point, *, grain: float = 520.0) -> bpy.types.Material:
    """Vegetable-tanned hide: pebbled grain, pull-up mottling, soft sheen."""
    graph = Graph(name)
    place = graph.place("Object")
    warp = graph.noise(place, 60.0, 2.0)
    bent = graph.vector("ADD", place, graph.vector("MULTIPLY", warp, (0.004, 0.004, 0.004)))
    cells = graph.node("TexVoronoi", {"Vector": bent, "Scale": grain}, feature="F1").outputs[0]
    pores = graph.step(cells, 0.75, 0.1)
    fine = graph.noise(place, grain * 4, 2.0)
    height = graph.math("MULTIPLY_ADD", fine, 0.15, pores)
    clouds = graph.noise(place, 9.0, 6.0, 0.65)
    tone = graph.math("MULTIPLY_ADD", graph.step(clouds, 0.25, 0.75), 0.22, 0.82)
    tone = graph.math("MULTIPLY", tone, graph.math("MULTIPLY_ADD", pores, 0.12, 0.88))
    rough = graph.math("MULTIPLY_ADD", clouds, 0.22, 0.33)
    surface = graph.principled(
        base_color=shade(graph, dyed(graph, colour), tone),
        roughness=rough,
        normal=graph.bump(height, 0.00026),
        specular_ior_level=0.42,
    )
    return finish(graph, surface, matte=1.0)


def glaze(name: str, colour: Point, *, foot: float, gloss: float = 0.08) -> bpy.types.Material:
    """Stoneware: coloured glaze over bare clay, which shows below height ``foot`` (metres)."""
    graph = Graph(name)
    place = graph.place("Object")
    _, _, z = graph.split(place)
    wobble = graph.math("MULTIPLY_ADD", graph.noise(place, 35.0), 0.004, z)
    glazed = graph.step(wobble, foot + 0.0016, foot + 0.0026)
    speckle = graph.step(graph.noise(place, 620.0, 1.0), 0.72, 0.78)
    cloud = graph.noise(graph.scale(place, (1, 1, 2.5)), 22.0, 5.0, 0.6)
    tone = graph.math("MULTIPLY_ADD", cloud, 0.35, 0.78)
    tone = graph.math("MULTIPLY", tone, graph.math("MULTIPLY_ADD", speckle, -0.45, 1.0))
    ripple = graph.bump(graph.noise(graph.scale(place, (1, 1, 4)), 30.0, 2.0), 0.0012)
    skin = graph.principled(
        base_color=shade(graph, dyed(graph, colour), tone),
        roughness=0.32,
        normal=ripple,
        coat_weight=1.0,
        coat_roughness=gloss,
        coat_normal=ripple,
    )
    grit = graph.noise(place, 900.0, 4.0)
    bare = graph.principled(
        base_color=graph.mix(grit, (0.42, 0.29, 0.19), (0.56, 0.42, 0.3)),
        roughness=0.8,
        normal=graph.bump(grit, 0.0004),
    )
    surface = graph.node("MixShader", {0: glazed, 1: bare, 2: skin}).outputs[0]
    return finish(graph, surface, matte=glazed, keep=graph.math("SUBTRACT", 1.0, glazed))


def enamel(name: str, colour: Point, *, rough: float = 0.28) -> bpy.types.Material:
    """Stove enamel on sheet steel, with the faint orange peel of a sprayed coat."""
    graph = Graph(name)
    peel = graph.bump(graph.noise(graph.place(), 420.0, 1.0), 0.00012)
    surface = graph.principled(
        base_color=dyed(graph, colour),
        roughness=rough + 0.14,
        normal=peel,
        coat_weight=0.6,
        coat_roughness=rough * 0.5,
        coat_normal=peel,
    )
    return finish(graph, surface, matte=1.0)


def metal(name: str, colour: Point, *, rough: float = 0.25) -> bpy.types.Material:
    """Brushed hardware; kept as it is."""
    graph = Graph(name)
    smear = graph.noise(graph.scale(graph.place(), (1, 1, 12)), 120.0, 3.0)
    surface = graph.principled(
        base_color=colour,
        metallic=1.0,
        roughness=graph.math("MULTIPLY_ADD", smear, 0.16, rough - 0.06),
    )
    return finish(graph, surface, keep=1.0)


def plain(
    name: str, colour: Point, *, rough: float = 0.7, keep: float = 1.0, emit: float = 0.0
) -> bpy.types.Material:
    """Thread, rubber, paper, a lit bulb: one colour, kept unless ``keep`` says otherwise."""
    graph = Graph(name)
    surface = graph.principled(
        base_color=colour,
        roughness=rough,
        emission_color=colour,
        emission_strength=emit,
        specular_ior_level=0.3,
    )
    return finish(graph, surface, keep=keep)
