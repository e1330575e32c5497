"""One of the engine's styles: whether it is wanted, how strong, in which colours."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..errors import OscarGanError
from ..imaging.styles import Style
from ..services import looks
from ..services.look_names import slider_name, style_help, style_name
from .colour_fields import ColourListField
from .placement_form import RangeInput


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


def _colours_help(style: Style) -> str:
    low, high = style.colours
    if low == high:
        return _("%(count)d colours as #RRGGBB, separated by commas.") % {"count": high}
    if not low:
        return _(
            "Up to %(count)d as #RRGGBB, separated by commas; empty: the product's own colours."
        ) % {"count": high}
    return _("%(low)d to %(high)d as #RRGGBB, separated by commas.") % {"low": low, "high": high}
