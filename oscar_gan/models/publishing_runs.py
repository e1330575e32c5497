"""Publishing runs: many variant images published by one rule, and taken back together."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .jobs import BackfillRun, VariantImage
from .publications import Publication


class PublishingRun(models.Model):
    """Approved variant images that are published by one rule, one after the other.

    `rule` is that of services.publish_rules. `automatic`: the shop's policy asked for it, not a
    person; `started_by` is then whoever approved or asked for the pictures, if anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.JSONField(default=dict)
    automatic = models.BooleanField(_("automatic"), default=False)
    backfill = models.ForeignKey(
        BackfillRun, models.SET_NULL, null=True, blank=True, related_name="publishing_runs"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now, help_text=_("Last sign of life."))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField(_("reverted"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("publishing run")
        verbose_name_plural = _("publishing runs")

    def __str__(self) -> str:
        return str(self.id)


class PublishingItem(models.Model):
    """One variant image of a run: its publication, or why there is none."""

    run = models.ForeignKey(PublishingRun, models.CASCADE, related_name="items")
    variant = models.ForeignKey(VariantImage, models.CASCADE, related_name="+")
    publication = models.ForeignKey(
        Publication, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=50, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("publishing item")
        verbose_name_plural = _("publishing items")
        constraints = [
            models.UniqueConstraint(fields=["run", "variant"], name="gan_once_per_publishing_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.variant_id}"
