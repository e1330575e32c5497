"""Styles: settings of one of the engine's styles that a shop keeps under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Style(models.Model):
    """A named style: which of the engine's it is, with sliders, colours and seed.

    Recipes hold the settings themselves, so that pictures outlive the name they were asked by.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    style = models.CharField(_("style"), max_length=30)
    colours = models.JSONField(_("colours"), default=list, blank=True)
    sliders = models.JSONField(_("sliders"), default=dict, blank=True)
    seed = models.PositiveIntegerField(_("variation"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("style")
        verbose_name_plural = _("styles")
        constraints = [
            models.CheckConstraint(condition=~Q(style=""), name="gan_style_is_one"),
        ]

    def __str__(self) -> str:
        return self.name
