"""Notification preferences: how somebody hears that what they started is finished."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NotificationPreference(models.Model):
    """One person's choice; without a row it is the inbox."""

    class Channel(models.TextChoices):
        OFF = "off", _("Not at all")
        INBOX = "inbox", _("In the inbox of my account")
        EMAIL = "email", _("In the inbox and by e-mail")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="gan_notifications",
        verbose_name=_("user"),
    )
    channel = models.CharField(_("tell me"), max_length=5, choices=Channel, default=Channel.INBOX)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_channel_display()}"
