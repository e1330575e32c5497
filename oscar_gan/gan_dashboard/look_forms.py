"""Forms for looks: where a print lies, how strong a style is, whose look another photo lends."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import models
from ..errors import OscarGanError
from ..imaging.placing import Placement, scale_for
from ..imaging.styles import STYLES, Style
from ..models import Print
from ..services import access, colours, looks
from ..services.look_names import slider_name, style_help, style_name
from .colour_fields import ColourListField
from .sources import photos_for

MOST_STYLE_COLOURS = max(style.colours[1] for style in STYLES.values())


class RangeInput(forms.NumberInput):
    """A slider; a script shows its value beside it."""

    input_type = "range"


class PlacementForm(forms.Form):
    """Where a print lies on a product: in per cent and degrees, as people say it."""

    prefix = "place"
    scale = forms.FloatField(
        min_value=2,
        max_value=200,
        initial=25,
        required=False,
        label=_("Width of one tile (per cent of the product's width)"),
        widget=forms.NumberInput(attrs={"step": "any", "class": "form-control"}),
    )
    tile_cm = forms.FloatField(
        min_value=0.01,
        required=False,
        label=_("Width of one tile (cm)"),
        widget=forms.NumberInput(attrs={"step": "any", "class": "form-control"}),
    )
    product_cm = forms.FloatField(
        min_value=0.01,
        required=False,
        label=_("Width of the product (cm)"),
        widget=forms.NumberInput(attrs={"step": "any", "class": "form-control"}),
    )
    rotation = forms.FloatField(
        min_value=-180,
        max_value=180,
        initial=0,
        required=False,
        label=_("Turned (degrees)"),
        widget=RangeInput(attrs={"step": 1}),
    )
    x = forms.FloatField(
        min_value=0,
        max_value=100,
        initial=0,
        required=False,
        label=_("Moved right (per cent of a tile)"),
        widget=RangeInput(attrs={"step": 1}),
    )
    y = forms.FloatField(
        min_value=0,
        max_value=100,
        initial=0,
        required=False,
        label=_("Moved down (per cent of a tile)"),
        widget=RangeInput(attrs={"step": 1}),
    )
    drape = forms.FloatField(
        min_value=0,
        max_value=100,
        initial=50,
        required=False,
        label=_("Follows the folds (per cent)"),
        widget=RangeInput(attrs={"step": 5}),
    )

    @property
    def in_centimetres(self) -> bool:
        return bool(self["tile_cm"].value() or self["product_cm"].value())

    @property
    def ranges(self) -> list[forms.BoundField]:
        return [self[name] for name in ("rotation", "x", "y", "drape")]

    def clean(self) -> dict:
        data = super().clean()
        if self.errors:
            return data
        try:
            data["placement"] = self._placement(data)
        except OscarGanError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        return data

    def _placement(self, data: dict) -> Placement:
        tile, product = data["tile_cm"], data["product_cm"]
        if (tile is None) != (product is None):
            self.add_error(
                "tile_cm" if tile is None else "product_cm",
                _("Give both widths in centimetres, or neither."),
            )
            return Placement()
        default = Placement()
        share = {
            name: getattr(default, name) if data[name] is None else data[name] / 100
            for name in ("scale", "x", "y", "drape")
        }
        if tile is not None:
            share["scale"] = scale_for(tile, product)
        return Placement(rotation=data["rotation"] or 0.0, **share)


class StyleForm(forms.Form):
    """One style: whether it is wanted, its sliders, its colours where it takes some."""

    wanted = forms.BooleanField(required=False)
    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=999_999,
        initial=0,
        label=_("Variation"),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args, style: Style, may_keep: bool = False, **kwargs):
        super().__init__(*args, prefix=f"style-{style.name}", **kwargs)
        self.style = style
        self.label, self.help = style_name(style.name), style_help(style.name)
        for slider in style.sliders:
            self.fields[slider.name] = forms.FloatField(
                required=False,
                min_value=slider.low,
                max_value=slider.high,
                initial=slider.default,
                label=slider_name(slider),
                widget=RangeInput(attrs={"step": 1 if slider.high - slider.low > 10 else 0.01}),
            )
        if may_keep:
            self.fields["keep"] = forms.CharField(
                required=False,
                max_length=100,
                label=_("Keep these settings as"),
                widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
            )
        if style.colours[1]:
            self.fields["colours"] = ColourListField(
                required=False,
                label=_("Colours"),
                help_text=_colours_help(style),
                widget=forms.TextInput(
                    attrs={"class": "form-control gan-mono", "placeholder": "#1F3A93, #F4EBDD"}
                ),
            )

    @property
    def sliders(self) -> list[forms.BoundField]:
        return [self[slider.name] for slider in self.style.sliders]

    def clean(self) -> dict:
        data = super().clean()
        if self.errors or not data["wanted"]:
            return data
        try:
            data["look"] = looks.style_look(
                self.style.name,
                colours=[colour.colour for colour in data.get("colours") or ()],
                sliders={
                    slider.name: data[slider.name]
                    for slider in self.style.sliders
                    if data[slider.name] is not None
                },
                seed=data["seed"] or 0,
            )
        except OscarGanError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        return data


class LookForm(forms.Form):
    """Prints, styles and another product's photo; `targets` holds them once it is valid."""

    prints = forms.ModelMultipleChoiceField(queryset=None, required=False, label=_("Prints"))
    presets = forms.ModelMultipleChoiceField(
        queryset=None, required=False, label=_("Saved styles")
    )
    reference = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Photo whose look is taken")
    )
    look_name = forms.CharField(
        required=False,
        max_length=100,
        label=_("Name of the result"),
        help_text=_("Shoppers read it; without one the print or style names it."),
    )
    look_option = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("Stands for the colour"),
        empty_label=_("None of them"),
        help_text=_("So that it can be published to the child products of that colour."),
    )

    def __init__(self, data=None, *, product, user, initial=None, **kwargs):
        super().__init__(data, initial=initial, **kwargs)
        self.fields["prints"].queryset = access.prints_for(user, "generate")
        self.fields["presets"].queryset = access.styles_for(user, "generate")
        self.fields["reference"].queryset = photos_for(user)
        self.fields["look_option"].queryset = colours.colour_options(product)
        self.placement = PlacementForm(data, initial=(initial or {}).get("placement"))
        may_keep = access.may(user, "manage_prints")
        self.styles = [
            StyleForm(data, style=style, may_keep=may_keep) for style in STYLES.values()
        ]

    @cached_property
    def print_rows(self) -> list[PrintRow]:
        ticked = {str(key) for key in self["prints"].value() or ()}
        return [
            PrintRow(design, checked=str(design.pk) in ticked)
            for design in self.fields["prints"].queryset
        ]

    @cached_property
    def preset_rows(self) -> list[PresetRow]:
        ticked = {str(key) for key in self["presets"].value() or ()}
        return [
            PresetRow(saved, style_name(saved.style), checked=str(saved.pk) in ticked)
            for saved in self.fields["presets"].queryset
        ]

    @property
    def chosen_reference(self):
        """The photo chosen already, if it may be; to be shown before anything is searched."""
        wanted = str(self["reference"].value() or "")
        photos = self.fields["reference"].queryset
        return photos.filter(pk=wanted).first() if wanted.isdecimal() else None

    @property
    def prints_open(self) -> bool:
        return any(row.checked for row in self.print_rows) or bool(
            self.errors.get("prints") or (self.is_bound and self.placement.errors)
        )

    @property
    def styles_open(self) -> bool:
        if any(row.checked for row in self.preset_rows) or self.errors.get("presets"):
            return True
        return self.is_bound and any(form.errors or form["wanted"].value() for form in self.styles)

    @property
    def reference_open(self) -> bool:
        return bool(self.chosen_reference or self.errors.get("reference"))

    @property
    def naming_open(self) -> bool:
        return bool(
            self["look_name"].value()
            or self["look_option"].value()
            or self.errors.get("look_name")
            or self.errors.get("look_option")
        )

    def is_valid(self) -> bool:
        placed = self.placement.is_valid() or not self._prints_wanted()
        styled = not any(form.errors for form in self.styles)
        return super().is_valid() and placed and styled

    def _prints_wanted(self) -> bool:
        return super().is_valid() and bool(self.cleaned_data.get("prints"))

    @property
    def targets(self) -> list[colours.Target]:
        """What was asked for; only of a valid form. Raises OscarGanError, e.g. of a lost photo."""
        name, option = self.cleaned_data["look_name"], self.cleaned_data["look_option"]
        named = [
            colours.look_target(
                look=looks.saved_style_look(saved), label=name or saved.name, option=option
            )
            for saved in self.cleaned_data["presets"]
        ]
        return named + [
            colours.look_target(look=look, label=name or kept, option=option)
            for look, kept in self._wanted()
        ]

    def keep_styles(self, user) -> None:
        """Remember the settings that were given a name; call it once the form is valid."""
        for form in self.styles:
            if (look := form.cleaned_data.get("look")) and (name := form.cleaned_data.get("keep")):
                looks.keep_style(look=look, name=name, created_by=user)

    def _wanted(self) -> list[tuple[looks.WantedLook, str]]:
        """Looks, each with the name that its settings are kept under, if any."""
        data = self.cleaned_data
        wanted = []
        if data["prints"]:
            placement = self.placement.cleaned_data["placement"]
            wanted += [(looks.print_look(design, placement), "") for design in data["prints"]]
        wanted += [
            (form.cleaned_data["look"], form.cleaned_data.get("keep", ""))
            for form in self.styles
            if form.cleaned_data.get("look")
        ]
        if data["reference"]:
            wanted.append((looks.reference_look(data["reference"]), ""))
        return wanted

    def clean(self) -> dict:
        data = super().clean()
        count = len(data.get("prints") or ()) + len(data.get("presets") or ())
        count += bool(data.get("reference"))
        count += sum(bool(form["wanted"].value()) for form in self.styles)
        for field in ("look_name", "look_option"):
            if data.get(field) and count != 1:
                self.add_error(
                    field,
                    _("This is for one print, style or photo; %(count)d are chosen.")
                    % {"count": count},
                )
        return data


@dataclass(frozen=True)
class PrintRow:
    """A saved print of the list as the template shows it."""

    design: Print
    checked: bool


@dataclass(frozen=True)
class PresetRow:
    """A saved style of the list: what it is, under the name that the shop gave it."""

    saved: models.Style
    label: str
    checked: bool


def _colours_help(style: Style) -> str:
    low, high = style.colours
    if low == high:
        return _("%(count)d colours as #RRGGBB, separated by commas.") % {"count": high}
    if not low:
        return _(
            "Up to %(count)d as #RRGGBB, separated by commas; empty: the product's own colours."
        ) % {"count": high}
    return _("%(low)d to %(high)d as #RRGGBB, separated by commas.") % {"low": low, "high": high}
