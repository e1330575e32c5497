"""Everyday names for colours that come without one."""

from __future__ import annotations

import pytest

from oscar_gan.services import colour_names


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#FFFFFF", "White"),
        ("#EFEDE8", "Off-white"),
        ("#0A0A0A", "Black"),
        ("#222224", "Black"),
        ("#AF2430", "Red"),
        ("#24345C", "Dark blue"),
        ("#235A3C", "Dark green"),
        ("#D29B2A", "Mustard"),
        ("#2F5D73", "Teal"),
        ("#9C6234", "Brown"),
        ("#F7A8B8", "Light pink"),
        ("#9AAA93", "Grey green"),
        ("#5A6E8C", "Grey blue"),
    ],
)
def test_a_colour_is_called(colour, name):
    assert colour_names.describe(colour) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#1F3A93", True),
        (" #1f3a93 ", True),
        ("Navy", False),
        ("#12", False),
        ("#1F3A93 x", False),
    ],
)
def test_hex_codes_are_told_from_names(text, expected):
    assert colour_names.is_hex(text) is expected
