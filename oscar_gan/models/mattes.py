"""Mattes: which pixels of a source image are the product's recolourable material."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Matte(models.Model):
    """A soft mask of one source image: found by the analyser or handed in by staff.

    The file is an 8-bit greyscale PNG in the drafts storage. Staff mattes win over the
    analyser's; the newest version wins among them.

    The file alone says what is recoloured. Beside it there may be the layers it was made of
    (`imaging.layers`): what is product, and what of it is protected. Where staff gave a matte with
    layers they have seen what is protected, and the generator looks for nothing more to keep.
    """

    class Origin(models.TextChoices):
        ANALYSER = "analyser", _("Found automatically")
        STAFF = "staff", _("Handed in by staff")

    source = models.ForeignKey("catalogue.ProductImage", models.CASCADE, related_name="gan_mattes")
    source_digest = models.CharField(max_length=64)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    version = models.PositiveIntegerField(_("version"))
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    layers_name = models.CharField(
        _("file of its layers"), max_length=200, blank=True, default="", db_default=""
    )
    swatch = models.CharField(_("product colour"), max_length=7, blank=True)
    palette = models.JSONField(default=list, blank=True)
    coverage = models.FloatField(_("coverage"), help_text=_("Share of the photo, 0 to 1."))
    findings = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("matte")
        verbose_name_plural = _("mattes")
        constraints = [
            models.UniqueConstraint(fields=["source", "version"], name="gan_matte_version"),
        ]

    def __str__(self) -> str:
        return f"{self.get_origin_display()} v{self.version}"

    @property
    def says_what_stays(self) -> bool:
        """Whether staff decided themselves what of the product is protected."""
        return self.origin == self.Origin.STAFF and bool(self.layers_name)
