"""A photo and a colour or a look in, a picture and its assessment out. No Django, no torch.

generator = open_generator("classic")
photo = read_photo(data)
analysis = generator.analyse(photo)
recoloured = generator.recolour(photo, analysis, "#1F3A93")
"""

from ..imaging.assess import Assessment, ColourMade
from ..imaging.encode import Encoded, encode
from ..imaging.findings import Finding
from ..imaging.photo import Limits, Photo, read_photo
from ..imaging.provenance import Provenance, read_provenance
from ..imaging.targets import Target, read_target
from .analysis import Analysis, Seen, Segmentation
from .generator import ENGINE_VERSION, Generator, Recoloured
from .shipped import (
    GENERATORS,
    default_generator,
    digest_of_weights,
    open_generator,
    open_weights,
)

__all__ = [
    "ENGINE_VERSION", "GENERATORS", "Analysis", "Assessment", "ColourMade", "Encoded", "Finding",
    "Generator", "Limits", "Photo", "Provenance", "Recoloured", "Seen", "Segmentation", "Target",
    "default_generator", "digest_of_weights", "encode", "open_generator", "open_weights",
    "read_photo", "read_provenance", "read_target",
]  # fmt: skip
