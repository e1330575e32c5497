"""The styles that exist: names, what they are, and the sliders that each one has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slider:
    """One setting of a style."""

    name: str
    label: str
    default: float
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Style:
    """A way to change a product's colours."""

    name: str
    label: str
    help: str
    sliders: tuple[Slider, ...]
    colours: tuple[int, int]
    """Fewest and most colours that it takes; with none it starts from the product's own."""


MOST = 4
"""Base colours of a product, and so colours of a style."""
STRENGTH = Slider("strength", "Strength", 0.6)
SIZE = Slider("size", "Size of the blotches", 0.5)
AMOUNT = Slider("amount", "Amount washed out", 0.45)
ANGLE = Slider("angle", "Direction in degrees", 0.0, -180.0, 180.0)

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style(
            "pastel", "Pastel", "Light and soft, as if mixed with white.",
            (STRENGTH, Slider("softness", "Softer folds", 0.3)), (0, MOST),
        ),
        Style(
            "vivid", "Vivid", "Stronger colour and a little more contrast.",
            (STRENGTH, Slider("contrast", "Contrast", 0.3)), (0, MOST),
        ),
        Style(
            "faded", "Faded", "Washed many times: paler, with softer shadows.",
            (STRENGTH, Slider("softness", "Softer folds", 0.5)), (0, MOST),
        ),
        Style(
            "stone-wash", "Stone wash", "Worn pale on folds, seams and hems, in soft clouds.",
            (STRENGTH, SIZE, AMOUNT, Slider("folds", "Wear on the folds", 0.6)), (0, MOST),
        ),
        Style(
            "acid-wash", "Acid wash", "Bleached almost white in a hard, marbled pattern.",
            (
                Slider("strength", "Strength", 0.8), SIZE, AMOUNT,
                Slider("marble", "Marbling", 0.6),
            ),
            (0, MOST),
        ),
        Style(
            "heather", "Heather", "Knitted of two shades of yarn: a fine melange.",
            (STRENGTH, Slider("size", "Length of the fibres", 0.4),
             Slider("amount", "Share of the second yarn", 0.4), ANGLE),
            (0, 2),
        ),
        Style(
            "ombre", "Ombre", "One colour flows into the next along the product.",
            (
                Slider("middle", "Middle of the passage", 0.5, 0.1, 0.9),
                Slider("softness", "Length of the passage", 0.8, 0.05, 1.0), ANGLE,
            ),
            (0, MOST),
        ),
        Style(
            "colour-block", "Colour block", "Plain areas of colour with straight borders.",
            (Slider("middle", "Where the border is", 0.5, 0.1, 0.9), ANGLE), (1, MOST),
        ),
        Style(
            "monochrome", "Monochrome", "All of the product in shades of one colour, or in greys.",
            (Slider("strength", "Strength", 1.0),), (0, 1),
        ),
        Style(
            "metallic", "Metallic", "The sheen of foil or satin: deep shades, bright highlights.",
            (STRENGTH, Slider("sheen", "Highlights", 0.5)), (0, MOST),
        ),
    )
}  # fmt: skip
