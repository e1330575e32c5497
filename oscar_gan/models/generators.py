"""Generator versions: which weights made which picture, and which serve now."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GeneratorVersion(models.Model):
    """One immutable set of weights (or the closed form of `classic`), named by its digest."""

    class Status(models.TextChoices):
        CHAMPION = "champion", _("Champion")
        CHALLENGER = "challenger", _("Challenger")
        RETIRED = "retired", _("Retired")

    name = models.CharField(_("name"), max_length=50)
    version = models.CharField(_("version"), max_length=50)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.CHALLENGER
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("generator version")
        verbose_name_plural = _("generator versions")
        permissions = [("train_generators", _("Can train and promote generators"))]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(status="champion"), name="gan_one_champion_per_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
