"""Reading what is asked for: one colour, or one per base colour."""

import pytest

from oscar_gan.errors import InvalidColour
from oscar_gan.imaging.targets import read_target

PALETTE = (("#C0392B", 0.6), ("#FFFFFF", 0.3), ("#1B1B1B", 0.1))


def test_one_colour_is_for_the_main_material():
    assert read_target(PALETTE, "0b3d91") == ("#0B3D91", None, None)


@pytest.mark.parametrize(
    "target",
    [
        {"#C0392B": "#0B3D91", "#FFFFFF": "#FA0", "#1B1B1B": None},
        {"#FFFFFF": "#FFAA00", "#C0392B": "#0b3d91"},
        {0: "#0B3D91", 1: "#FFAA00"},
        {"#BE3A2D": "#0B3D91", 1: "#FFAA00"},
    ],
    ids=["by hex", "left out stays", "by place", "nearly the hex"],
)
def test_base_colours_are_named_by_hex_or_place(target):
    assert read_target(PALETTE, target) == ("#0B3D91", "#FFAA00", None)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"#00FF00": "#FFF"}, r"#00FF00 is no base colour.*nearest, #.*limit is 6.*"
         r"0: #C0392B \(60%\), 1: #FFFFFF \(30%\), 2: #1B1B1B \(10%\)"),
        ({3: "#FFF"}, "no base colour 3.*palette found is 0: #C0392B"),
        ({-1: "#FFF"}, "no base colour -1"),
        ({"#FFFFFF": "#000", 1: "#111"}, "both name the base colour #FFFFFF"),
        ({"#FFFFFF": None}, "No base colour is given a target.*#1B1B1B"),
        ({}, "No base colour is given a target"),
        ({"#FFFFFF": "navy"}, "'navy' is not a colour"),
        ({"white": "#000"}, "'white' is not a colour"),
        ("navy", "'navy' is not a colour"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_the_palette_found(target, message):
    with pytest.raises(InvalidColour, match=message):
        read_target(PALETTE, target)
