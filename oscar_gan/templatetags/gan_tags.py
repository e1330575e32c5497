"""Template tags of the storefront; docs/storefront.md shows where they go."""

from __future__ import annotations

from django import template

from ..services import gallery as galleries
from ..services import thumbnails

register = template.Library()
_FOLDER = "oscar_gan/storefront"


@register.inclusion_tag(f"{_FOLDER}/gallery.html", takes_context=True)
def gan_gallery(context, product) -> dict:
    """Swatches and pictures in one, instead of Oscar's gallery; brings its style and script."""
    return _context(context, product)


@register.inclusion_tag(f"{_FOLDER}/pictures.html", takes_context=True)
def gan_pictures(context, product) -> dict:
    """Only the pictures, for pages that place the swatches elsewhere."""
    return _context(context, product)


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


@register.simple_tag(takes_context=True)
def gan_gallery_of(context, product):
    """The gallery's data (oscar_gan.services.gallery.Gallery), for templates of your own."""
    return _gallery(context, product)


@register.simple_tag(takes_context=True)
def gan_preload(context, products) -> str:
    """Read the colours of a whole list at once, for gan_dots; takes search results too."""
    products = [getattr(product, "object", product) for product in products]
    _built(context).update(galleries.galleries(products=[p for p in products if p]))
    return ""


@register.inclusion_tag(f"{_FOLDER}/dots.html", takes_context=True)
def gan_dots(context, product, most: int = 6) -> dict:
    """A product's colours on its card in a list; nothing unless gan_preload read them."""
    gallery = _built(context).get(product.pk)
    colours = gallery.colours if gallery else []
    return {"colours": colours, "shown": colours[:most], "more": len(colours[most:])}


@register.filter
def gan_renditions(picture: galleries.Picture) -> list[thumbnails.Rendition]:
    """The picture's sizes, smallest first."""
    return thumbnails.renditions(picture.file)


@register.filter
def gan_thumb(picture: galleries.Picture) -> thumbnails.Rendition:
    """The picture's small square."""
    return thumbnails.thumb(picture.file)


@register.filter
def gan_srcset(renditions: list[thumbnails.Rendition]) -> str:
    """The renditions as a srcset; empty when their widths are unknown."""
    return ", ".join(f"{r.url} {r.width}w" for r in renditions if r.width)


def _context(context, product) -> dict:
    return {"product": product, "gallery": _gallery(context, product)}


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


def _built(context) -> dict:
    """What this request has built: galleries of lists by product id, the page's own beside."""
    request = context.get("request")
    return {} if request is None else request.__dict__.setdefault("oscar_gan_galleries", {})
