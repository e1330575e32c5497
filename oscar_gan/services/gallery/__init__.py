"""What a product page shows: the colours on offer and the pictures of the chosen one.

Plain queries; no file is opened. The rules are told in docs/storefront.md.
"""

from __future__ import annotations

from .families import FamilyGallery
from .results import Gallery, GalleryChoice, GalleryColour, Picture
from .rows import load
from .standalone import standalone_gallery

__all__ = ["Gallery", "GalleryChoice", "GalleryColour", "Picture", "gallery"]


def gallery(*, product, selected_key: str | None = None, strategy=None) -> Gallery:
    """The gallery of `product`; `selected_key` names the colour on pages of several colours.

    A child page shows its own colour whatever the key says. `strategy` (Oscar's, from the
    request) tells which colours are sold out; without one all are taken to be available.
    """
    family = load(product)
    if family.children:
        return FamilyGallery(family, product, strategy).build(selected_key)
    return standalone_gallery(family, selected_key)
