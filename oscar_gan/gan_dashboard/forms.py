"""Forms of the staff pages: thin; what a colour or a matte is, the services decide."""

from __future__ import annotations

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from ..conf import get_config
from ..models import Colourway, Publication, Review
from .colour_fields import ColourField


class RejectForm(forms.ModelForm):
    """Why a variant image is turned down; the quality reasons also train the generator."""

    class Meta:
        model = Review
        fields = ("reason", "comment")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class PublishForm(forms.Form):
    """Into which galleries an approved variant image goes."""

    scope = forms.ChoiceField(choices=Publication.Scope, widget=forms.RadioSelect)


class MatteFileField(forms.FileField):
    """A PNG handed in as matte; its content is checked by the service."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/png"})

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        limit = get_config().max_photo_bytes
        if file and file.size > limit:
            raise forms.ValidationError(
                _("The file is %(size)s; the limit is %(limit)s."),
                params={"size": filesizeformat(file.size), "limit": filesizeformat(limit)},
            )
        return file


class OutlineForm(forms.Form):
    """A corrected outline: points set on the matte `base`, or a matte as a file instead."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    clicks = forms.CharField(required=False, widget=forms.HiddenInput)
    matte = MatteFileField(
        required=False,
        label=_("A matte of your own"),
        help_text=_(
            "Greyscale PNG of the photo's size: white is recoloured, black stays as it is."
        ),
    )
    again = forms.BooleanField(required=False)

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not data["matte"] and not data["base"]:
            self.add_error("matte", _("There is no outline to correct yet; hand in a matte."))
        return data


class ColourwayForm(forms.ModelForm):
    """A named colour: typed as #RRGGBB or picked with the browser's own colour picker."""

    colour = ColourField(label=_("Colour"))

    class Meta:
        model = Colourway
        fields = ("name", "colour", "tolerance", "option")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["option"].queryset = self._colour_options()
        self.fields["option"].empty_label = _("None: match by name")
        self.fields["tolerance"].widget.attrs.update(step="0.1", min="0.1", max="10")

    def _colour_options(self):
        """Options of the attributes that name a colour; all options where there is none."""
        options = get_model("catalogue", "AttributeOption").objects.select_related("group")
        colours = options.filter(
            group__product_attributes__code__in=get_config().colour_attributes
        ).distinct()
        return colours if colours.exists() else options
