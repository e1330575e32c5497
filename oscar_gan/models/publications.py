"""Publications: variant images copied into Oscar's galleries, each reversible."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .jobs import VariantImage


class PublicationQuerySet(models.QuerySet):
    def live(self):
        return self.filter(reverted_at__isnull=True)


class Publication(models.Model):
    """One approved variant image put into one or more galleries.

    `before` holds, per product id, the gallery as it stood:
    `[{"id", "display_order", "caption", "name"}, …]`.
    """

    class Scope(models.TextChoices):
        GALLERY = "gallery", _("This product's gallery")
        COLOUR = "colour", _("Every child product of this colour")
        BOTH = "both", _("This product's gallery and every child product of this colour")

    class Position(models.TextChoices):
        LAST = "last", _("Behind all pictures")
        FIRST = "first", _("Behind people's photos, before other generated pictures")
        LEAD = "lead", _("As the main picture, where no photo of a person leads")

    variant = models.ForeignKey(VariantImage, models.CASCADE, related_name="publications")
    scope = models.CharField(_("where"), max_length=7, choices=Scope)
    position = models.CharField(
        _("position"),
        max_length=5,
        choices=Position,
        default=Position.LAST,
        db_default=Position.LAST,
    )
    replace = models.BooleanField(
        _("replace"),
        default=False,
        db_default=False,
        help_text=_("Whether it took the place of generated pictures of the same colour."),
    )
    alt_texts = models.JSONField(
        _("alternative texts"),
        default=dict,
        db_default={},
        blank=True,
        help_text=_("By language code."),
    )
    before = models.JSONField(default=dict)
    run = models.ForeignKey(
        "oscar_gan.PublishingRun",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("publishing run"),
        db_index=False,  # mostly empty: see the indexes
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField(_("reverted"), null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes = [
            models.Index(
                fields=["run"], condition=Q(run__isnull=False), name="gan_publication_run"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["variant"],
                condition=Q(reverted_at__isnull=True),
                name="gan_one_live_publication",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} → {self.get_scope_display()}"


class PublishedImage(models.Model):
    """A picture this plugin added to a gallery; `image` is empty once it is gone from there.

    `moved` says by how much which of our other pictures made room for it: `{"image id": 1}`.
    `kept` is its row as it was when another publication replaced it, to be put back from.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="images")
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="gan_published_images"
    )
    image = models.OneToOneField(
        "catalogue.ProductImage",
        models.SET_NULL,
        null=True,
        related_name="gan_published",
    )
    file_name = models.CharField(max_length=255)
    moved = models.JSONField(default=dict, db_default={}, blank=True)
    replaced_by = models.ForeignKey(
        Publication,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaced",
        db_index=False,  # mostly empty: see the indexes
    )
    kept = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("published image")
        verbose_name_plural = _("published images")
        indexes = [
            models.Index(
                fields=["replaced_by"],
                condition=Q(replaced_by__isnull=False),
                name="gan_published_replaced",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "product"], name="gan_published_once_per_product"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
