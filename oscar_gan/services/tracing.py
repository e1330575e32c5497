"""Tracing: is this picture one of ours, what was it made of, and was it changed since?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from ..conf import photo_limits
from ..imaging import credentials
from ..imaging.encode import CONTENT_TYPES
from ..imaging.header import open_photo
from ..imaging.provenance import read_provenance
from ..models import VariantImage

READ_TYPES = CONTENT_TYPES | {"TIFF": "image/tiff"}
"""Of what is read; what is written is never a TIFF."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What a file says of itself, and what the shop's rows know about that."""

    marks: dict[str, str]
    """Its XMP, by the names of `imaging.provenance`; empty without any."""
    credentials: str
    """`none`, `intact`, `broken` or `unchecked` (imaging.credentials)."""
    variant: VariantImage | None
    """The variant image of that recipe and photo."""
    same_bytes: bool
    """Whether it is that picture to the byte; else a rendition of it, or saved anew."""

    @property
    def is_ours(self) -> bool:
        """Whether this shop made it, and nobody changed what was signed."""
        return self.variant is not None and self.credentials != credentials.BROKEN


def trace(data: bytes) -> Trace:
    """Read a file's marks and look its recipe up. Raises UnusablePhoto when it is no picture."""
    format = str(open_photo(data, photo_limits()).format)
    marks = read_provenance(data)
    content_type = READ_TYPES.get(format, "image/jpeg")
    found = None
    if marks:
        made = VariantImage.objects.filter(
            recipe_digest=marks.get("recipe", ""), source_digest=marks.get("source", "")
        )
        found = made.select_related("product__parent", "request__generator").first()
    return Trace(
        marks=marks,
        credentials=credentials.check(data, content_type=content_type),
        variant=found,
        same_bytes=found is not None and found.digest == sha256(data).hexdigest(),
    )
