"""Colourways: the named colours a shop sells."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

HEX_COLOUR = RegexValidator(r"^#[0-9A-F]{6}\Z", _("Enter a colour as #RRGGBB, e.g. #1F3A93."))


class Colourway(models.Model):
    """A named colour, e.g. Navy = #1F2A44, optionally tied to one of Oscar's colour options."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    colour = models.CharField(
        _("colour"), max_length=7, validators=[HEX_COLOUR], help_text=_("sRGB as #RRGGBB.")
    )
    tolerance = models.FloatField(
        _("tolerance (ΔE)"),
        default=2.0,
        validators=[MinValueValidator(0.1), MaxValueValidator(10)],
        help_text=_("Largest colour difference (CIEDE2000) before a variant image is flagged."),
    )
    option = models.OneToOneField(
        "catalogue.AttributeOption",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="colourway",
        verbose_name=_("attribute option"),
        help_text=_("Oscar's option with this colour; without one the name decides."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("colourway")
        verbose_name_plural = _("colourways")
        permissions = [("manage_colourways", _("Can manage colourways"))]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.colour = self.colour.upper()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.colour = self.colour.upper()
