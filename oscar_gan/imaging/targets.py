"""What is asked for: one colour for the whole product, or one for each of its base colours."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..errors import InvalidColour
from .colour import delta_e00, parse_hex, srgb_to_lab, to_hex

Target = str | Mapping[int | str, str | None]
"""A colour, or a colour (None: as it is) by base colour: its hex, or its place in the palette."""
Palette = Sequence[tuple[str, float]]
"""Base colours ('#RRGGBB') and their share of the product, the largest first."""
SAME = 6.0
"""ΔE00 up to which a hex names a base colour: a corrected matte moves them a little."""


def read_target(palette: Palette, target: Target) -> tuple[str | None, ...]:
    """Say for each base colour what it is to become, '#RRGGBB', or None where it stays.

    A single colour is for the first. Base colours that a mapping leaves out stay. Raises
    InvalidColour for what is no colour or no base colour, and when nothing would change.
    """
    wanted: list[str | None] = [None] * len(palette)
    if not isinstance(target, Mapping):
        wanted[0] = to_hex(parse_hex(target))
        return tuple(wanted)
    named: dict[int, int | str] = {}
    for key, colour in target.items():
        place = _place(palette, key)
        if place in named:
            raise InvalidColour(
                f"{named[place]!r} and {key!r} both name the base colour {palette[place][0]}."
                " Give one target for each."
            )
        named[place] = key
        wanted[place] = None if colour is None else to_hex(parse_hex(colour))
    if not any(wanted):
        raise InvalidColour(
            f"No base colour is given a target. {_found(palette)} Give one of them at least."
        )
    return tuple(wanted)


def _place(palette: Palette, key: int | str) -> int:
    """Find which base colour a key names."""
    if isinstance(key, int):
        if not 0 <= key < len(palette):
            raise InvalidColour(f"There is no base colour {key}. {_found(palette)}")
        return key
    lab = srgb_to_lab(np.stack([parse_hex(colour) for colour, _ in palette]))
    distances = delta_e00(srgb_to_lab(parse_hex(key)), lab)
    nearest = int(distances.argmin())
    if distances[nearest] > SAME:
        raise InvalidColour(
            f"{key} is no base colour of this product: the nearest, {palette[nearest][0]}, is ΔE"
            f" {distances[nearest]:.0f} away, the limit is {SAME:g}. {_found(palette)}"
        )
    return nearest


def _found(palette: Palette) -> str:
    colours = ", ".join(
        f"{place}: {colour} ({weight:.0%})" for place, (colour, weight) in enumerate(palette)
    )
    return f"The palette found is {colours}."
