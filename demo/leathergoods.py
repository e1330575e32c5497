"""Saddle-stitched bags of thick leather with brass fittings."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
import padding
import shapes
from pattern import curve, resample


@dataclass(frozen=True)
class Bag:
    """Measures of a bag in metres; ``flap`` is the share of the front that the flap covers."""

    width: float = 0.25
    height: float = 0.18
    depth: float = 0.072
    corner: float = 0.045
    flap: float = 0.68
    flap_corner: float = 0.05
    strap: float = 0.25
    strap_width: float = 0.02


def satchel(bag: Bag, hide: bpy.types.Material, thread, brass, *, seed: int = 0) -> None:
    """A bag standing on z = 0 with its front towards -y and its strap held up."""
    rng = np.random.default_rng(seed)
    dents = rng.normal(0, 22, (6, 3)), rng.uniform(0, 6.28, 6)
    _body(bag, hide, dents)
    _front_seam(bag, thread, dents)
    flap = _Flap(bag, rng)
    flap.build(hide, thread)
    _lock(flap, brass)
    _strap(bag, hide, thread, brass)


def _outline(bag: Bag) -> np.ndarray:
    """The front panel's outline (n, 2) about its centre: square shoulders, round bottom."""
    w, h, r = bag.width / 2, bag.height / 2, bag.corner
    t = np.linspace(0, np.pi / 2, 14)
    low_right = np.stack([w - r + r * np.sin(t), -h + r - r * np.cos(t)], 1)
    s = 0.012
    top_right = np.stack([w - s + s * np.cos(t), h - s + s * np.sin(t)], 1) - (0.004, 0)
    half = np.vstack([[0.0, -h], low_right, top_right, [0.0, h]])
    full = np.vstack([half, half[::-1][1:] * (-1, 1)])
    return resample(full, 0.005)[:-1]


def _dented(place: np.ndarray, dents: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """How far use has pushed the leather in or out at each point, in metres."""
    waves, phases = dents
    return 0.0007 * np.sin(place @ waves.T + phases).sum(-1)


def _body(bag: Bag, hide, dents) -> None:
    outline = _outline(bag)
    tangent = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], 1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    half, rows = bag.depth / 2, []
    for scale in (0.02, 0.2, 0.4, 0.6, 0.75, 0.87, 0.95, 0.985):
        rows.append((outline * scale, -half - 0.009 * (1 - scale**2)))
    for inset, y in (
        (0.0, -half),
        (0.0, -half + 0.0006),
        (0.0, -half + 0.0034),
        (0.0005, -half + 0.004),
        (0.004, -half + 0.0042),
        (0.0042, -half + 0.008),
    ):
        rows.append((outline - normal * inset, y))
    rows.append((outline - normal * 0.0075, 0.0))
    rows += [(ring, -y) for ring, y in rows[-2::-1]]
    place = np.stack(
        [np.column_stack([ring[:, 0], np.full(len(ring), y), ring[:, 1]]) for ring, y in rows]
    )
    place[..., 2] += bag.height / 2
    place[..., 1] += _dented(place, dents)
    faces = shapes.sheet_faces(len(rows), len(outline), closed=True)[:, ::-1]
    shapes.mesh_object("body", place.reshape(-1, 3), faces, [hide], subdivide=2)


def _front_seam(bag: Bag, thread, dents) -> None:
    outline = _outline(bag) * (1 - 0.0115 / bag.width, 1 - 0.0115 / bag.height)
    depth = np.full(len(outline), -bag.depth / 2 - 0.0008)
    path = np.column_stack([outline[:, 0], depth, outline[:, 1] + bag.height / 2])
    path[:, 1] += _dented(path, dents)
    shapes.stitches("seam", path, thread, up=(0, -1, 0))


class _Flap:
    """The flap as a sheet: x across, arc length from the back over the top and down the front."""

    def __init__(self, bag: Bag, rng) -> None:
        half, top, drop = bag.depth / 2, bag.height, bag.height * bag.flap
        self.bag = bag
        anchors = (
            (half + 0.004, top - 0.05),
            (half + 0.006, top - 0.014),
            (half - 0.006, top + 0.004),
            (0.0, top + 0.008),
            (-half + 0.004, top + 0.005),
            (-half - 0.0095, top - 0.012),
            (-half - 0.0135, top - drop * 0.5),
            (-half - 0.0125, top - drop),
        )
        self.path = resample(curve(*anchors, steps=30), 0.0012)
        self.arc = shapes.arc_length(self.path)
        self.wave = rng.uniform(0, 6.28, 3)

    def at(self, x, arc) -> np.ndarray:
        """Points of the sheet's middle (…, 3)."""
        x, arc = np.broadcast_arrays(x, arc)
        y, z = (np.interp(arc, self.arc, self.path[:, i]) for i in (0, 1))
        front = np.clip((arc - self.bag.depth) / self.arc[-1], 0, 1)
        y = (
            y
            - front * 0.002 * np.sin(28 * x + self.wave[0])
            - 0.004 * front**2 * (2 * x / self.bag.width) ** 2
        )
        return np.stack([x, y, z], -1)

    def end(self, x, inset: float = 0.0) -> np.ndarray:
        """Arc length at which the sheet ends for a given x: straight with round corners."""
        r, half = self.bag.flap_corner - inset, self.bag.width / 2 + 0.001 - inset
        over = np.clip(np.abs(x) - (half - r), 0, r)
        return self.arc[-1] - inset - (r - np.sqrt(r**2 - over**2))

    def build(self, hide, thread) -> None:
        half = self.bag.width / 2 + 0.001
        x = half * np.sin(np.linspace(-np.pi / 2, np.pi / 2, 90))
        share = np.linspace(0, 1, 120)[:, None]
        place = self.at(x, share * self.end(x))
        faces = shapes.sheet_faces(120, 90)
        sheet = shapes.mesh_object("flap", place.reshape(-1, 3), faces, [hide])
        solid = sheet.modifiers.new("thickness", "SOLIDIFY")
        solid.thickness, solid.offset = 0.0032, 0.0
        bevel = sheet.modifiers.new("edge", "BEVEL")
        bevel.width, bevel.segments, bevel.angle_limit = 0.0009, 3, 0.7
        self._seam(thread)

    def _seam(self, thread) -> None:
        inset = 0.0062
        half = self.bag.width / 2 + 0.001 - inset
        start = self.bag.depth + 0.035
        turn = half * np.sin(np.linspace(-np.pi / 2, np.pi / 2, 400))
        sides = np.linspace(start, self.end(half, inset), 120)
        x = np.r_[np.full(120, -half), turn, np.full(120, half)]
        arc = np.r_[sides, self.end(turn, inset), sides[::-1]]
        path = self.at(x, arc) + (0, -0.0016, 0)
        keep = np.r_[True, np.linalg.norm(np.diff(path, axis=0), axis=1) > 1e-6]
        shapes.stitches("seam", path[keep], thread, up=(0, -1, 0), lift=0.0001)


