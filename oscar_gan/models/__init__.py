"""What the database remembers. DESIGN words: a *variant image* is a picture, never a product."""

from .colourways import Colourway
from .generators import GeneratorVersion
from .jobs import BackfillRun, GenerationRequest, VariantImage
from .mattes import Matte
from .prints import Print, PrintSheet, SheetTile
from .publications import Publication, PublishedImage
from .reviews import Review
from .styles import Style

__all__ = [
    "BackfillRun",
    "Colourway",
    "GenerationRequest",
    "GeneratorVersion",
    "Matte",
    "Print",
    "PrintSheet",
    "Publication",
    "PublishedImage",
    "Review",
    "SheetTile",
    "Style",
    "VariantImage",
]
