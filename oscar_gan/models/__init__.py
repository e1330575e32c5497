"""What the database remembers. DESIGN words: a *variant image* is a picture, never a product."""

from .audit import AuditEvent
from .colourways import Colourway, Palette
from .generators import Comparison, GeneratorEvent, GeneratorVersion
from .heartbeats import Heartbeat
from .jobs import BackfillRun, GenerationRequest, LeftOut, VariantImage
from .mattes import Matte
from .notifications import NotificationPreference
from .prints import Print, PrintSheet, SheetTile
from .publications import Publication, PublishedImage
from .publishing_runs import PublishingItem, PublishingRun
from .quotas import Quota, QuotaUse
from .renditions import RenditionSet
from .reviews import Review
from .styles import Style
from .training import TrainingOptOut, TrainingRun

__all__ = [
    "AuditEvent",
    "BackfillRun",
    "Colourway",
    "Comparison",
    "GenerationRequest",
    "GeneratorEvent",
    "GeneratorVersion",
    "Heartbeat",
    "LeftOut",
    "Matte",
    "NotificationPreference",
    "Palette",
    "Print",
    "PrintSheet",
    "Publication",
    "PublishedImage",
    "RenditionSet",
    "PublishingItem",
    "PublishingRun",
    "Quota",
    "QuotaUse",
    "Review",
    "SheetTile",
    "Style",
    "TrainingOptOut",
    "TrainingRun",
    "VariantImage",
]
