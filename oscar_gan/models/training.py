"""Training runs: what the shop's own generators learn from, how far they are, what came of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .generators import GeneratorVersion


class TrainingRun(models.Model):
    """One fine-tuning of a generator's champion; the row is the truth, its message a hint."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Phase(models.TextChoices):
        COLLECTING = "collecting", _("Collecting photos")
        TRAINING = "training", _("Training")
        EXPORTING = "exporting", _("Exporting")
        COMPARING = "comparing", _("Comparing")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("generator"), max_length=50)
    base = models.ForeignKey(
        GeneratorVersion, models.PROTECT, related_name="runs", verbose_name=_("trained from")
    )
    result = models.OneToOneField(
        GeneratorVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="training",
        verbose_name=_("version"),
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.QUEUED)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, default=Phase.COLLECTING)
    scheduled = models.BooleanField(_("started by the schedule"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    manifest_name = models.CharField(max_length=200, blank=True)
    manifest_digest = models.CharField(_("manifest"), max_length=64, blank=True)
    summary = models.JSONField(
        _("data"), default=dict, blank=True, help_text=_("The manifest without its photos.")
    )
    decisions = models.PositiveIntegerField(_("quality decisions"), default=0)
    newest_review = models.BigIntegerField(default=0)

    seed = models.PositiveIntegerField(default=1)
    steps = models.PositiveIntegerField(_("steps"))
    step = models.PositiveIntegerField(_("step"), default=0)
    history = models.JSONField(
        default=dict, blank=True, help_text=_("Series of (step, value) by name.")
    )
    samples_name = models.CharField(max_length=200, blank=True)
    checkpoint_name = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(_("seconds of work"), default=0)
    budget_seconds = models.PositiveIntegerField(_("budget in seconds"))
    problem_code = models.CharField(max_length=50, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    dispatched_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text=_("Starts since the last checkpoint.")
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("training run")
        verbose_name_plural = _("training runs")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(status__in=["queued", "running"]),
                name="gan_one_training_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(problem=""), name="gan_failed_training_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in self.UNFINISHED


class TrainingOptOut(models.Model):
    """A product or a whole partner whose photos no generator may learn from."""

    product = models.OneToOneField(
        "catalogue.Product",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gan_opt_out",
        verbose_name=_("product"),
    )
    partner = models.OneToOneField(
        "partner.Partner",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gan_opt_out",
        verbose_name=_("partner"),
    )
    note = models.CharField(_("reason"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("training opt-out")
        verbose_name_plural = _("training opt-outs")
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False) ^ Q(partner__isnull=False),
                name="gan_opt_out_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.product or self.partner)
