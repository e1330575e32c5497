"""Takes: all tries at one picture, how they differ, and another one with exactly one change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from ..errors import InvalidLook, InvalidRequest, InvalidTransition
from ..imaging.colour import parse_hex, to_hex
from ..imaging.placing import Placement
from ..models import GeneratorVersion, Matte, VariantImage
from . import looks
from .changes import AUTOMATIC, Change, changes
from .colours import Target
from .recipes import MadeWith, look_of
from .requests import request_variants


def takes_of(variant: VariantImage) -> QuerySet:
    """Every take of this picture, itself too, the oldest first: one photo, one name or origin."""
    first = variant.take_of_id or variant.pk
    return (
        VariantImage.objects.filter(
            product=variant.product_id, source_digest=variant.source_digest
        )
        .filter(Q(label=variant.label) | Q(pk=first) | Q(take_of=first))
        .select_related("product__parent", "colourway", "print", "request__generator")
        .order_by("created_at", "pk")
    )


def differences(take: VariantImage, other: VariantImage) -> list[tuple[str, Any, Any]]:
    """What is different in `other`'s recipe: path, value of `take`, value of `other`."""
    before, after = dict(_leaves(take.recipe)), dict(_leaves(other.recipe))
    paths = [*before, *(path for path in after if path not in before)]
    return [
        (path, before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


@transaction.atomic
def regenerate(*, variant: VariantImage, path: str, value: str, requested_by=None) -> VariantImage:
    """Queue another take of `variant` with one change; everything else stays as it was in it.

    Raises InvalidRequest or InvalidLook when the change is none of `changes` or out of its limits,
    and InvalidTransition when that very picture was asked for before.
    """
    allowed = {change.path: change for change in changes(variant)}
    change = allowed.get(path)
    if change is None:
        raise InvalidRequest(
            f"{path!r} cannot be changed here; choose from: {', '.join(allowed)}."
        )
    made_with, target = _changed(variant, change, value.strip())
    request = request_variants(
        source=variant.source, targets=[target], made_with=made_with, requested_by=requested_by
    )
    if request.source_digest != variant.source_digest:
        raise InvalidRequest(
            "The photo was replaced after this picture was made, so more than one thing would"
            " change. Ask for new pictures of the new photo."
        )
    if not request.created:
        raise InvalidTransition(
            "This picture was asked for before: look for it among the takes below."
        )
    take = request.variants.get()
    take.take_of_id = variant.take_of_id or variant.pk
    take.save(update_fields=["take_of"])
    return take


def _changed(variant: VariantImage, change: Change, value: str) -> tuple[MadeWith, Target]:
    made_with = _made_with(variant)
    target = Target.of(variant) if look_of(variant.recipe) is None else _same_look(variant)
    if change.kind == "matte":
        return made_with._replace(matte=_chosen(change, value)), target
    if change.kind == "generator":
        return made_with._replace(generator=_chosen(change, value)), target
    recipe = deepcopy(variant.recipe)
    new = to_hex(parse_hex(value)) if change.kind == "colour" else _number(change, value)
    *way, last = change.path.split(".")
    place = recipe
    for step in way:
        place = place[step]
    if isinstance(place, list):
        last = int(last)
    if place[last] == new:
        raise InvalidRequest(f"It was made with {value} already; choose another value.")
    place[last] = new
    return made_with, _target_of(variant, target, recipe)


def _target_of(variant: VariantImage, target: Target, recipe: Mapping) -> Target:
    if mapping := recipe.get("targets"):
        colour = next(filter(None, mapping.values()))
        return replace(target, colour=colour, mapping=mapping)
    if look_of(recipe) is None:
        label = recipe["target"] if variant.label == variant.target else variant.label
        return replace(target, colour=recipe["target"], label=label)
    kind, details = recipe["kind"], look_of(recipe)
    if kind == "style":
        look = looks.style_look(
            details["name"],
            colours=details["colours"],
            sliders=details["sliders"],
            seed=details["seed"],
        )
    else:
        Placement(**details["placement"])  # says what is wrong
        look = replace(target.look, details=details)
    return replace(target, look=look, colour=next(iter(look.colours), ""))


def _same_look(variant: VariantImage) -> Target:
    """The look exactly as it was: a reference's newer outline would be a second change."""
    look = looks.WantedLook(
        kind=variant.recipe["kind"],
        details=look_of(variant.recipe),
        print=variant.print,
        reference=variant.reference,
    )
    return Target(
        label=variant.label,
        colour=variant.target,
        option=variant.option,
        colourway=variant.colourway,
        look=look,
    )


def _made_with(variant: VariantImage) -> MadeWith:
    """The generator and the outline that this take was made with."""
    matte, digest = variant.request.matte, variant.recipe["matte"]
    if matte is not None and matte.digest != digest or matte is None and digest:
        raise InvalidRequest("The outline of this take was deleted; ask for a new picture.")
    return MadeWith(variant.request.generator, matte)


def _chosen(change: Change, value: str) -> Matte | GeneratorVersion | None:
    for row in change.choices:
        if value == (AUTOMATIC if row is None else str(row.pk)):
            return row
    raise InvalidRequest("This outline or generator is not to be had any more; reload the page.")


def _number(change: Change, value: str) -> float | int:
    try:
        number = int(value) if change.path.endswith(".seed") else round(float(value), 4)
    except ValueError as error:
        raise InvalidLook(
            f"{value!r} is no number; enter {change.low} to {change.high}."
        ) from error
    if not change.low <= number <= change.high:
        raise InvalidLook(
            f"{value} is out of range; enter a number from {change.low} to {change.high}."
        )
    return number


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value of a recipe with the path to it, but for the format's own number."""
    if isinstance(value, Mapping) and path != "generator":
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield path, value
        return
    for key, each in items:
        if (path, key) != ("", "version"):
            yield from _leaves(each, f"{path}.{key}" if path else str(key))
