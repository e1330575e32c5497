"""Forms of the staff pages: thin; what a colour or a matte is, the services decide."""

from __future__ import annotations

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from ..conf import get_config
from ..models import Print, Review
from ..models.prints import MAX_INKS, MIN_INKS
from ..services.prints import MAX_TILE_BYTES
from .colour_fields import ColourField, ColourInput
from .keys import ManyChosenField, is_key


class RejectForm(forms.ModelForm):
    """Why a variant image is turned down; the quality reasons also train the generator."""

    class Meta:
        model = Review
        fields = ("reason", "comment")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class DecideForm(forms.Form):
    """One decision about many variant images, by their ids."""

    variants = forms.TypedMultipleChoiceField(coerce=int, required=True)
    decision = forms.ChoiceField(choices=Review.Decision, required=False)
    reason = forms.ChoiceField(choices=Review.Reason, required=False)

    def __init__(self, data):
        super().__init__(data)
        # Any number will do: the service knows which of them are there.
        self.fields["variants"].valid_value = is_key

    def clean_variants(self) -> list[int]:
        return list(dict.fromkeys(self.cleaned_data["variants"]))

    def clean(self) -> dict:
        """A reason is a rejection: its button says both."""
        data = super().clean()
        if data.get("reason"):
            data["decision"] = Review.Decision.REJECTED
        elif data.get("decision") == Review.Decision.REJECTED:
            self.add_error("reason", _("Choose why these pictures are rejected."))
        elif not data.get("decision"):
            self.add_error("decision", _("Choose whether to approve or to reject."))
        return data

    @property
    def complaint(self) -> str:
        """What is missing, in one sentence."""
        if "variants" in self.errors:
            return str(_("Choose at least one picture first."))
        return str(next(iter(self.errors.values()))[0])


class NoteForm(forms.Form):
    """Why somebody decided so about a generator; for the log."""

    note = forms.CharField(
        required=False,
        max_length=500,
        label=_("Note (optional)"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


class PictureField(forms.FileField):
    """A picture handed in; its content is checked by the service."""

    def limit(self) -> int:
        """Largest file that is read, in bytes."""
        raise NotImplementedError

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        limit = self.limit()
        if file and file.size > limit:
            raise forms.ValidationError(
                _("The file is %(size)s; the limit is %(limit)s."),
                params={"size": filesizeformat(file.size), "limit": filesizeformat(limit)},
            )
        return file


class MatteFileField(PictureField):
    """A PNG handed in as matte."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/png"})

    def limit(self) -> int:
        return get_config().max_photo_bytes


class TileFileField(PictureField):
    """A picture of a tile that somebody made elsewhere."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})

    def limit(self) -> int:
        return MAX_TILE_BYTES


class OutlineForm(forms.Form):
    """A corrected outline: points and painting on the matte `base`, or a matte as a file instead.

    `layers` is what the editor has after all points and strokes; without strokes it is left out.
    """

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    clicks = forms.CharField(required=False, widget=forms.HiddenInput)
    layers = MatteFileField(required=False)
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

    def edited(self) -> bytes | None:
        """What was painted; only of a valid form."""
        return self.cleaned_data["layers"].read() if self.cleaned_data["layers"] else None


class SharedOutlineForm(forms.Form):
    """The photos that get the outline of the matte `matte`, too."""

    matte = forms.CharField(widget=forms.HiddenInput)
    photos = ManyChosenField(
        queryset=None,
        error_messages={"required": _("Tick at least one photo.")},
    )
    again = forms.BooleanField(required=False)

    def __init__(self, *args, photos, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photos"].queryset = photos


class PrintNameForm(forms.ModelForm):
    """What a new print is called."""

    class Meta:
        model = Print
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"})}


class PrintForm(PrintNameForm):
    """Name and inks of a print, as many inks as it has."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, ink in enumerate(self.instance.inks, start=1):
            self.fields[f"ink-{number}"] = ColourField(
                label=_("Ink %(number)s") % {"number": number},
                initial=ink,
                widget=ColourInput(attrs={"data-gan-ink": ""}),
            )

    @property
    def ink_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("ink-")]

    @property
    def inks(self) -> list[str]:
        """The inks, in order; only of a valid form."""
        return [self.cleaned_data[field.name] for field in self.ink_fields]


class PrintUploadForm(PrintNameForm):
    """A tile handed in as a picture, and how many inks are to be found in it."""

    tile = TileFileField(
        label=_("Picture of one tile"),
        help_text=_("PNG, JPEG or WebP of one repeat, without a seam at its edges."),
    )
    inks = forms.TypedChoiceField(
        label=_("Inks"),
        coerce=int,
        initial=4,
        choices=[(count, count) for count in range(MIN_INKS, MAX_INKS + 1)],
        widget=forms.Select(attrs={"class": "form-control no-widget-init"}),
    )
