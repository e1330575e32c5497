"""What a product can be given besides a colour: a print, a style, or another product's look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidColour, InvalidLook
from .colour import parse_hex, to_hex
from .photo import Photo
from .placing import Placement
from .prepare import Prepared
from .styles import STYLES, Style
from .tiles import Tile

MAX_SEED = 2**32 - 1


class Analysed(Protocol):
    """What a reference look reads of an analysis."""

    matte: NDArray[np.uint8]
    keep: NDArray[np.uint8]
    palette: tuple[tuple[str, float], ...]
    prepared: Prepared


@dataclass(frozen=True, slots=True, eq=False)
class PrintLook:
    """A print all over: it takes the place of the product's base colours."""

    tile: Tile
    placement: Placement = Placement()


@dataclass(frozen=True, slots=True, eq=False)
class StyleLook:
    """A style by name; raises InvalidLook for what it does not have."""

    style: str
    colours: tuple[str, ...] = ()
    """'#RRGGBB', for the product's base colours in the palette's order; empty: its own."""
    sliders: Mapping[str, float] = field(default_factory=dict)
    """Values by name; what is left out has its default."""
    seed: int = 0
    """Another seed gives other blotches and fibres."""

    def __post_init__(self) -> None:
        style = _style(self.style)
        object.__setattr__(self, "colours", _colours(style, self.colours))
        object.__setattr__(self, "sliders", MappingProxyType(_values(style, self.sliders)))
        if not isinstance(self.seed, int) or not 0 <= self.seed <= MAX_SEED:
            raise InvalidLook(f"seed is {self.seed!r}; it is a whole number, 0 to {MAX_SEED}.")

    def value(self, name: str) -> float:
        """A slider's value, its default where none was given."""
        defaults = {slider.name: slider.default for slider in STYLES[self.style].sliders}
        return self.sliders.get(name, defaults[name])


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceLook:
    """The colours, the tone and, if it has one, the print of another product."""

    photo: Photo
    analysis: Analysed


Look = PrintLook | StyleLook | ReferenceLook


def _style(name: str) -> Style:
    if name not in STYLES:
        raise InvalidLook(f"There is no style {name!r}. Choose from: {', '.join(STYLES)}.")
    return STYLES[name]


def _colours(style: Style, colours: tuple[str, ...]) -> tuple[str, ...]:
    low, high = style.colours
    if not low <= len(colours) <= high:
        raise InvalidLook(f"{style.name} takes {low} to {high} colours, not {len(colours)}.")
    try:
        return tuple(to_hex(parse_hex(colour)) for colour in colours)
    except InvalidColour as error:
        raise InvalidLook(str(error)) from error


def _values(style: Style, given: Mapping[str, float]) -> dict[str, float]:
    known = {slider.name: slider for slider in style.sliders}
    for name, value in given.items():
        if name not in known:
            raise InvalidLook(
                f"{style.name} has no slider {name!r}. Choose from: {', '.join(known)}."
            )
        low, high = known[name].low, known[name].high
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not (low <= value <= high)
        ):
            raise InvalidLook(
                f"{name} of {style.name} is {value!r}; it is a number from {low:g} to {high:g}."
            )
    return {name: float(value) for name, value in given.items()}
