"""How doubtful pictures are follows their colourway's tolerance, whoever changes it."""

from __future__ import annotations

from django.db.models.signals import post_save

from ..models import Colourway, VariantImage


def connect() -> None:
    """Listen to saved colourways."""
    post_save.connect(_rescore, Colourway, dispatch_uid="oscar_gan.rescore")


def _rescore(instance: Colourway, created: bool, raw: bool, **kwargs) -> None:
    from ..services import doubts

    if not (created or raw):
        doubts.rescore(VariantImage.objects.awaiting_review().filter(colourway=instance))
