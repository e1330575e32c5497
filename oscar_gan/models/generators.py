"""Generator versions: which weights made which picture, which serve now, and who decided that."""

from __future__ import annotations

from django.conf import settings
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
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("trained from"),
    )
    files = models.JSONField(
        _("files"),
        default=dict,
        db_default={},
        blank=True,
        help_text=_(
            "Weights in the drafts storage, by network; none: they ship with the package."
        ),
    )
    pinned = models.BooleanField(
        _("pinned"),
        default=False,
        db_default=False,
        help_text=_("Stays champion until it is unpinned."),
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
            models.CheckConstraint(
                condition=Q(pinned=False) | Q(status="champion"),
                name="gan_only_champion_is_pinned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class GeneratorEvent(models.Model):
    """Something that happened to a generator version; the log only grows."""

    class Kind(models.TextChoices):
        TRAINED = "trained", _("Trained")
        PASSED = "passed", _("Passed the comparison")
        REFUSED = "refused", _("Refused by the comparison")
        PROMOTED = "promoted", _("Promoted")
        ROLLED_BACK = "rolled-back", _("Rolled back to")
        PINNED = "pinned", _("Pinned")
        UNPINNED = "unpinned", _("Unpinned")

    version = models.ForeignKey(
        GeneratorVersion, models.PROTECT, related_name="events", verbose_name=_("version")
    )
    previous = models.ForeignKey(
        GeneratorVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("champion before"),
    )
    kind = models.CharField(_("what happened"), max_length=11, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Nobody: the schedule or an upgrade."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("generator event")
        verbose_name_plural = _("generator events")

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display()}"


class Comparison(models.Model):
    """A challenger measured beside the champion and `classic`: on the bench and in shadow."""

    version = models.ForeignKey(
        GeneratorVersion, models.CASCADE, related_name="comparisons", verbose_name=_("challenger")
    )
    against = models.ForeignKey(
        GeneratorVersion, models.CASCADE, related_name="+", verbose_name=_("champion")
    )
    passed = models.BooleanField(_("passed"))
    report = models.JSONField(_("report"))
    created_at = models.DateTimeField(_("compared"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")

    def __str__(self) -> str:
        return f"{self.version} / {self.against}"
