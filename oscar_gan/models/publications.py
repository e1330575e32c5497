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

    variant = models.ForeignKey(VariantImage, models.CASCADE, related_name="publications")
    scope = models.CharField(_("where"), max_length=7, choices=Scope)
    before = models.JSONField(default=dict)
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
    """A picture this plugin added to a gallery; `image` is empty once it is gone from there."""

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

    class Meta:
        verbose_name = _("published image")
        verbose_name_plural = _("published images")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "product"], name="gan_published_once_per_product"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
