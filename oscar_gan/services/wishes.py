"""Wishes: what a sheet of tiles shall show, and the designs that follow from it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from ..errors import InvalidRequest
from ..inference import printer
from ..inference.printer import Design, check_design

TILES = 8
"""Tiles on a sheet."""
MAX_SEED = 999_999
FIRST_SEED = 1
"""Of the sheet that everybody sees first, so that it is there already."""
MAX_STRAYS = 16
"""Steps a design may be away from its first noise."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a sheet shall show: one kind or, without one, each in turn; or children of a tile."""

    kind: str = ""
    seed: int = FIRST_SEED
    scale: float = Design("stripe").scale
    contrast: float = Design("stripe").contrast
    angle: float = Design("stripe").angle
    like: Mapping | None = field(default=None)
    """The parent's design, for more like it."""

    def designs(self) -> list[Design]:
        """The designs of the tiles, in order; raises InvalidDesign or InvalidRequest."""
        if self.like is not None:
            parent = read_design(self.like)
            if len(parent.strays) >= MAX_STRAYS:
                raise InvalidRequest(
                    f"This tile is {len(parent.strays)} steps away from its noise; the limit is"
                    f" {MAX_STRAYS}. Start from new noise."
                )
            made = [
                replace(parent, strays=(*parent.strays, self.seed + step)) for step in range(TILES)
            ]
        else:
            kinds = [self.kind] if self.kind else list(printer.KINDS)
            made = [
                Design(
                    kind=kinds[step % len(kinds)],
                    seed=self.seed + step,
                    scale=self.scale,
                    contrast=self.contrast,
                    angle=self.angle,
                )
                for step in range(TILES)
            ]
        for design in made:
            check_design(design)
        return made


def new_seed() -> int:
    """Noise that nobody has seen before, most likely."""
    return secrets.randbelow(MAX_SEED - TILES) + 1


def read_design(stored: Mapping) -> Design:
    """A design as it stands in a row or came from a form; raises InvalidDesign."""
    known = {each.name for each in fields(Design)}
    if not isinstance(stored, Mapping) or set(stored) - known or "kind" not in stored:
        raise InvalidRequest("This is no design of a print; reload the page.")
    try:
        design = Design(**{**stored, "strays": tuple(stored.get("strays", ()))})
        check_design(design)
    except TypeError as error:
        raise InvalidRequest("This is no design of a print; reload the page.") from error
    return design
