"""What a page offers to browsers for one picture; storage is asked for URLs, never for files."""

from __future__ import annotations

from dataclasses import dataclass

from ...imaging.renditions import THUMB
from ...models import RenditionSet
from .. import thumbnails

_TYPES = {".avif": "image/avif", ".webp": "image/webp"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One format that a browser may prefer to the JPEG."""

    type: str
    srcset: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The parts of a <picture>; width and height are None when nobody knows them."""

    src: str
    srcset: str
    width: int | None
    height: int | None
    sources: tuple[Source, ...] = ()


def shown(image) -> Shown:
    """A picture in every width; by Oscar's thumbnailer while there are no renditions of it."""
    made = _made(image)
    if made is None:
        return _by_thumbnailer(thumbnails.renditions(image.original))
    *others, last = made.extensions
    width, height = made.sizes[-1]
    return Shown(
        src=_url(image, made, width, last),
        srcset=_srcset(image, made, last),
        width=width,
        height=height,
        sources=tuple(
            Source(type=_TYPES[extension], srcset=_srcset(image, made, extension))
            for extension in others
        ),
    )


def thumb(image) -> Shown:
    """The small square cut out of a picture's middle."""
    made = _made(image)
    if made is None:
        small = thumbnails.thumb(image.original)
        return Shown(src=small.url, srcset="", width=small.width, height=small.height)
    *others, last = made.extensions
    return Shown(
        src=_url(image, made, 0, last),
        srcset="",
        width=THUMB,
        height=THUMB,
        sources=tuple(
            Source(type=_TYPES[extension], srcset=_url(image, made, 0, extension))
            for extension in others
        ),
    )


def whole_url(image) -> str:
    """The largest JPEG, for readers that choose nothing; the file itself while there is none."""
    made = _made(image)
    if made is None:
        return image.original.url
    return _url(image, made, made.sizes[-1][0], made.extensions[-1])


def light_srcset(image) -> str:
    """The widths of one format, WebP where it was made; empty while there are none."""
    made = _made(image)
    if made is None:
        return ""
    extension = ".webp" if ".webp" in made.extensions else made.extensions[-1]
    return _srcset(image, made, extension)


def _made(image) -> RenditionSet | None:
    """The picture's renditions, unless they are of a file that it showed before."""
    made = getattr(image, "gan_renditions", None)
    current = made and made.sizes and made.source_name == image.original.name
    return made if current else None


def _url(image, made: RenditionSet, width: int, extension: str) -> str:
    return image.original.storage.url(made.file_name(width, extension))


def _srcset(image, made: RenditionSet, extension: str) -> str:
    widths = (width for width, _height in made.sizes)
    return ", ".join(f"{_url(image, made, width, extension)} {width}w" for width in widths)


def _by_thumbnailer(sizes: list[thumbnails.Rendition]) -> Shown:
    full = sizes[-1]
    srcset = ", ".join(f"{each.url} {each.width}w" for each in sizes if each.width)
    return Shown(src=full.url, srcset=srcset, width=full.width, height=full.height)
