"""Columns of text on a terminal, where a Chinese character is as wide as two others."""

from __future__ import annotations

from unicodedata import east_asian_width


def width_of(text: str) -> int:
    """How many places `text` takes on a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def left(text: str, width: int) -> str:
    """`text` at the left of a column of `width` places."""
    return text + " " * (width - width_of(text))


def right(text: str, width: int) -> str:
    """`text` at the right of a column of `width` places."""
    return " " * (width - width_of(text)) + text
