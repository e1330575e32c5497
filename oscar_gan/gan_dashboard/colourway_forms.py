"""Forms of colourways, palettes, tables of colours and measured cloth."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from ..conf import get_config
from ..models import Colourway, Palette
from ..services import access
from ..services.colourways.tables import MAX_BYTES
from .colour_fields import ColourField
from .forms import PictureField
from .keys import ManyChosenField

CARDS = {
    "grey": _("Grey card (18 %)"),
    "white": _("White paper"),
    "unknown": _("Any neutral grey (corrects the cast, not the brightness)"),
}


def dress(form: forms.BaseForm) -> None:
    """Bootstrap's classes; selects stay native, so that scripts hear of their changes."""
    for field in form.fields.values():
        kind = "form-control-file" if isinstance(field, forms.FileField) else "form-control"
        field.widget.attrs["class"] = f"{kind} no-widget-init"


class OwnerMixin:
    """Whose it is: the shop's or a partner's for staff, one of their own for partner staff."""

    def limit_owner(self, user) -> None:
        field = self.fields["partner"]
        field.queryset = access.partners_for(user)
        if access.may_manage_for(user, None):
            field.empty_label = _("The shop's, for every product")
        else:
            field.required, field.empty_label = True, None
            field.help_text = ""
            field.initial = field.initial or field.queryset.first()

    def refuse_taken_name(self, data: dict) -> None:
        """Say beside the name that it is taken, rather than above the form."""
        model = self._meta.model
        same = model.objects.filter(name=data.get("name"), partner=data.get("partner"))
        if data.get("name") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is one of this name already."))


class ColourwayForm(OwnerMixin, forms.ModelForm):
    """A named colour: typed as #RRGGBB or picked with the browser's own colour picker."""

    colour = ColourField(label=_("Colour"))
    palettes = ManyChosenField(
        queryset=None,
        required=False,
        label=_("Palettes"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Colourway
        fields = ("name", "colour", "tolerance", "partner", "option")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["tolerance"].widget.attrs.update(step="0.1", min="0.1", max="10")
        self.limit_owner(user)
        if access.may_manage_for(user, None):
            self.fields["option"].queryset = self._colour_options()
            self.fields["option"].empty_label = _("None: match by name")
        else:
            del self.fields["option"]
        palettes = access.palettes_for(user, "manage_colourways").select_related("partner")
        self.fields["palettes"].queryset = palettes
        if not palettes.exists():
            del self.fields["palettes"]
        elif self.instance.pk:
            self.fields["palettes"].initial = self.instance.palettes.all()

    def clean(self) -> dict:
        data = super().clean()
        self.refuse_taken_name(data)
        owner = data.get("partner")
        foreign = [
            palette.name
            for palette in data.get("palettes") or ()
            if owner is not None and palette.partner not in (None, owner)
        ]
        if foreign:
            self.add_error(
                "palettes",
                _("%(palettes)s: of another partner.") % {"palettes": ", ".join(foreign)},
            )
        if owner is not None and data.get("option"):
            self.add_error("option", _("Only the shop's colourways stand for an option."))
        return data

    def _colour_options(self):
        """Options of the attributes that name a colour; all options where there is none."""
        options = get_model("catalogue", "AttributeOption").objects.select_related("group")
        colours = options.filter(
            group__product_attributes__code__in=get_config().colour_attributes
        ).distinct()
        return colours if colours.exists() else options


class PaletteForm(OwnerMixin, forms.ModelForm):
    """A palette: what it is called, which products it is for, and what is in it."""

    class Meta:
        model = Palette
        fields = ("name", "partner", "category", "colourways")
        widgets = {"colourways": forms.CheckboxSelectMultiple}
        field_classes = {"colourways": ManyChosenField}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.limit_owner(user)
        categories = get_model("catalogue", "Category").objects.order_by("path")
        self.fields["category"].queryset = categories
        self.fields["category"].empty_label = _("Every category")
        self.fields["colourways"].queryset = access.colourways_for(
            user, "manage_colourways" if user.is_staff else "generate"
        ).select_related("partner")

    def clean(self) -> dict:
        data = super().clean()
        self.refuse_taken_name(data)
        owner = data.get("partner")
        foreign = [
            it.name for it in data.get("colourways") or () if it.partner not in (None, owner)
        ]
        if foreign:
            text = _("%(names)s: of another partner than the palette; take them out.")
            self.add_error("colourways", text % {"names": ", ".join(foreign)})
        return data


class TableField(PictureField):
    """A CSV or ASE file handed in."""

    widget = forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.ase,text/csv"})

    def limit(self) -> int:
        return MAX_BYTES


class ImportForm(OwnerMixin, forms.Form):
    """A table of colourways: as a file first, then as the text that was looked at."""

    table = TableField(required=False, label=_("CSV or ASE file"))
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    partner = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Whose colours they are")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.limit_owner(user)
        dress(self)

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not data["table"] and not data["text"]:
            self.add_error("table", _("Choose a file."))
        return data

    @property
    def data_given(self) -> bytes:
        """The table's bytes; only of a valid form."""
        file = self.cleaned_data["table"]
        return file.read() if file else self.cleaned_data["text"].encode()


class PhoneFileField(PictureField):
    """A photo handed in for its colours alone."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/*"})

    def limit(self) -> int:
        return get_config().max_photo_bytes


class ClothForm(forms.Form):
    """A photo of cloth beside a card, and where on it each lies, in per cent."""

    photo = PhoneFileField(label=_("Photo of the cloth beside a grey card or white paper"))
    kind = forms.ChoiceField(choices=list(CARDS.items()), label=_("The card is"))
    card_x = forms.FloatField(min_value=0, max_value=100, label=_("Card: from the left (%)"))
    card_y = forms.FloatField(min_value=0, max_value=100, label=_("Card: from the top (%)"))
    cloth_x = forms.FloatField(min_value=0, max_value=100, label=_("Cloth: from the left (%)"))
    cloth_y = forms.FloatField(min_value=0, max_value=100, label=_("Cloth: from the top (%)"))
    card_size = forms.FloatField(
        min_value=0.5,
        max_value=40,
        initial=4,
        label=_("Size of the card's square, in per cent of the width"),
    )
    cloth_size = forms.FloatField(
        min_value=0.5,
        max_value=60,
        initial=12,
        label=_("Size of the cloth's square, in per cent of the width"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)


class ClothNameForm(OwnerMixin, forms.ModelForm):
    """What measured cloth is called, and whose colour it is."""

    class Meta:
        model = Colourway
        fields = ("name", "partner")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.limit_owner(user)
        dress(self)

    def clean(self) -> dict:
        data = super().clean()
        self.refuse_taken_name(data)
        return data
