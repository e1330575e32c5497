"""Renditions of product pictures: made by workers, named in the database, shown without storage.

`making` writes them, `keeping` asks for missing ones and deletes what nobody needs, `showing`
says what a page offers to browsers. docs/storefront.md tells the rules.
"""

from .keeping import forget, is_known, request, request_missing, without
from .making import FOLDER, make
from .showing import Shown, Source, light_srcset, shown, thumb, whole_url

__all__ = [
    "FOLDER",
    "Shown",
    "Source",
    "forget",
    "is_known",
    "light_srcset",
    "make",
    "request",
    "request_missing",
    "shown",
    "thumb",
    "whole_url",
    "without",
]
