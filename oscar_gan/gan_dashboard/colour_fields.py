"""Form fields for colours: text as #RRGGBB, beside the browser's own colour picker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..errors import InvalidColour
from ..imaging.colour import parse_hex, to_hex


class ColourInput(forms.TextInput):
    """The hex value as text (the truth), and a native picker that a script keeps in step."""

    template_name = "oscar_gan/dashboard/widgets/colour_input.html"

    def __init__(self, attrs=None):
        defaults = {"class": "form-control", "placeholder": "#1F3A93", "spellcheck": "false"}
        super().__init__({**defaults, "maxlength": 7, "autocomplete": "off", **(attrs or {})})


class ColourField(forms.CharField):
    """One colour, normalised to #RRGGBB."""

    widget = ColourInput

    def clean(self, value):
        value = super().clean(value)
        return _parse(value) if value else value


@dataclass(frozen=True)
class NamedColour:
    """A colour typed in by hand, e.g. `#1F3A93 Midnight`; without a name its hex is the name."""

    label: str
    colour: str


class ColourListField(forms.CharField):
    """Colours typed in: one a line (or separated by commas), each with a name if wanted."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "no-widget-init", "spellcheck": "false"})

    def clean(self, value) -> list[NamedColour]:
        lines = re.split(r"[\n,;]+", super().clean(value))
        return [_named(line.strip()) for line in lines if line.strip()]


def _named(line: str) -> NamedColour:
    text, _space, name = line.partition(" ")
    colour = _parse(text)
    return NamedColour(label=name.strip()[:100] or colour, colour=colour)


def _parse(text: str) -> str:
    try:
        return to_hex(parse_hex(text))
    except InvalidColour as error:
        raise ValidationError(
            _("%(text)s is not a colour; enter it as #RRGGBB, e.g. #1F3A93."),
            code=error.code,
            params={"text": text},
        ) from error
