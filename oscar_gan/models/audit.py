"""The audit log: who did what, when, to what; it only grows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditQuerySet(models.QuerySet):
    """Rows are read and added; nothing else."""

    def update(self, **kwargs):
        raise TypeError("The audit log only grows; its rows are never changed.")

    def delete(self):
        raise TypeError("The audit log only grows; its rows are never deleted.")


class AuditEvent(models.Model):
    """One deed. `before` and `after` hold ids or values, whatever tells what changed."""

    class Action(models.TextChoices):
        REQUESTED = "requested", _("Asked for variant images")
        CANCELLED = "cancelled", _("Cancelled a request")
        RUN_STARTED = "run-started", _("Started a bulk run")
        RUN_CANCELLED = "run-cancelled", _("Cancelled a bulk run")
        RUN_PAUSED = "run-paused", _("Paused a bulk run")
        RUN_CONTINUED = "run-continued", _("Went on with a bulk run")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        UNDONE = "undone", _("Took a decision back")
        PUBLISHED = "published", _("Published")
        REVERTED = "reverted", _("Reverted a publication")
        MATTE_SAVED = "matte-saved", _("Saved an outline")
        COLOURWAY_SAVED = "colourway-saved", _("Saved a colourway")
        COLOURWAY_DELETED = "colourway-deleted", _("Deleted a colourway")
        PALETTE_SAVED = "palette-saved", _("Saved a palette")
        PALETTE_DELETED = "palette-deleted", _("Deleted a palette")
        IMPORTED = "imported", _("Imported colourways")
        ERASED = "erased", _("Erased what was made of a photo")
        QUOTA_CHANGED = "quota-changed", _("Changed a quota")
        GENERATOR = "generator", _("Decided about a generator")

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    actor_name = models.CharField(_("name"), max_length=254, blank=True)
    action = models.CharField(_("what"), max_length=20, choices=Action)
    product = models.ForeignKey(
        "catalogue.Product",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    object_type = models.CharField(_("kind of object"), max_length=30, blank=True)
    object_id = models.CharField(_("id of the object"), max_length=36, blank=True)
    object_name = models.CharField(_("object"), max_length=200, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    recipe = models.CharField(_("recipe"), max_length=64, blank=True)
    generator = models.CharField(
        _("model hash"), max_length=64, blank=True, help_text=_("Digest of the generator.")
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("log entry")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="gan_audit_time"),
            models.Index(fields=["actor", "-at", "-id"], name="gan_audit_actor"),
            models.Index(fields=["action", "-at", "-id"], name="gan_audit_action"),
            models.Index(fields=["product", "-at", "-id"], name="gan_audit_product"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.get_action_display()} {self.object_name}".strip()

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("The audit log only grows; its rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("The audit log only grows; its rows are never deleted.")
