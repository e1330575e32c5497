"""T-shirts and long-sleeved tops: cut, sewn, dropped on the table, printed and striped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import bpy
import cloth
import numpy as np
from nodes import Graph, Socket
from pattern import Edge, Pattern, curve, mirrored, sew


@dataclass(frozen=True)
class Cut:
    """Measures of a top, in metres; the sleeve's angle is below the horizontal, in degrees."""

    width: float = 0.53
    length: float = 0.71
    shoulder: float = 0.225
    neck: float = 0.088
    neck_depth: float = 0.105
    sleeve: float = 0.22
    sleeve_angle: float = 40.0
    cuff: float = 0.165
    waist: float = 0.01


def draft(cut: Cut) -> Pattern:
    """Draw front and back of a top; the hem lies on y = 0, the body's axis on x = 0."""
    half, top = cut.width / 2, cut.length
    angle = np.radians(cut.sleeve_angle)
    down = np.array([np.cos(angle), -np.sin(angle)])
    tip = np.array([cut.shoulder, top - 0.042])
    cuff_top = tip + down * cut.sleeve
    cuff_low = cuff_top + np.array([-np.sin(angle), -np.cos(angle)]) * cut.cuff
    armpit = _armpit(cut)
    side = curve((half, 0.0), (half - cut.waist, 0.22), armpit)
    under = np.array([armpit, cuff_low])
    over = _rounded(cuff_top, tip, np.array((cut.neck, top)), 0.05)
    right = (
        Edge("seam", np.vstack([side, under[1:]])),
        Edge("hem", curve(tuple(cuff_low), tuple((cuff_low + cuff_top) / 2), tuple(cuff_top))),
        Edge("seam", over),
    )
    left = tuple(Edge(edge.kind, mirrored(edge.points)) for edge in reversed(right))
    hem = Edge("hem", curve((-half, 0.0), (0.0, 0.006), (half, 0.0)))
    armhole = curve(tuple(tip), (tip[0] - 0.022, top - 0.15), armpit)
    panel = partial(_panel, hem, right, left, cut)
    return Pattern(panel(cut.neck_depth), panel(0.022), (armhole, mirrored(armhole)))


def _armpit(cut: Cut) -> tuple[float, float]:
    return cut.width / 2 - 0.004, cut.length - 0.255


def _rounded(start: np.ndarray, corner: np.ndarray, end: np.ndarray, reach: float) -> np.ndarray:
    """From start to end past a corner that is rounded off over ``reach`` metres."""
    a = corner + (start - corner) * reach / np.linalg.norm(start - corner)
    b = corner + (end - corner) * reach / np.linalg.norm(end - corner)
    t = np.linspace(0, 1, 16)[:, None]
    return np.vstack([start, (1 - t) ** 2 * a + 2 * t * (1 - t) * corner + t**2 * b, end])


def _panel(hem, right, left, cut: Cut, depth: float) -> tuple[Edge, ...]:
    n, top = cut.neck, cut.length
    scoop = curve(
        (n, top), (n * 0.82, top - depth * 0.6), (n * 0.42, top - depth * 0.94), (0, top - depth)
    )
    return (hem, *right, Edge("collar", np.vstack([scoop, mirrored(scoop)[1:]])), *left)


def lay(name: str, cut: Cut, *, seed: int, spacing: float = 0.009, frames: int = 50):
    """Sew the top and drop it, slightly crumpled, on the floor z = 0; materials come later.

    The rest shape is the flat pattern. The start shape has its sleeves turned and is a little
    too small, so the cloth has to fold somewhere, as it does when hands put it down.
    """
    rng = np.random.default_rng(seed)
    obj = sew(name, draft(cut), spacing=spacing, seed=seed)
    rest = np.array([v.co for v in obj.data.vertices])
    obj.shape_key_add(name="Basis")
    pattern_key = obj.shape_key_add(name="pattern")
    pattern_key.data.foreach_set("co", rest.ravel())
    start = _crumple(rest, cut, rng)
    obj.data.vertices.foreach_set("co", start.ravel())
    obj.data.shape_keys.key_blocks["Basis"].data.foreach_set("co", start.ravel())
    cloth.settle(
        obj,
        frames=frames,
        rest="pattern",
        mass=0.25,
        stretch=20.0,
        bending=0.5,
        pressure=((1, 0.12), (4, 0.12), (9, 0.0)),
        gap=0.0015,
    )
    return obj


