"""Words for colours that nobody named, so that no shopper ever reads a bare hex code."""

from __future__ import annotations

import re

import numpy as np
from django.utils.translation import gettext_lazy as _

from ..imaging.colour import LINEAR_OF_BYTE, linear_to_oklab

_ANCHORS = {
    "#FFFFFF": _("White"),
    "#EFEDE6": _("Off-white"),
    "#F4E6C8": _("Cream"),
    "#D2BC96": _("Beige"),
    "#BFBFBF": _("Light grey"),
    "#808080": _("Grey"),
    "#454545": _("Dark grey"),
    "#1A1A1A": _("Black"),
    "#F2B8C6": _("Light pink"),
    "#E75480": _("Pink"),
    "#C8202F": _("Red"),
    "#6E1423": _("Dark red"),
    "#FBD3B4": _("Peach"),
    "#F07F1C": _("Orange"),
    "#B5532A": _("Rust"),
    "#B98A5A": _("Light brown"),
    "#8A5A33": _("Brown"),
    "#43291A": _("Dark brown"),
    "#F6E27A": _("Light yellow"),
    "#F2C80F": _("Yellow"),
    "#C8962E": _("Mustard"),
    "#8FA287": _("Grey green"),
    "#A9D8A0": _("Light green"),
    "#3A9B4A": _("Green"),
    "#1E4D2F": _("Dark green"),
    "#7A7F3A": _("Olive"),
    "#3FC1C0": _("Turquoise"),
    "#1B6F73": _("Teal"),
    "#5F7290": _("Grey blue"),
    "#A6CBEC": _("Light blue"),
    "#2E6FC9": _("Blue"),
    "#1F2E58": _("Dark blue"),
    "#E2DCF2": _("Lavender"),
    "#C9B3E6": _("Light purple"),
    "#7A3FA0": _("Purple"),
    "#3E1F54": _("Dark purple"),
}
_HEX = re.compile(r"#[0-9A-Fa-f]{6}\Z")


def is_hex(text: str) -> bool:
    """Whether `text` is a colour code, not a name."""
    return _HEX.match(text.strip()) is not None


def describe(colour: str) -> str:
    """Name '#RRGGBB' by the nearest of some thirty everyday colours (distance in OKLab)."""
    names = list(_ANCHORS.values())
    anchors = np.stack([_oklab(anchor) for anchor in _ANCHORS])
    distances = np.linalg.norm(anchors - _oklab(colour), axis=1)
    return str(names[int(distances.argmin())])


def _oklab(colour: str) -> np.ndarray:
    return linear_to_oklab(LINEAR_OF_BYTE[np.frombuffer(bytes.fromhex(colour.strip()[1:]), "u1")])
