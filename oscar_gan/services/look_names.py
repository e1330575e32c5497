"""Words for styles and their sliders, and for kinds of prints, in the reader's language.

The engine names them in English and knows no translations; what it has and we have no word for
keeps its own.
"""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from ..imaging.styles import STYLES

KINDS = {
    "stripe": gettext_noop("Stripe"),
    "check": gettext_noop("Check"),
    "dot": gettext_noop("Dot"),
    "heather": gettext_noop("Heather"),
    "floral": gettext_noop("Floral"),
    "geometric": gettext_noop("Geometric"),
    "wash": gettext_noop("Wash"),
}
STYLE_WORDS = (
    gettext_noop("Pastel"),
    gettext_noop("Light and soft, as if mixed with white."),
    gettext_noop("Vivid"),
    gettext_noop("Stronger colour and a little more contrast."),
    gettext_noop("Faded"),
    gettext_noop("Washed many times: paler, with softer shadows."),
    gettext_noop("Stone wash"),
    gettext_noop("Worn pale on folds, seams and hems, in soft clouds."),
    gettext_noop("Acid wash"),
    gettext_noop("Bleached almost white in a hard, marbled pattern."),
    gettext_noop("Knitted of two shades of yarn: a fine melange."),
    gettext_noop("Ombre"),
    gettext_noop("One colour flows into the next along the product."),
    gettext_noop("Colour block"),
    gettext_noop("Plain areas of colour with straight borders."),
    gettext_noop("Monochrome"),
    gettext_noop("All of the product in shades of one colour, or in greys."),
    gettext_noop("Metallic"),
    gettext_noop("The sheen of foil or satin: deep shades, bright highlights."),
    gettext_noop("Strength"),
    gettext_noop("Size of the blotches"),
    gettext_noop("Amount washed out"),
    gettext_noop("Direction in degrees"),
    gettext_noop("Softer folds"),
    gettext_noop("Contrast"),
    gettext_noop("Wear on the folds"),
    gettext_noop("Marbling"),
    gettext_noop("Length of the fibres"),
    gettext_noop("Share of the second yarn"),
    gettext_noop("Middle of the passage"),
    gettext_noop("Length of the passage"),
    gettext_noop("Where the border is"),
    gettext_noop("Highlights"),
)
"""The engine's names, for the translators; a test compares them with the styles."""


def kind_name(kind: str) -> str:
    """What a kind of print is called."""
    return gettext(KINDS[kind]) if kind in KINDS else kind.capitalize()


def style_name(style: str) -> str:
    """What a style is called; one that this version does not know keeps its key."""
    return gettext(STYLES[style].label) if style in STYLES else style


def style_help(style: str) -> str:
    """What a style does."""
    return gettext(STYLES[style].help)


def slider_name(slider) -> str:
    """What a style's slider is called."""
    return gettext(slider.label)
