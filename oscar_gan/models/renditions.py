"""Renditions: what widths and formats of a product's picture are in storage, ready to be shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RenditionSet(models.Model):
    """The renditions of one picture, so that pages name its files without asking storage.

    Equal files (one published picture in every size of a colour) share their renditions: their
    sets have one `stem`. Names are never used again once their last set is gone.
    """

    image = models.OneToOneField(
        "catalogue.ProductImage", models.CASCADE, related_name="gan_renditions"
    )
    source_name = models.CharField(max_length=255)
    """The file they were made of; where the image has another by now, they are out of date."""
    digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of that file and of how renditions are made."""
    stem = models.CharField(max_length=100, blank=True, db_index=True)
    """What every rendition's name begins with."""
    extensions = models.JSONField(default=list)
    """With the dot, the smallest format first, JPEG last."""
    sizes = models.JSONField(default=list)
    """[[width, height], …] in pixels, smallest first; empty when none could be made."""
    problem = models.TextField(_("problem"), blank=True)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    class Meta:
        verbose_name = _("renditions of a picture")
        verbose_name_plural = _("renditions of pictures")

    def __str__(self) -> str:
        return self.source_name

    def file_name(self, width: int, extension: str) -> str:
        """The file of one width; width 0 is the square thumb."""
        return f"{self.stem}-{width or 'thumb'}{extension}"

    def file_names(self) -> list[str]:
        """Every file of the set."""
        widths = [0, *(width for width, _height in self.sizes)] if self.sizes else []
        return [self.file_name(width, ext) for width in widths for ext in self.extensions]
