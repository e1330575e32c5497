"""Shaders of what products stand on, and of their wooden legs: oak, plaster, marble."""

from __future__ import annotations

import bpy
from nodes import Graph, Socket
from scene import Point, finish


def _planks(graph: Graph, place: Socket, width: float) -> tuple[Socket, Socket]:
    """Random number of the plank that a point lies on, and the dark line between planks."""
    _, y, _ = graph.split(place)
    lane = graph.math("DIVIDE", y, width)
    number = graph.node("TexWhiteNoise", {1: graph.math("FLOOR", lane)}, noise_dimensions="1D")
    edge = graph.math("PINGPONG", lane, 0.5)
    return number.outputs[0], graph.step(edge, 0.002 / width, 0.0)


def oak(
    name: str,
    light: Point,
    dark: Point,
    *,
    plank: float = 0.0,
    keep: float = 0.0,
    gloss: float = 0.45,
) -> bpy.types.Material:
    """Oiled wood with the grain along the object's x axis; ``plank`` is a board's width."""
    graph = Graph(name)
    place = graph.place("Object")
    gap: Socket | float = 0.0
    number: Socket | float = 0.5
    if plank:
        number, gap = _planks(graph, place, plank)
        shift = graph.node("CombineXYZ", {0: graph.math("MULTIPLY", number, 37.0), 2: number})
        place = graph.vector("ADD", place, shift.outputs[0])
    drift = graph.noise(graph.scale(place, (0.7, 3.0, 3.0)), 1.5, 2.0)
    _, y, z = graph.split(place)
    across = graph.math("ADD", y, z)
    rings = graph.math(
        "SINE", graph.math("MULTIPLY_ADD", drift, 36.0, graph.math("MULTIPLY", across, 40.0))
    )
    rings = graph.math("MULTIPLY_ADD", rings, 0.5, 0.5)
    fibre = graph.noise(graph.scale(place, (2.0, 90.0, 90.0)), 6.0, 6.0, 0.7)
    pores = graph.step(graph.noise(graph.scale(place, (3.0, 220.0, 220.0)), 4.0, 2.0), 0.6, 0.72)
    tone = graph.math("MULTIPLY_ADD", rings, 0.3, graph.math("MULTIPLY", fibre, 0.75))
    tone = graph.math("ADD", tone, graph.math("MULTIPLY_ADD", number, 0.3, -0.2))
    tone = graph.math("MULTIPLY_ADD", pores, 0.3, tone)
    colour = graph.mix(tone, light, dark)
    colour = graph.mix(gap, colour, (0.03, 0.02, 0.015))
    relief = graph.math("SUBTRACT", graph.math("MULTIPLY", fibre, 0.4), pores)
    relief = graph.math("MULTIPLY_ADD", gap, -4.0, relief)
    surface = graph.principled(
        base_color=colour,
        roughness=graph.math("MULTIPLY_ADD", fibre, 0.2, gloss - 0.05),
        normal=graph.bump(relief, 0.0003),
        specular_ior_level=0.35,
    )
    return finish(graph, surface, keep=keep)


def plaster(name: str, colour: Point, *, grit: float = 0.0006, rough: float = 0.85):
    """Painted wall, paper sweep or concrete, by the depth of its grit in metres."""
    graph = Graph(name)
    place = graph.place("Object")
    cloud = graph.noise(place, 3.0, 6.0, 0.6)
    fine = graph.noise(place, 90.0, 5.0, 0.65)
    tone = graph.math("MULTIPLY_ADD", cloud, 0.1, 0.95)
    surface = graph.principled(
        base_color=graph.vector(
            "MULTIPLY", colour, graph.node("CombineXYZ", {0: tone, 1: tone, 2: tone}).outputs[0]
        ),
        roughness=rough,
        normal=graph.bump(fine, grit),
        specular_ior_level=0.2,
    )
    return finish(graph, surface)


def marble(name: str, colour: Point = (0.78, 0.77, 0.75)) -> bpy.types.Material:
    """Honed white stone with grey veins."""
    graph = Graph(name)
    place = graph.place("Object")
    swirl = graph.noise(place, 3.5, 8.0, 0.6)
    vein = graph.math("ABSOLUTE", graph.math("SUBTRACT", swirl, 0.5))
    veins = graph.step(vein, 0.035, 0.0)
    cloud = graph.noise(place, 8.0, 5.0)
    base = graph.mix(graph.math("MULTIPLY", cloud, 0.5), colour, (0.55, 0.55, 0.56))
    base = graph.mix(graph.math("MULTIPLY", veins, 0.4), base, (0.3, 0.3, 0.32))
    surface = graph.principled(base_color=base, roughness=0.3, specular_ior_level=0.4)
    return finish(graph, surface)