def _lock(flap: _Flap, brass) -> None:
    x, y, z = flap.at(0.0, flap.arc[-1] - 0.027)
    padding.box(
        "plate",
        (0.036, 0.0022, 0.024),
        brass,
        centre=(x, y - 0.0026, z),
        cell=0.001,
        round_to=0.001,
    )
    stem = np.array([[x, y - d, z] for d in (0.003, 0.006, 0.0092, 0.0095)])
    shapes.tube(
        "stem", stem, np.array([0.005, 0.005, 0.005, 0.0045]), brass, up=(0, 0, 1), sides=40
    )
    padding.box(
        "turn",
        (0.02, 0.0042, 0.0075),
        brass,
        centre=(x, y - 0.0115, z),
        cell=0.0008,
        round_to=0.002,
    )
    for sx in (-1, 1):
        head = np.array([[x + sx * 0.0142, y - d, z] for d in (0.003, 0.0043, 0.0047)])
        shapes.tube(
            "screw", head, np.array([0.0019, 0.0017, 0.001]), brass, up=(0, 0, 1), sides=24
        )


def _strap(bag: Bag, hide, thread, brass) -> None:
    w, top, width = bag.width / 2, bag.height, bag.strap_width / 2
    rise = bag.strap
    points = curve(
        (-w - 0.007, top - 0.006),
        (-w - 0.005, top + rise * 0.3),
        (-w * 0.78, top + rise * 0.78),
        (0, top + rise),
        (w * 0.78, top + rise * 0.78),
        (w + 0.005, top + rise * 0.3),
        (w + 0.007, top - 0.006),
        steps=40,
    )
    line = resample(points, 0.003)
    path = np.column_stack([line[:, 0], np.full(len(line), 0.0), line[:, 1]])
    shapes.tube("strap", path, width, hide, flat=0.15, up=(-1, 0, 0), square=5.0, sides=32)
    for edge in (-1, 1):
        seam = path + (0, edge * (width - 0.0032), 0)
        centre = np.array([0, 0, top + rise * 0.4])
        outward = path - centre
        outward /= np.linalg.norm(outward, axis=1, keepdims=True)
        shapes.stitches("seam", seam + outward * 0.0014, thread, up=(-1, 0, 0))
    for sx in (-1, 1):
        _ring(sx * (w + 0.0065), top - 0.012, width, brass)
        tab = np.array(
            [
                [sx * (w + 0.0005), 0, top - 0.075],
                [sx * (w + 0.002), 0, top - 0.05],
                [sx * (w + 0.005), 0, top - 0.016],
            ]
        )
        fine = np.stack(
            [np.interp(np.linspace(0, 2, 20), [0, 1, 2], tab[:, i]) for i in range(3)], 1
        )
        shapes.tube(
            "tab", fine, width * 0.92, hide, flat=0.18, up=(sx, 0, 0), square=5.0, sides=32
        )
    _buckle(path, width, brass)


def _ring(x: float, z: float, width: float, brass) -> None:
    outline = shapes.rounded_rectangle(2 * width + 0.008, 0.02, 0.0095, 12)
    path = np.column_stack([np.full(len(outline), x), outline[:, 0], outline[:, 1] + z])
    shapes.tube("ring", np.vstack([path, path[1:2]]), 0.0019, brass, up=(1, 0, 0), cap=False)


def _buckle(path: np.ndarray, width: float, brass) -> None:
    i = int(len(path) * 0.86)
    along = path[i + 1] - path[i - 1]
    along /= np.linalg.norm(along)
    outward = np.cross(along, (0, 1, 0))
    outline = shapes.rounded_rectangle(2 * width + 0.011, 0.026, 0.004, 8)
    for lift in (0.002, -0.002):
        ring = (
            path[i]
            + lift * outward
            + outline[:, :1] * np.array([0, 1, 0])
            + outline[:, 1:] * along
        )
        shapes.tube("buckle", np.vstack([ring, ring[1:2]]), 0.0018, brass, up=outward, cap=False)
