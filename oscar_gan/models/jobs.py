"""Jobs: one request per source photo, one variant image per recipe, leases for workers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Queue(models.TextChoices):
    INTERACTIVE = "interactive", _("Interactive")
    BACKFILL = "backfill", _("Backfill")


class BackfillRun(models.Model):
    """One bulk command or bulk action, and how far it got, so that it can be resumed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    options = models.JSONField(default=dict)
    cursor = models.BigIntegerField(default=0, help_text=_("Last product that was planned."))
    counts = models.JSONField(default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When whoever started it heard how it went.")
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("backfill run")
        verbose_name_plural = _("backfill runs")

    def __str__(self) -> str:
        return str(self.id)


class LeftOut(models.Model):
    """A product that a bulk run did not ask for, and why; goes with its run."""

    run = models.ForeignKey(BackfillRun, models.CASCADE, related_name="left_out")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+")
    code = models.CharField(_("reason"), max_length=40)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("product left out")
        verbose_name_plural = _("products left out")
        constraints = [
            # A killed process looks at its last product once more.
            models.UniqueConstraint(fields=["run", "product"], name="gan_left_out_once"),
        ]
        indexes = [models.Index(fields=["run", "code", "id"], name="gan_left_out_code")]

    def __str__(self) -> str:
        return f"{self.product}: {self.code}"


class GenerationRequest(models.Model):
    """A wish for variant images of one source photo; the row is the truth, its message a hint.

    A request without variant images asks only for the analysis: a matte to look at.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="gan_requests", verbose_name=_("product")
    )
    source = models.ForeignKey(
        "catalogue.ProductImage",
        models.SET_NULL,
        null=True,
        related_name="gan_requests",
        verbose_name=_("source photo"),
    )
    source_digest = models.CharField(max_length=64)
    matte = models.ForeignKey(
        "oscar_gan.Matte", models.SET_NULL, null=True, blank=True, related_name="requests"
    )
    generator = models.ForeignKey(
        "oscar_gan.GeneratorVersion", models.PROTECT, related_name="requests"
    )
    run = models.ForeignKey(
        BackfillRun, models.SET_NULL, null=True, blank=True, related_name="requests"
    )
    queue = models.CharField(_("queue"), max_length=11, choices=Queue, default=Queue.INTERACTIVE)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.QUEUED)
    problem = models.TextField(_("problem"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When whoever asked heard how it went.")
    )

    trace_id = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text=_("The web request that asked, as logs name it."),
    )
    dispatched_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    created = 0
    reused = 0
    """Variant images that `request_variants` added or found; not stored."""

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("generation request")
        verbose_name_plural = _("generation requests")
        permissions = [("generate_variants", _("Can generate variant images"))]
        indexes = [
            models.Index(fields=["status", "lease_expires_at"], name="gan_request_lease"),
            models.Index(fields=["-finished_at"], name="gan_request_finished"),
            models.Index(fields=["-created_at"], name="gan_request_created"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_token__isnull=False),
                name="gan_running_request_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class VariantImageQuerySet(models.QuerySet):
    """The domain's questions about variant images."""

    def unfinished(self):
        return self.filter(status__in=VariantImage.UNFINISHED)

    def awaiting_review(self):
        return self.filter(status=VariantImage.Status.AWAITING_REVIEW)

    def approved(self):
        return self.filter(status=VariantImage.Status.APPROVED)


UNSCORED = 10_000.0
"""Doubt about a picture that nobody has scored yet: more than any score, so it is seen first."""


class VariantImage(models.Model):
    """One picture that was asked for: its recipe, how it went, and what staff decided."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        AWAITING_REVIEW = "awaiting_review", _("Awaiting review")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)
    MADE = (Status.AWAITING_REVIEW, Status.APPROVED, Status.REJECTED)
    RETRYABLE = (Status.FAILED, Status.CANCELLED)

    request = models.ForeignKey(GenerationRequest, models.CASCADE, related_name="variants")
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="gan_variants", verbose_name=_("product")
    )
    source = models.ForeignKey(
        "catalogue.ProductImage",
        models.SET_NULL,
        null=True,
        related_name="gan_variants",
        verbose_name=_("source photo"),
    )
    source_digest = models.CharField(max_length=64)
    recipe = models.JSONField(_("recipe"))
    recipe_digest = models.CharField(max_length=64)
    colourway = models.ForeignKey(
        "oscar_gan.Colourway",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="variants",
        verbose_name=_("colourway"),
    )
    option = models.ForeignKey(
        "catalogue.AttributeOption",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("colour option"),
    )
    print = models.ForeignKey(
        "oscar_gan.Print",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="variants",
        verbose_name=_("print"),
        db_index=False,  # mostly empty: see the indexes
    )
    reference = models.ForeignKey(
        "catalogue.ProductImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reference photo"),
        db_index=False,
    )
    take_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="later_takes",
        verbose_name=_("first take"),
        db_index=False,
        help_text=_("Of a picture that was made again with one change: where it began."),
    )
    label = models.CharField(_("colour or look"), max_length=100)
    target = models.CharField(
        _("colour asked for"),
        max_length=7,
        blank=True,
        help_text=_("Of a look, its first colour; empty where it has none of its own."),
    )

    status = models.CharField(_("status"), max_length=15, choices=Status, default=Status.QUEUED)
    problem_code = models.CharField(max_length=50, blank=True)
    problem = models.TextField(_("problem"), blank=True)

    file_name = models.CharField(_("file"), max_length=200, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    # Not Positive…: to check that of a large table, PostgreSQL locks it and reads all of it.
    size = models.IntegerField(_("size of the file in bytes"), null=True, blank=True)
    made = models.CharField(_("colour made"), max_length=7, blank=True)
    delta_e = models.FloatField(_("ΔE"), null=True, blank=True)
    colours = models.JSONField(
        _("colours made"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("Per base colour of the product: what it was, was to be, and became."),
    )
    structure = models.FloatField(_("structure"), null=True, blank=True)
    background_max = models.PositiveSmallIntegerField(null=True, blank=True)
    protected_max = models.FloatField(null=True, blank=True)
    findings = models.JSONField(_("warnings"), default=list, blank=True)
    doubt = models.FloatField(
        _("doubt"),
        default=UNSCORED,
        db_default=UNSCORED,
        help_text=_("How much this picture needs a look; the largest are reviewed first."),
    )
    seconds = models.FloatField(_("seconds"), null=True, blank=True)

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    pruned_at = models.DateTimeField(
        _("file deleted"),
        null=True,
        blank=True,
        help_text=_("When its file was deleted because nobody wanted the picture."),
    )

    objects = VariantImageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("variant image")
        verbose_name_plural = _("variant images")
        permissions = [
            ("review_variants", _("Can review variant images")),
            ("publish_variants", _("Can publish variant images")),
        ]
        indexes = [
            models.Index(fields=["status", "created_at"], name="gan_variant_status"),
            models.Index(fields=["product", "status"], name="gan_variant_product"),
            models.Index(fields=["status", "-doubt", "id"], name="gan_variant_doubt"),
            models.Index(
                fields=["-finished_at"],
                condition=Q(seconds__isnull=False),
                name="gan_variant_finished",
            ),
            models.Index(
                fields=["print"], condition=Q(print__isnull=False), name="gan_variant_print"
            ),
            models.Index(
                fields=["reference"],
                condition=Q(reference__isnull=False),
                name="gan_variant_reference",
            ),
            models.Index(
                fields=["take_of"], condition=Q(take_of__isnull=False), name="gan_variant_take"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "source_digest", "recipe_digest"], name="gan_one_job_per_recipe"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["awaiting_review", "approved", "rejected"])
                | (~Q(file_name="") & Q(delta_e__isnull=False)),
                name="gan_made_variant_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "failed"]) | ~Q(problem=""),
                name="gan_unmade_variant_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.label}"

    @property
    def has_picture(self) -> bool:
        """Whether there is a file to look at."""
        return bool(self.file_name) and self.pruned_at is None
