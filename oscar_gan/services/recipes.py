"""Recipes: everything that determines a picture, as JSON with a digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

RECIPE_VERSION = 1


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
    """
    wanted = {"targets": dict(mapping)} if mapping else {"target": target}
    return {
        "version": RECIPE_VERSION,
        "kind": "palette" if mapping else "colour",
        "source": source_digest,
        "matte": matte.digest if matte else None,
        **wanted,
        "generator": {
            "name": generator.name,
            "version": generator.version,
            "digest": generator.digest,
        },
    }


def recipe_digest(recipe: dict) -> str:
    """SHA-256 of the recipe's canonical JSON, as hex."""
    canonical = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
