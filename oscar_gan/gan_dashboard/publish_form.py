"""The form of a publishing rule: where, at which place, instead of which others."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Publication
from ..services.publish_rules import Rule


class PublishForm(forms.Form):
    """A publishing rule; what was not asked keeps its usual value."""

    scope = forms.ChoiceField(
        label=_("Where shall shoppers see it?"),
        choices=Publication.Scope,
        widget=forms.RadioSelect,
    )
    position = forms.ChoiceField(
        required=False,
        label=_("At which place?"),
        choices=Publication.Position,
        initial=Publication.Position.LAST,
        widget=forms.RadioSelect,
    )
    replace = forms.BooleanField(
        required=False,
        label=_("Replace generated pictures of the same colour"),
        help_text=_(
            "Those made from the same photo, or from one that is gone. Reverting brings them back."
        ),
    )

    @property
    def rule(self) -> Rule:
        """The rule; only of a valid form."""
        data = self.cleaned_data
        position = data["position"] or Publication.Position.LAST
        return Rule(scope=data["scope"], position=position, replace=data["replace"])
