"""Prints, styles and another product's photo on the generate form."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import models
from ..imaging.styles import STYLES
from ..models import Print
from ..services import access, colours, looks
from ..services.look_names import style_name
from .keys import ManyChosenField, read_key
from .placement_form import PlacementForm
from .sources import photos_for
from .style_form import StyleForm


class LookForm(forms.Form):
    """Prints, styles and another product's photo; `targets` holds them once it is valid."""

    prints = ManyChosenField(queryset=None, required=False, label=_("Prints"))
    presets = ManyChosenField(queryset=None, required=False, label=_("Saved styles"))
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
        return photos.filter(pk=read_key(wanted)).first()

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
