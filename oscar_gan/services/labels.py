"""The note that a picture's colour is simulated: whether a market shows it, and how."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_noop

from ..conf import get_config

WAYS = ("off", "icon", "text")
TEXTS = {
    "colour": gettext_noop("Colour simulated from a photo"),
    "print": gettext_noop("Print simulated from a photo"),
    "look": gettext_noop("Look simulated from a photo"),
}


def kind_of(variant) -> str:
    """What of a variant image no camera saw: `colour`, `print` or `look`."""
    kind = variant.recipe.get("kind", "colour")
    return {"print": "print", "style": "look", "reference": "look"}.get(kind, "colour")


def label_way(market: str | None = None) -> str:
    """`off`, `icon` or `text` for a shopper's market and the page's language.

    The market is an upper-case country code that the shop knows (from the address, the delivery
    country …); else the language's own region counts, as in `en-gb`. The most exact entry of
    the setting wins: country, whole language, language, and "" for everybody else.
    """
    language = (get_language() or "").lower()
    base, _, region = language.partition("-")
    ways = get_config().simulated_label
    candidates = [key for key in (market or region.upper(), language, base) if key]
    return next((ways[key] for key in [*candidates, ""] if key in ways), "off")
