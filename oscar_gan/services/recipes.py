"""Recipes: everything that determines a picture, as JSON with a digest."""

from __future__ import annotations

import json
from hashlib import sha256

RECIPE_VERSION = 1


def colour_recipe(*, source_digest: str, matte, target: str, generator) -> dict:
    """The recipe of one recoloured picture; equal recipes make equal bytes on one CPU.

    `matte` is the staff's Matte that is used instead of the generator's own, or None.
    """
    return {
        "version": RECIPE_VERSION,
        "kind": "colour",
        "source": source_digest,
        "matte": matte.digest if matte else None,
        "target": target,
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
