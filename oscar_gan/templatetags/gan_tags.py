"""Template tags of the storefront; docs/storefront.md shows where they go."""

from __future__ import annotations

import json

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from ..services import gallery as galleries
from ..services import labels, renditions

register = template.Library()
_FOLDER = "oscar_gan/storefront"
SIZES = "(min-width: 1200px) 540px, (min-width: 576px) 50vw, 100vw"
"""How wide Oscar's product page shows the main picture."""
CARD_SIZES = "(min-width: 768px) 25vw, 50vw"
# As Django's json_script: no text of a product can end the script element or open a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag(f"{_FOLDER}/gallery.html", takes_context=True)
def gan_gallery(context, product, sizes: str = SIZES) -> dict:
    """Swatches and pictures in one, instead of Oscar's gallery; brings its style and script."""
    return _context(context, product) | {"sizes": sizes}


@register.inclusion_tag(f"{_FOLDER}/pictures.html", takes_context=True)
def gan_pictures(context, product, sizes: str = SIZES) -> dict:
    """Only the pictures, for pages that place the swatches elsewhere.

    `sizes` tells browsers how wide the page shows the main one, as the attribute of <img>.
    """
    return _context(context, product) | {"sizes": sizes}


@register.inclusion_tag(f"{_FOLDER}/swatches.html", takes_context=True)
def gan_swatches(context, product) -> dict:
    """Only the swatches; nothing where a product has one colour."""
    return _context(context, product)


@register.inclusion_tag(f"{_FOLDER}/choices.html", takes_context=True)
def gan_choices(context, product) -> dict:
    """Links to the other children of the chosen colour, e.g. its sizes."""
    return _context(context, product)


@register.inclusion_tag(f"{_FOLDER}/assets.html")
def gan_storefront_assets() -> dict:
    """Style sheet and script, for the page's head; gan_gallery brings them by itself."""
    return {}


@register.inclusion_tag(f"{_FOLDER}/structured_data.html", takes_context=True)
def gan_structured_data(context, product) -> dict:
    """The product and its colours for search engines, as JSON-LD: data, never executed."""
    request = context.get("request")
    data = galleries.structured_data(
        product=product,
        gallery=_gallery(context, product),
        strategy=getattr(request, "strategy", None),
        absolute=request.build_absolute_uri if request else str,
    )
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return {"data": mark_safe(text)}  # noqa: S308  escaped above


@register.simple_tag(takes_context=True)
def gan_gallery_of(context, product):
    """The gallery's data (oscar_gan.services.gallery.Gallery), for templates of your own."""
    return _gallery(context, product)


@register.simple_tag(takes_context=True)
def gan_preload(context, products) -> str:
    """Read the colours of a whole list at once, for its cards; takes search results too."""
    products = [getattr(product, "object", product) for product in products]
    _built(context).update(galleries.galleries(products=[p for p in products if p]))
    return ""


@register.inclusion_tag(f"{_FOLDER}/list_assets.html")
def gan_list_assets() -> dict:
    """Style sheet and script of cards, for the head of pages with lists."""
    return {}


@register.inclusion_tag(f"{_FOLDER}/dots.html", takes_context=True)
def gan_dots(context, product, most: int = 4) -> dict:
    """A product's colours on its card in a list; nothing unless gan_preload read them."""
    card = _card(context, product, most)
    colours = [*card.shown, *card.more] if card else []
    return {"card": card, "colours": colours, "title": product.get_title()}


@register.inclusion_tag(f"{_FOLDER}/card_picture.html", takes_context=True)
def gan_card_picture(context, product, sizes: str = CARD_SIZES) -> dict:
    """The picture of a product's card; it follows the swatches and the colour searched for.

    Where gan_preload did not read the product, its first picture.
    """
    card = _card(context, product) or galleries.plain_card(product)
    # The card's title says what it is; the picture's text would only repeat it.
    return {"card": card, "sizes": sizes, "alt": "", "main": False}


@register.simple_tag(takes_context=True)
def gan_card_url(context, product) -> str:
    """Where a card leads: to the colour that its picture shows."""
    card = _card(context, product)
    return card.url if card else product.get_absolute_url()


@register.filter
def gan_shown(picture: galleries.Picture) -> renditions.Shown:
    """The parts of the picture's <picture>: formats, widths, size."""
    return renditions.shown(picture.image)


@register.filter
def gan_thumb(picture: galleries.Picture) -> renditions.Shown:
    """The picture's small square."""
    return renditions.thumb(picture.image)


@register.filter
def gan_light_srcset(picture: galleries.Picture | str) -> str:
    """The widths of one format, for scripts: WebP, which every browser with modules reads.

    Empty where there is no picture (templates then hand in "") or no renditions of it.
    """
    return renditions.light_srcset(picture.image) if picture else ""


@register.filter
def gan_label(picture: galleries.Picture) -> str:
    """What of the picture is simulated, in words."""
    return gettext(labels.TEXTS[picture.simulated])


@register.filter
def gan_made_url(picture: galleries.Picture) -> str:
    """Where shoppers read how the picture was made; empty where the shop has no such page."""
    published = getattr(picture.image, "gan_published", None)
    try:
        return reverse("gan-made", args=[published.pk]) if published else ""
    except NoReverseMatch:
        return ""


def _context(context, product) -> dict:
    market = getattr(context.get("request"), "gan_market", None)
    return {
        "product": product,
        "gallery": _gallery(context, product),
        "label_way": labels.label_way(market),
    }


def _gallery(context, product) -> galleries.Gallery:
    """Built once per request, however many tags of the page ask for it."""
    request, key = context.get("request"), (product.pk, "page")
    built = _built(context)
    if key not in built:
        built[key] = galleries.gallery(
            product=product,
            selected_key=request.GET.get("colour") if request else None,
            strategy=getattr(request, "strategy", None),
        )
    return built[key]


def _card(context, product, most: int = 4) -> galleries.Card | None:
    gallery = _built(context).get(product.pk)
    request = context.get("request")
    words = request.GET.get("q", "") if request else ""
    return gallery and galleries.card(product=product, gallery=gallery, words=words, most=most)


def _built(context) -> dict:
    """What this request has built: galleries of lists by product id, the page's own beside."""
    request = context.get("request")
    return {} if request is None else request.__dict__.setdefault("oscar_gan_galleries", {})