def _crumple(rest: np.ndarray, cut: Cut, rng) -> np.ndarray:
    shape = rest.copy()
    for sign in (-1, 1):
        pivot = np.array([sign * (cut.shoulder - 0.01), cut.length - 0.06])
        turn = np.radians(rng.uniform(5, 9)) * -sign
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        tip, armpit = np.array([cut.shoulder, cut.length - 0.042]), _armpit(cut)
        across = np.array([tip[1] - armpit[1], armpit[0] - tip[0]])
        beyond = (rest[:, :2] * (sign, 1) - tip) @ across / np.linalg.norm(across)
        weight = np.clip((beyond + 0.01) / 0.06, 0, 1)[:, None]
        weight = weight**2 * (3 - 2 * weight)
        shape[:, :2] += weight * ((shape[:, :2] - pivot) @ rotation.T + pivot - shape[:, :2])
    centre = shape[:, :2].mean(0)
    shape[:, :2] = centre + (shape[:, :2] - centre) * rng.uniform(0.990, 0.994)
    for _ in range(5):
        heading, phase = rng.uniform(0, 2 * np.pi, 2)
        wave = 2 * np.pi / rng.uniform(0.12, 0.4)
        swing = np.sin(shape[:, :2] @ (np.cos(heading), np.sin(heading)) * wave + phase)
        shape[:, :2] += swing[:, None] * rng.normal(0, 0.0014, 2)
        shape[:, 2] += (swing + 1) * rng.uniform(0.001, 0.003)
    return shape


def seams(graph: Graph, *, rib: float = 0.0021, collar: float = 0.019) -> tuple[Socket, float]:
    """Height of ribs, hems, twin needle stitching and armhole seams (a ``fabric`` detail)."""
    from_collar, along_collar, _ = graph.split(graph.uv("collar"))
    from_hem, along_hem, _ = graph.split(graph.uv("hem"))
    from_arm, _, _ = graph.split(graph.uv("armhole"))
    wave = graph.math("SINE", graph.math("MULTIPLY", along_collar, 2 * np.pi / rib))
    ribs = graph.math("MULTIPLY_ADD", wave, 0.3, 0.9)
    band = graph.math("MULTIPLY", graph.step(from_collar, collar, collar - 0.0012), ribs)
    groove = _line(graph, from_collar, collar, 0.0012)
    folded = graph.math("MULTIPLY", graph.step(from_hem, 0.0225, 0.021), 0.45)
    rows = [graph.math("MULTIPLY", _line(graph, from_arm, 0.0, 0.0016), 0.8), groove]
    for place, along, offset in (
        (from_hem, along_hem, 0.0172),
        (from_hem, along_hem, 0.0212),
        (from_collar, along_collar, collar + 0.0035),
    ):
        dash = graph.step(graph.math("PINGPONG", along, 0.0016), 0.0002, 0.0006)
        stitch = graph.math("MULTIPLY", _line(graph, place, offset, 0.0007), dash)
        rows.append(graph.math("MULTIPLY", stitch, 0.8))
    height = graph.math("ADD", band, folded)
    for row in rows:
        height = graph.math("SUBTRACT", height, row)
    return height, 0.0011


def _line(graph: Graph, place: Socket, centre: float, half: float) -> Socket:
    return graph.step(
        graph.math("ABSOLUTE", graph.math("SUBTRACT", place, centre)), half, half / 3
    )


def chest_print(image: bpy.types.Image, centre: tuple[float, float], side: float, ink):
    """A screen print on the front; white areas of the square picture are ink."""

    def cover(graph: Graph):
        place = graph.uv()
        corner = (centre[0] - side / 2, centre[1] - side / 2, 0.0)
        square = graph.scale(graph.vector("SUBTRACT", place, corner), (1 / side,) * 3)
        drawn = graph.step(graph.image(image, square, extension="CLIP"), 0.4, 0.6)
        worn = graph.step(graph.noise(place, 900.0, 2.0), 0.28, 0.36)
        mask = graph.math("MULTIPLY", drawn, graph.math("MULTIPLY_ADD", worn, 0.35, 0.65))
        return mask, graph.mix(0.0, ink, ink), 0.65

    return cover


def neck_label(cut: Cut, colour):
    """The woven label inside the back's neck."""

    def cover(graph: Graph):
        x, y, _ = graph.split(graph.uv())
        left = graph.math("ABSOLUTE", graph.math("SUBTRACT", x, 2.0))
        across = graph.step(left, 0.0225, 0.0222)
        middle = cut.length - 0.056
        up = graph.math("ABSOLUTE", graph.math("SUBTRACT", y, middle))
        mask = graph.math("MULTIPLY", across, graph.step(up, 0.0132, 0.013))
        return mask, graph.mix(0.0, colour, colour), 0.8

    return cover


def stripes(colour, *, pitch: float, share: float, low: float, high: float):
    """Knitted stripes at every ``pitch`` metres from ``low`` to ``high`` of the pattern."""

    def cover(graph: Graph):
        _, y, _ = graph.split(graph.uv())
        wobble = graph.math("MULTIPLY_ADD", graph.noise(graph.uv(), 500.0, 1.0), 0.0008, y)
        swing = graph.math("PINGPONG", graph.math("SUBTRACT", wobble, low), pitch / 2)
        half = pitch * share / 2
        mask = graph.step(swing, half + 0.0003, half - 0.0003)
        for edge, sign in ((low, 1), (high, -1)):
            inside = graph.math("MULTIPLY", graph.math("SUBTRACT", y, edge), sign)
            mask = graph.math("MULTIPLY", mask, graph.step(inside, -1.6 * half, -1.4 * half))
        return mask, graph.mix(0.0, colour, colour), 0.0

    return cover
