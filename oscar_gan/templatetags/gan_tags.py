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
    request = context.get("request")
    if request is None:
        return galleries.gallery(product=product)
    built = request.__dict__.setdefault("oscar_gan_galleries", {})
    if product.pk not in built:
        built[product.pk] = galleries.gallery(
            product=product,
            selected_key=request.GET.get("colour"),
            strategy=getattr(request, "strategy", None),
        )
    return built[product.pk]
