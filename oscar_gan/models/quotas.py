"""Quotas: how many variant images somebody may ask for in a day, and how many they did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class _OfSomebody(models.Model):
    """Belongs to one user or to one partner."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    partner = models.ForeignKey(
        "partner.Partner",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.user or self.partner)


_OF_ONE = Q(user__isnull=False) ^ Q(partner__isnull=False)


class Quota(_OfSomebody):
    """A limit of one user or partner's own, instead of the one in the settings."""

    per_day = models.PositiveIntegerField(
        _("variant images a day"), null=True, blank=True, help_text=_("Empty: as many as wanted.")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(
                condition=_OF_ONE,
                name="gan_quota_of_one",
                violation_error_message=_("Choose a user or a partner, not both."),
            ),
            models.UniqueConstraint(fields=["user"], name="gan_quota_per_user"),
            models.UniqueConstraint(fields=["partner"], name="gan_quota_per_partner"),
        ]


class QuotaUse(_OfSomebody):
    """How many variant images were asked for on one day; counted up by one UPDATE."""

    day = models.DateField(_("day"))
    used = models.PositiveIntegerField(_("used"), default=0)

    class Meta:
        ordering = ["-day", "pk"]
        verbose_name = _("use of a quota")
        verbose_name_plural = _("use of quotas")
        constraints = [
            models.CheckConstraint(condition=_OF_ONE, name="gan_use_of_one"),
            models.UniqueConstraint(fields=["day", "user"], name="gan_use_per_user"),
            models.UniqueConstraint(fields=["day", "partner"], name="gan_use_per_partner"),
        ]
