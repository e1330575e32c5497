"""Signs of life: when each periodic task last ran and each queue's worker last answered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One row a name, written over at each beat; `services.heartbeats` knows the names."""

    name = models.CharField(_("name"), max_length=50, primary_key=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["name"]
        default_permissions = ("view",)
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name
