"""Colourways: the named colours a shop sells, and palettes: groups of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

HEX_COLOUR = RegexValidator(r"^#[0-9A-F]{6}\Z", _("Enter a colour as #RRGGBB, e.g. #1F3A93."))


def _unique_name_per_owner(name: str) -> list[models.UniqueConstraint]:
    """One name once in the shop and once for each partner."""
    taken = _("There is one of this name already.")
    return [
        models.UniqueConstraint(
            fields=["name"],
            condition=Q(partner=None),
            name=f"gan_{name}_of_shop",
            violation_error_message=taken,
        ),
        models.UniqueConstraint(
            fields=["partner", "name"],
            condition=Q(partner__isnull=False),
            name=f"gan_{name}_of_partner",
            violation_error_message=taken,
        ),
    ]


class Colourway(models.Model):
    """A named colour, e.g. Navy = #1F2A44, optionally tied to one of Oscar's colour options.

    Without a partner it is the shop's and serves every product; a partner's own serves the
    products that this partner sells, before the shop's of the same name.
    """

    name = models.CharField(_("name"), max_length=100)
    partner = models.ForeignKey(
        "partner.Partner",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gan_colourways",
        verbose_name=_("partner"),
        help_text=_("Whose colour it is; nobody's: the shop's, for every product."),
    )
    colour = models.CharField(
        _("colour"), max_length=7, validators=[HEX_COLOUR], help_text=_("sRGB as #RRGGBB.")
    )
    lab = models.JSONField(
        _("CIELAB"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("L*, a*, b* (D65) as measured or imported; without it the colour decides."),
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
        constraints = [
            *_unique_name_per_owner("colourway"),
            models.CheckConstraint(
                # Options are shared by all who sell, so what stands behind one is the shop's.
                condition=Q(option=None) | Q(partner=None),
                name="gan_option_is_the_shops",
                violation_error_message=_("Only the shop's colourways stand for an option."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.colour = self.colour.upper()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.colour = self.colour.upper()


class Palette(models.Model):
    """Colourways that belong together, for the products of a partner or a category."""

    name = models.CharField(_("name"), max_length=100)
    partner = models.ForeignKey(
        "partner.Partner",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gan_palettes",
        verbose_name=_("partner"),
        help_text=_("Whose products it is for; nobody's: everybody's."),
    )
    category = models.ForeignKey(
        "catalogue.Category",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gan_palettes",
        verbose_name=_("category"),
        help_text=_("With all categories below it."),
    )
    colourways = models.ManyToManyField(
        Colourway, blank=True, related_name="palettes", verbose_name=_("colourways")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("palette")
        verbose_name_plural = _("palettes")
        constraints = _unique_name_per_owner("palette")

    def __str__(self) -> str:
        return self.name
