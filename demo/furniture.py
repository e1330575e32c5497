"""Upholstered seats: armchairs, sofas and footstools on wooden or metal legs."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
import padding
import shapes


@dataclass(frozen=True)
class Seat:
    """Measures of a seat in metres; ``places`` is the number of cushions side by side."""

    width: float = 0.78
    depth: float = 0.8
    seat: float = 0.42
    back: float = 0.82
    arm: float = 0.6
    arm_width: float = 0.13
    legs: float = 0.15
    places: int = 1
    rake: float = 9.0
    soft: float = 0.05


def armchair(seat: Seat, cloth_: bpy.types.Material, wood: bpy.types.Material, *, seed: int = 0):
    """An armchair (or a sofa, with several places) on z = 0, facing -y."""
    base = seat.seat - 0.15
    deck = base - seat.legs
    padding.box(
        "frame",
        (seat.width - 0.02, seat.depth - 0.06, deck),
        cloth_,
        centre=(0, 0.0, seat.legs + deck / 2),
        round_to=0.025,
        puff=0.004,
        wobble=0.001,
        seed=seed,
    )
    for sign in (-1, 1):
        place = (sign * (seat.width - seat.arm_width) / 2, -0.01, (seat.arm + seat.legs) / 2)
        size = (seat.arm_width, seat.depth - 0.04, seat.arm - seat.legs)
        _panel("arm", size, place, cloth_, seat, seed + 1 + sign)
    lean = np.radians(seat.rake)
    tall = seat.back - base
    back = _panel(
        "back",
        (seat.width - 0.03, 0.15, tall),
        (0, seat.depth / 2 - 0.085, base + tall / 2),
        cloth_,
        seat,
        seed + 4,
    )
    back.rotation_euler[0] = -lean * 0.6
    _cushions(seat, cloth_, base, lean, seed)
    _legs(seat, wood)


def _cushions(seat: Seat, cloth_, base: float, lean: float, seed: int) -> None:
    """A seat cushion and a back cushion for every place."""
    each = (seat.width - 2 * seat.arm_width) / seat.places
    for i in range(seat.places):
        x = (i - (seat.places - 1) / 2) * each
        cushion = _cushion((each - 0.006, seat.depth - 0.17, 0.15), cloth_, seed + 10 + i)
        cushion.location = (x, -0.045, base + 0.079)
        pillow = _cushion(
            (each - 0.01, 0.15, seat.back - seat.seat + 0.005), cloth_, seed + 20 + i
        )
        pillow.location = (x, seat.depth / 2 - 0.215, (seat.seat + seat.back) / 2)
        pillow.rotation_euler[0] = -lean


def _panel(name, size, place, cloth_, seat: Seat, seed: int):
    part = padding.box(
        name,
        size,
        cloth_,
        centre=place,
        cell=0.012,
        round_to=seat.soft,
        puff=0.007,
        wobble=0.0022,
        seed=seed,
    )
    _cord(part, np.asarray(size), seat.soft, cloth_)
    return part


def _cord(part, size, soft, cloth_) -> None:
    """Piping around the outer front edge of a panel."""
    half = size / 2
    outline = shapes.rounded_rectangle(size[0] - 0.004, size[2] - 0.004, soft * 0.92)
    y = -half[1] + soft * 0.3
    inward = 1 - 0.3 * soft / np.array([half[0], half[2]])
    path = np.stack(
        [
            outline[:, 0] * inward[0] * 1.004,
            np.full(len(outline), y),
            outline[:, 1] * inward[1] * 1.004,
        ],
        1,
    )
    path = np.vstack([path, path[1:2]])
    cord = shapes.tube("cord", path, 0.0055, cloth_, up=(0, 1, 0), sides=14, cap=False)
    cord.parent = part


def _cushion(size, cloth_, seed: int):
    """A loose box cushion, crowned in the middle, with two rows of piping."""
    part = padding.box(
        "cushion", size, cloth_, cell=0.011, round_to=0.035, puff=0.024, wobble=0.0045, seed=seed
    )
    thin = int(np.argmin(size))
    across = [a for a in range(3) if a != thin]
    outline = shapes.rounded_rectangle(size[across[0]] - 0.006, size[across[1]] - 0.006, 0.04, 12)
    sag = 0.004 * np.sin(np.linspace(0, 14, len(outline)))
    for sign in (-1, 1):
        path = np.zeros((len(outline), 3))
        path[:, across[0]], path[:, across[1]] = outline[:, 0], outline[:, 1]
        path[:, thin] = sign * (size[thin] / 2 - 0.022) + sag * 0.5
        path = np.vstack([path, path[1:2]])
        up = np.eye(3)[thin]
        shapes.tube("cord", path, 0.0055, cloth_, up=up, sides=14, cap=False).parent = part
    return part


def _legs(seat: Seat, wood: bpy.types.Material) -> None:
    for sx in (-1, 1):
        for sy in (-1, 1):
            top = np.array(
                [sx * (seat.width / 2 - 0.07), sy * (seat.depth / 2 - 0.09), seat.legs + 0.01]
            )
            foot = top + (sx * 0.025, sy * 0.03, -seat.legs - 0.01)
            t = np.linspace(0, 1, 12)[:, None]
            shapes.tube(
                "leg",
                top + (foot - top) * t,
                np.linspace(0.026, 0.015, 12),
                wood,
                up=(1, 0, 0),
                sides=40,
            )


def footstool(
    size, cloth_: bpy.types.Material, wood: bpy.types.Material, *, seed: int = 0
) -> None:
    """A low padded stool of ``size`` (width, depth, height) on four splayed legs."""
    width, depth, height = size
    legs = height * 0.45
    part = padding.box(
        "pad",
        (width, depth, height - legs),
        cloth_,
        centre=(0, 0, legs + (height - legs) / 2),
        cell=0.011,
        round_to=0.05,
        puff=0.02,
        wobble=0.003,
        seed=seed,
    )
    outline = shapes.rounded_rectangle(width * 0.995, depth * 0.995, 0.055, 12)
    path = np.column_stack([outline, np.full(len(outline), (height - legs) / 2 - 0.045)])
    shapes.tube(
        "cord", np.vstack([path, path[1:2]]), 0.0055, cloth_, sides=14, cap=False
    ).parent = part
    _legs(Seat(width=width + 0.02, depth=depth + 0.04, legs=legs), wood)
