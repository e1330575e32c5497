"""Reviews: what staff decided about a variant image, as a log that only grows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .jobs import VariantImage


class Review(models.Model):
    """One decision by one person; undoing a decision is a decision too."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        UNDONE = "undone", _("Decision undone")

    class Reason(models.TextChoices):
        WRONG_COLOUR = "wrong-colour", _("Wrong colour")
        BLEEDING = "bleeding", _("Colour bleeds")
        EDGE = "edge", _("Edge or halo")
        PRINT_CHANGED = "print-changed", _("Logo or print changed")
        TEXTURE_LOST = "texture-lost", _("Texture lost")
        LIGHTING = "lighting", _("Lighting wrong")
        ARTEFACT = "artefact", _("Artefact")
        MISREPRESENTED = "misrepresented", _("Product misrepresented")
        NOT_WANTED = "not-wanted", _("Not wanted (business)")
        OTHER = "other", _("Other")

    variant = models.ForeignKey(VariantImage, models.CASCADE, related_name="reviews")
    decision = models.CharField(_("decision"), max_length=8, choices=Decision)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="rejected") | ~Q(reason=""), name="gan_rejection_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.variant_id}"
