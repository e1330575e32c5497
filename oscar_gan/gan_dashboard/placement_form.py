"""Where a print lies on a product: in per cent, degrees or centimetres."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..errors import OscarGanError
from ..imaging.placing import Placement, scale_for


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
