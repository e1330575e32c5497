"""Prints: named designs of a seamless tile, and the sheets of tiles to choose them from."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .colourways import HEX_COLOUR

MIN_INKS, MAX_INKS = 2, 6


def check_inks(inks: object) -> None:
    """Raise ValidationError unless `inks` is a list of two to six colours as #RRGGBB."""
    if not isinstance(inks, list) or not MIN_INKS <= len(inks) <= MAX_INKS:
        raise ValidationError(
            _("A print has %(min)d to %(max)d inks."),
            params={"min": MIN_INKS, "max": MAX_INKS},
        )
    for ink in inks:
        HEX_COLOUR(ink)


class Print(models.Model):
    """A named tile: what the printer was asked for, its inks, and the picture they made.

    The file is a PNG in the drafts storage, named by its digest. A print without a design was
    handed in as a picture.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    design = models.JSONField(
        _("design"), null=True, blank=True, help_text=_("What the printer was asked for.")
    )
    inks = models.JSONField(_("inks"), validators=[check_inks], help_text=_("As #RRGGBB."))
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    generator = models.ForeignKey(
        "oscar_gan.GeneratorVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prints",
        verbose_name=_("generator version"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("print")
        verbose_name_plural = _("prints")
        permissions = [("manage_prints", _("Can design prints and styles"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file_name="") & ~Q(digest=""), name="gan_print_has_file"
            ),
            models.CheckConstraint(
                condition=Q(design__isnull=True) | Q(generator__isnull=False),
                name="gan_designed_print_has_generator",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PrintSheet(models.Model):
    """Tiles to choose from: a wish, made by a worker, kept for whoever wishes the same.

    `digest` covers the wish and the printer, so asking twice makes nothing twice, and a worker
    that does a sheet again writes the same files.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wish = models.JSONField(help_text=_("What was asked for: kind, seed, codes, parent."))
    inks = models.PositiveSmallIntegerField(
        _("inks"), validators=[MinValueValidator(MIN_INKS), MaxValueValidator(MAX_INKS)]
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    generator = models.ForeignKey(
        "oscar_gan.GeneratorVersion", models.PROTECT, related_name="sheets"
    )
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.QUEUED)
    problem = models.TextField(_("problem"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    asked_at = models.DateTimeField(_("last asked for"), auto_now_add=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("sheet of tiles")
        verbose_name_plural = _("sheets of tiles")
        indexes = [
            models.Index(fields=["status", "lease_expires_at"], name="gan_sheet_lease"),
            models.Index(fields=["requested_by", "created_at"], name="gan_sheet_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_expires_at__isnull=False),
                name="gan_running_sheet_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(problem=""), name="gan_failed_sheet_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SheetTile(models.Model):
    """One tile of a sheet: how much of which ink, without colours yet.

    The file is a PNG in the drafts storage whose red, green and blue are the weights of the
    first three inks; the last ink has what is missing to 255.
    """

    sheet = models.ForeignKey(PrintSheet, models.CASCADE, related_name="tiles")
    position = models.PositiveSmallIntegerField(_("position"))
    design = models.JSONField(_("design"))
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        ordering = ["position"]
        verbose_name = _("tile")
        verbose_name_plural = _("tiles")
        indexes = [models.Index(fields=["file_name"], name="gan_tile_file")]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "position"], name="gan_tile_position"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}, {self.position + 1}"
