"""Alternative texts of published pictures, in each of the shop's languages; people's text wins."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ..conf import get_config
from . import colour_names

_LONGEST = 200  # characters, of Oscar's ProductImage.caption
_LOCALES = Path(__file__).parent.parent / "locale"


def alt_texts(product, variant) -> dict[str, str]:
    """What publishing writes about `variant`'s picture, by language code.

    A child's own title may hold its colour and size, so the parent's is used.
    """
    return {code: _written(product, variant, code) for code in _languages()}


def caption_of(product, variant) -> str:
    """That text in the shop's own language: the caption of Oscar's ProductImage."""
    return _written(product, variant, settings.LANGUAGE_CODE)


def alternative_text(image, publication) -> str:
    """What shoppers read about `image`; empty when nobody wrote anything.

    A caption that a person wrote is shown as it is; that of publishing in the shopper's language.
    """
    texts = publication.alt_texts if publication else {}
    if image.caption not in texts.values():
        return image.caption
    language = translation.get_language() or settings.LANGUAGE_CODE
    return texts.get(language) or texts.get(language.partition("-")[0]) or image.caption


def _written(product, variant, code: str) -> str:
    label = variant.label
    with translation.override(code):
        name = colour_names.describe(label) if colour_names.is_hex(label) else label
        template = get_config().alt_texts.get(code)
        values = {
            "product": (product.parent if product.is_child else product).get_title(),
            "colour": name,
        }
        text = template.format(**values) if template else _("%(product)s, %(colour)s") % values
    return text[:_LONGEST]


def _languages() -> list[str]:
    """The shop's languages in which something else than in its own could be written."""
    templates = get_config().alt_texts
    spoken = [
        code for code, _name in settings.LANGUAGES if code in templates or _is_translated(code)
    ]
    return list(dict.fromkeys([settings.LANGUAGE_CODE, *spoken]))


@cache
def _is_translated(code: str) -> bool:
    return code.startswith("en") or (_LOCALES / translation.to_locale(code)).is_dir()
