"""Takes in words: how they differ, and one small form for each thing that may be changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..imaging.styles import STYLES
from ..models import VariantImage
from ..services import takes
from ..services.changes import AUTOMATIC, Change, changes
from ..services.look_names import slider_name, style_name
from .colour_fields import ColourField

_PER_CENT = tuple(f"print.placement.{name}" for name in ("scale", "x", "y", "drape"))
_RECIPE_DIGITS = 8


def take_rows(chosen: VariantImage) -> list[dict]:
    """Every take of a picture, numbered from the oldest, with what differs from the chosen one."""
    found = takes.takes_of(chosen)
    return [
        {
            "number": number,
            "variant": take,
            "chosen": take.pk == chosen.pk,
            "differences": [
                _difference(path, mine, theirs)
                for path, mine, theirs in takes.differences(chosen, take)
            ],
        }
        for number, take in enumerate(found, start=1)
    ]


def change_forms(variant: VariantImage) -> list[ChangeForm]:
    """One form per thing that may be changed to make this take again."""
    return [ChangeForm(change) for change in changes(variant)]


class ChangeForm(forms.Form):
    """The new value of one thing; which thing it is stands in the form's button."""

    def __init__(self, change: Change):
        super().__init__(auto_id=f"id_{change.path}_%s".replace("#", ""))
        self.change = change
        self.label = path_name(change.path)
        self.fields["value"] = _field(change, self.label)


def posted_value(path: str, value: str) -> str:
    """What was typed, in the recipe's unit; the service judges it."""
    if path not in _PER_CENT:
        return value
    try:
        return str(float(value) / 100)
    except ValueError:
        return value


def path_name(path: str) -> str:
    """What a path in a recipe is called."""
    head, _dot, last = path.rpartition(".")
    if head == "targets":
        return _("What %(colour)s becomes") % {"colour": last}
    if head == "style.sliders":
        names = {slider.name: slider for style in STYLES.values() for slider in style.sliders}
        return slider_name(names[last]) if last in names else last
    if head in ("style.colours", "print.inks"):
        text = _("Ink %(number)s") if head == "print.inks" else _("Colour %(number)s")
        return text % {"number": int(last) + 1}
    names = {
        "target": _("Colour"),
        "matte": _("Outline"),
        "generator": _("Made by"),
        "kind": _("Kind"),
        "style.name": _("Style"),
        "style.seed": _("Variation"),
        "print.tile": _("Print"),
        "print.placement.scale": _("Width of one tile (per cent of the product's width)"),
        "print.placement.rotation": _("Turned (degrees)"),
        "print.placement.x": _("Moved right (per cent of a tile)"),
        "print.placement.y": _("Moved down (per cent of a tile)"),
        "print.placement.drape": _("Follows the folds (per cent)"),
        "reference.source": _("Photo it is like"),
        "reference.matte": _("Outline of that photo"),
    }
    return names.get(path, path)


def _difference(path: str, mine: Any, theirs: Any) -> dict:
    return {"name": path_name(path), "value": _value_name(path, theirs), "colour": _hex(theirs)}


def _value_name(path: str, value: Any) -> str:
    if path.endswith("matte"):
        return (
            _("corrected (%(digest)s)") % {"digest": value[:_RECIPE_DIGITS]}
            if value
            else _("found automatically")
        )
    if path == "generator":
        return f"{value['name']} {value['version']}"
    if path == "style.name":
        return style_name(value) if value else "—"
    if path in _PER_CENT and value is not None:
        value = round(100 * value, 2)
    if isinstance(value, float):
        return number_format(value)
    if value is None:
        return "—"
    return str(value)[:_RECIPE_DIGITS] if path.endswith((".tile", ".source")) else str(value)


def _hex(value: Any) -> str:
    return value if isinstance(value, str) and value.startswith("#") else ""


def _field(change: Change, label: str) -> forms.Field:
    if change.kind == "colour":
        return ColourField(label=label, initial=change.value)
    if change.kind == "number":
        factor = 100 if change.path in _PER_CENT else 1
        seed = change.path.endswith(".seed")
        return forms.FloatField(
            label=label,
            initial=change.value if seed else round(factor * change.value, 2),
            widget=forms.NumberInput(
                attrs={
                    "class": "form-control",
                    "min": factor * change.low,
                    "max": factor * change.high,
                    "step": 1 if seed else "any",
                }
            ),
        )
    return forms.ChoiceField(
        label=label,
        choices=[_choice(row) for row in change.choices],
        widget=forms.Select(attrs={"class": "form-control no-widget-init"}),
    )


def _choice(row) -> tuple[str, str]:
    return (AUTOMATIC, _("found automatically")) if row is None else (str(row.pk), str(row))
