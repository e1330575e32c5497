"""Lay a look on a product: plan, calibrate every ink, mix, measure, judge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assess import Assessment
from .colour import oklab_to_linear
from .compose import Coating, lay
from .drape import Drape
from .dyeing import GradeFor, coat_of, dyes_for
from .findings import Finding
from .gate import Asked, judge_look
from .inkswatches import InkSwatches
from .looks import Look, PrintLook, ReferenceLook, StyleLook
from .mixture import Mixture, Untouched
from .notches import without_notches
from .placing import PlacedTile
from .plans import Ink, Plan, graded_for, oklab_of
from .reference import plan_reference
from .scene import Scene
from .styling import plan_style

CALIBRATED_BY = 1500
"""Frozen pixels of each band that an ink is calibrated by, at most."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""What red, green and blue light count for brightness (Rec. 709)."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A picture with a look on it, not yet judged."""

    pixels: NDArray[np.uint8]
    """(H, W, 3)"""
    plan: Plan
    swatches: InkSwatches


def plan_look(look: Look, scene: Scene) -> Plan:
    """Say which inks a look needs on a product, and where."""
    if isinstance(look, PrintLook):
        return _plan_print(look, scene)
    if isinstance(look, ReferenceLook):
        return plan_reference(look, scene)
    if isinstance(look, StyleLook):
        return plan_style(look, scene)
    raise TypeError(f"{look!r} is no look.")


def lay_look(scene: Scene, look: Look, grade_for: GradeFor) -> Laid:
    """Lay a look on a product."""
    plan, ready = plan_look(look, scene), scene.ready
    swatches = InkSwatches(scene, plan)
    coatings = [_coating(scene, plan, swatches, ink, grade_for) for ink in range(len(plan.inks))]
    mixture = Mixture(coatings, plan.field)
    pixels = lay(
        scene.pixels, ready.solid, without_notches(scene), ready.seams, mixture,
        covered=True, parts=ready.parts,
    )  # fmt: skip
    return Laid(pixels, plan, swatches)


def restyle(
    scene: Scene, look: Look, grade_for: GradeFor, findings: tuple[Finding, ...] = ()
) -> tuple[NDArray[np.uint8], Assessment]:
    """Lay a look on a product; the picture (H, W, 3), measured and judged.

    `findings` are the photo's.
    """
    laid = lay_look(scene, look, grade_for)
    colours, unmeasured = laid.swatches.measure(laid.pixels)
    assessment = scene.ready.baseline.assess_look(
        laid.pixels, colours, laid.plan.field, _levels(scene, laid.plan)
    )
    verdict = judge_look(
        assessment, _asked(scene, laid), findings + laid.plan.findings, unmeasured
    )
    return laid.pixels, verdict


def _plan_print(look: PrintLook, scene: Scene) -> Plan:
    drape = Drape(scene.shading) if look.placement.drape else None
    field = PlacedTile(look.tile, look.placement, scene.box, drape)
    inks = (Ink(targets=scene.everywhere(oklab_of(colour))) for colour in look.tile.colours)
    return Plan(tuple(inks), field)


def _coating(
    scene: Scene, plan: Plan, swatches: InkSwatches, place: int, grade_for: GradeFor
) -> Coating:
    """Calibrate one ink by the pixels that it will lie on, and fill its table."""
    ink = plan.inks[place]
    if all(target is None for target in ink.targets):
        return Untouched()
    measured = [
        swatches.calibrating(base, place, CALIBRATED_BY) for base in range(len(scene.bases))
    ]
    dyes = dyes_for(
        scene.bases, scene.ready.prints, ink.targets, graded_for(ink, grade_for), scene.shape,
        measured,
    )  # fmt: skip
    return coat_of(dyes, scene.ready.lattice, scene.ready.tints, bridged=True)


def _levels(scene: Scene, plan: Plan) -> NDArray[np.floating]:
    """Linear light (K,) that each ink returns on the main colour."""
    targets = (ink.targets[0] for ink in plan.inks)
    oklab = [scene.bases[0].material.base if each is None else each for each in targets]
    return np.maximum(oklab_to_linear(np.stack(oklab)), 0) @ LUMINANCE


def _asked(scene: Scene, laid: Laid) -> list[Asked]:
    """Every material that an ink changes, what to, and how much of the product the ink covers."""
    return [
        Asked(base.material, target, float(cover))
        for ink, cover in zip(laid.plan.inks, laid.swatches.cover(), strict=True)
        for base, target in zip(scene.bases, ink.targets, strict=True)
        if target is not None
    ]
