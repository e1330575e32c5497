"""What the database remembers. DESIGN words: a *variant image* is a picture, never a product."""

from .colourways import Colourway
from .generators import Comparison, GeneratorEvent, GeneratorVersion
from .jobs import BackfillRun, GenerationRequest, VariantImage
from .mattes import Matte
from .prints import Print, PrintSheet, SheetTile
from .publications import Publication, PublishedImage
from .reviews import Review
from .styles import Style
from .training import TrainingOptOut, TrainingRun

__all__ = [
    "BackfillRun",
    "Colourway",
    "Comparison",
    "GenerationRequest",
    "GeneratorEvent",
    "GeneratorVersion",
    "Matte",
    "Print",
    "PrintSheet",
    "Publication",
    "PublishedImage",
    "Review",
    "SheetTile",
    "Style",
    "TrainingOptOut",
    "TrainingRun",
    "VariantImage",
]
