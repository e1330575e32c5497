"""The form behind notifications."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import NotificationPreference


class PreferenceForm(forms.Form):
    """How somebody wants to be told."""

    channel = forms.ChoiceField(
        choices=NotificationPreference.Channel,
        widget=forms.RadioSelect,
        label=_("When something I started is finished or failed, tell me"),
    )
