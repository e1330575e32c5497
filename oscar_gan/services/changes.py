"""Changes: what of a picture's recipe staff may change, one thing at a time, to make it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import WeightsMismatch
from ..imaging.placing import ROTATION, SCALE
from ..imaging.styles import STYLES
from ..models import GeneratorVersion, Matte, VariantImage
from . import registry

AUTOMATIC = ""
"""The matte that the analyser finds, where a staff matte's id could stand."""
MAX_SEED = 999_999
_PLACES = {"scale": SCALE, "rotation": ROTATION, "x": (0.0, 1.0), "y": (0.0, 1.0), "drape": (0, 1)}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing of a recipe that may be changed: `path` leads to it, e.g. `style.seed`.

    `kind` is "matte", "generator", "colour" or "number"; a number has limits, the others may have
    `choices` (rows). `value` is what it is now.
    """

    path: str
    kind: str
    value: Any
    low: float | None = None
    high: float | None = None
    choices: tuple = ()


def changes(variant: VariantImage) -> list[Change]:
    """What one could change to make this picture again; nothing while its photo is gone.

    Only the generator, where the one that made it went with an earlier release of the package.
    """
    if variant.source is None:
        return []
    if not _is_at_hand(variant.request.generator):
        return list(_generator_changes(variant))
    recipe = variant.recipe
    return [
        *_colour_changes(recipe),
        *_look_changes(recipe),
        *_matte_changes(variant),
        *_generator_changes(variant),
    ]


def _colour_changes(recipe: Mapping) -> Iterator[Change]:
    for base, colour in recipe.get("targets", {}).items():
        if colour:
            yield Change(path=f"targets.{base}", kind="colour", value=colour)
    if "target" in recipe:
        yield Change(path="target", kind="colour", value=recipe["target"])


def _look_changes(recipe: Mapping) -> Iterator[Change]:
    if recipe["kind"] == "style" and (style := STYLES.get(recipe["style"]["name"])):
        details = recipe["style"]
        for slider in style.sliders:
            yield Change(
                path=f"style.sliders.{slider.name}",
                kind="number",
                value=details["sliders"].get(slider.name, slider.default),
                low=slider.low,
                high=slider.high,
            )
        for number, colour in enumerate(details["colours"]):
            yield Change(path=f"style.colours.{number}", kind="colour", value=colour)
        yield Change(path="style.seed", kind="number", value=details["seed"], low=0, high=MAX_SEED)
    if recipe["kind"] == "print":
        for name, value in recipe["print"]["placement"].items():
            low, high = _PLACES[name]
            yield Change(
                path=f"print.placement.{name}", kind="number", value=value, low=low, high=high
            )


def _matte_changes(variant: VariantImage) -> Iterator[Change]:
    staff = variant.source.gan_mattes.filter(
        origin=Matte.Origin.STAFF, source_digest=variant.source_digest
    )
    used = variant.request.matte
    others = [matte for matte in staff if used is None or matte.digest != used.digest]
    if used is not None:
        others.append(None)
    if others:
        yield Change(path="matte", kind="matte", value=used, choices=tuple(others))


def _generator_changes(variant: VariantImage) -> Iterator[Change]:
    champion = registry.champion()
    if champion != variant.request.generator:
        yield Change(
            path="generator",
            kind="generator",
            value=variant.request.generator,
            choices=(champion,),
        )


def _is_at_hand(generator: GeneratorVersion) -> bool:
    try:
        return registry.renewed(generator) == generator
    except WeightsMismatch:
        return False
