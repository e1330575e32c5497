"""Recipes: everything that determines a picture, as JSON with a digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from ..models import GeneratorVersion, Matte

RECIPE_VERSION = 1
LOOK_KINDS = ("print", "style", "reference")
"""Kinds of recipes that ask for a look instead of a colour."""


class MadeWith(NamedTuple):
    """What made a picture: a generator version, and staff's matte or (None) the analyser's own."""

    generator: GeneratorVersion
    matte: Matte | None


def colour_recipe(
    *,
    source_digest: str,
    matte,
    target: str,
    generator,
    mapping: Mapping[str, str | None] | None = None,
) -> dict:
    """The recipe of one recoloured picture; equal recipes make equal bytes on one CPU.

    `matte` is the staff's Matte that is used instead of the generator's own, or None. With a
    `mapping` of the product's base colours (None: it stays) this is a recipe of kind "palette".
    `matte_part` says how a matte stands in a recipe.
    """
    wanted = {"targets": dict(mapping)} if mapping else {"target": target}
    kind = "palette" if mapping else "colour"
    return _recipe(kind, source_digest=source_digest, matte=matte, generator=generator, **wanted)


def look_recipe(*, source_digest: str, matte, kind: str, look: Mapping, generator) -> dict:
    """The recipe of a print, a style or a reference: `look` is all that determines it.

    Of a print, the digest of its tile, its inks and where it lies; of a style, its name, colours,
    sliders and seed; of a reference, the digests of the other photo and of the staff's matte on
    it. Names are no part of a recipe.
    """
    return _recipe(
        kind, source_digest=source_digest, matte=matte, generator=generator, **{kind: dict(look)}
    )


def matte_part(matte) -> dict:
    """How a staff's Matte, or None, stands in a recipe.

    Its digest decides what is recoloured, and that is all if the matte says what stays: then it
    says so here. Otherwise the generator adds what it finds must stay.
    """
    part = {"matte": matte.digest if matte else None}
    return {**part, "keep": "by-staff"} if matte and matte.says_what_stays else part


def look_of(recipe: Mapping) -> dict | None:
    """What a recipe keeps of its look; None for one of colours."""
    kind = recipe.get("kind")
    return recipe[kind] if kind in LOOK_KINDS else None


def recipe_digest(recipe: Mapping) -> str:
    """SHA-256 of the recipe's canonical JSON, as hex."""
    return digest_of(recipe)


def digest_of(value: object) -> str:
    """SHA-256 of a value's canonical JSON, as hex."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def _recipe(kind: str, *, source_digest: str, matte, generator, **wanted) -> dict:
    return {
        "version": RECIPE_VERSION,
        "kind": kind,
        "source": source_digest,
        **matte_part(matte),
        **wanted,
        "generator": {
            "name": generator.name,
            "version": generator.version,
            "digest": generator.digest,
        },
    }
