"""Palettes for prints: built-in ones that go well on cloth, the ground first."""

from __future__ import annotations

import random

PALETTES: tuple[tuple[str, str, str, str], ...] = (
    ("#F6F1E7", "#1F2E58", "#C8502F", "#E3B04B"),  # harbour at noon
    ("#1F2A44", "#F4EBDD", "#D9A441", "#7A93AC"),  # night and brass
    ("#F3E9DC", "#5E7153", "#C06C54", "#2F3E34"),  # garden wall
    ("#FBF7F0", "#0B3D91", "#F4C20D", "#D43D3D"),  # primary school
    ("#2F3E34", "#E8DCC4", "#B7853F", "#7E9A7B"),  # forest floor
    ("#F7E6E2", "#8C2F39", "#E8A0A0", "#4B3A40"),  # rose hip
    ("#E7EEF0", "#20606B", "#F2B8A0", "#123038"),  # tide pool
    ("#FFF9EC", "#E4572E", "#29335C", "#F3A712"),  # fairground
    ("#3A2E39", "#F4D8CD", "#F15152", "#EDB183"),  # sunset
    ("#EFEAE4", "#6B7A8F", "#B8A99A", "#2B2D42"),  # pebble beach
    ("#FDF6F0", "#7B5EA7", "#F2A65A", "#3D2C5E"),  # crocus
    ("#DDE5D7", "#3C5A3E", "#F0F4EC", "#A8BFA0"),  # fern
    ("#10202B", "#2A9D8F", "#E9C46A", "#F4F1DE"),  # lagoon
    ("#FAF3E3", "#A63D2F", "#28536B", "#C2B280"),  # brick and slate
    ("#F2F0EB", "#222222", "#B0A8A0", "#D64045"),  # newsprint
    ("#E9DDC7", "#6F4E37", "#A67B5B", "#F8F1E5"),  # coffee
)


def suggested(seed: int, inks: int) -> list[str]:
    """The palette that a new tile is shown in: always the same for a seed."""
    # The generator of random numbers is no secret keeper's: it deals out colours.
    palette = random.Random(seed).choice(PALETTES)  # noqa: S311
    return list(palette[:inks])
