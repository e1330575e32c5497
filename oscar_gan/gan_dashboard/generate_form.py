"""The form behind "Generate variants": a source photo, maybe a matte, colours and looks."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..errors import OscarGanError
from ..models import Colourway, Palette
from ..services import access, colours, mattes
from ..services.colourways import editing
from ..services.colourways.serving import is_meant_for, palettes_of
from .colour_fields import ColourField, ColourListField
from .forms import MatteFileField
from .look_forms import LookForm
from .sources import source_images


@dataclass(frozen=True)
class ColourRow:
    """One colour of the list as the template shows it; `field` asks for an unknown colour."""

    choice: colours.ColourChoice
    checked: bool
    field: forms.BoundField | None
    keep: forms.BoundField | None


@dataclass(frozen=True)
class MapRow:
    """A base colour of the product, its share in per cent, and what it shall become."""

    base: str
    percent: int
    value: str


class GenerateForm(forms.Form):
    """What to make of which photo. `targets` holds the colours once the form is valid."""

    source = forms.ModelChoiceField(
        queryset=None, label=_("Source photo"), empty_label=None, widget=forms.RadioSelect
    )
    matte = MatteFileField(
        required=False,
        label=_("Your own matte"),
        help_text=_(
            "Greyscale PNG of the photo's size: white is recoloured, black stays as it is."
        ),
    )
    colours = forms.MultipleChoiceField(required=False, label=_("Colours"))
    more = ColourListField(
        required=False,
        label=_("Other colours"),
        help_text=_("One a line, a name behind it if you like: #1F3A93 Midnight"),
    )

    map_name = forms.CharField(
        required=False,
        max_length=100,
        label=_("Name of the result"),
        help_text=_("E.g. “Navy with white”; without one its colours name it."),
    )

    def __init__(self, *args, product, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.product = product
        self.looks = LookForm(
            self.data if self.is_bound else None,
            product=product,
            user=user,
            initial=(kwargs.get("initial") or {}).get("looks"),
        )
        self.may_keep = access.may_manage_for(user, None)
        self.choices = colours.colour_choices(product=product)
        self.palettes = palettes_of(product, user=user)
        self.palette = self._chosen_palette((kwargs.get("initial") or {}).get("palette"))
        self.fields["source"].queryset = source_images(product)
        self.fields["colours"].choices = [(choice.key, choice.label) for choice in self.choices]
        for choice in self._unknown():
            self.fields[f"colour-{choice.option.pk}"] = ColourField(
                required=False, label=_("Colour of %(name)s") % {"name": choice.label}
            )
            if self.may_keep:
                self.fields[f"keep-{choice.option.pk}"] = forms.BooleanField(
                    required=False, label=_("Remember as colourway")
                )

    def _unknown(self) -> list[colours.ColourChoice]:
        return [choice for choice in self.choices if choice.colour is None and choice.option]

    def _chosen_palette(self, wanted: str | None) -> Palette | None:
        """The palette that is ticked at first: the asked-for one, else the most fitting.

        "0" asks for none. Palettes for everything are only offered.
        """
        for palette in self.palettes:
            if is_meant_for(palette) if wanted is None else str(palette.pk) == wanted:
                return palette
        return None

    @cached_property
    def palette_rows(self) -> list[dict]:
        """Each palette with the keys of the colours that it ticks."""
        return [
            {"palette": palette, "keys": [choice.key for choice in self._in(palette)]}
            for palette in self.palettes
        ]

    def _in(self, palette: Palette) -> list[colours.ColourChoice]:
        """The choices that a palette ticks: its colours, but those that have their picture."""
        wanted = list(palette.colourways.all())
        return [
            choice
            for choice in self.choices
            if choice.colour
            and (choice.missing or not choice.option)
            and any(choice.means(colourway) for colourway in wanted)
        ]

    @cached_property
    def _preset(self) -> set[str]:
        """Keys ticked at first: the palette's, and the colours that children lack.

        Without a palette, all colour options without a picture.
        """
        lacking = {it.key for it in self.choices if it.option and it.missing and it.colour}
        if self.palette is None:
            return lacking
        sold = self.product.is_parent or self.product.is_child
        return {choice.key for choice in self._in(self.palette)} | (lacking if sold else set())

    @cached_property
    def option_rows(self) -> list[ColourRow]:
        return [self._row(choice) for choice in self.choices if choice.option]

    @cached_property
    def colourway_rows(self) -> list[ColourRow]:
        return [self._row(choice) for choice in self.choices if not choice.option]

    def map_rows(self, source) -> list[MapRow]:
        """The base colours of `source`, with what was typed for each; none for a plain product."""
        palette = mattes.known_palette(source)
        typed = self._typed_mapping()
        return [
            MapRow(base=base, percent=round(100 * weight), value=typed.get(base) or "")
            for base, weight in palette
            if len(palette) > 1
        ]

    def _typed_mapping(self) -> dict[str, str | None]:
        """By base colour: the colour typed for it, or None where it stays."""
        if not self.is_bound:
            return {}
        pairs = zip(self.data.getlist("map_base"), self.data.getlist("map_target"), strict=False)
        return {base: text.strip() or None for base, text in pairs}

    def _row(self, choice: colours.ColourChoice) -> ColourRow:
        ticked = self["colours"].value() or []
        # Who comes from the designer wants that print, not every missing colour as well.
        preset = choice.key in self._preset and not self.looks["prints"].initial
        unknown = choice.option is not None and choice.colour is None
        return ColourRow(
            choice=choice,
            checked=choice.key in ticked if self.is_bound else preset,
            field=self[f"colour-{choice.option.pk}"] if unknown else None,
            keep=self[f"keep-{choice.option.pk}"] if unknown and self.may_keep else None,
        )

    def clean(self) -> dict:
        data = super().clean()
        if self.errors:
            return data
        given = {choice.key: choice for choice in self._unknown() if choice.key in data["colours"]}
        known = [key for key in data["colours"] if key not in given]
        try:
            targets = colours.targets_from_keys(product=self.product, keys=known)
        except OscarGanError as error:
            raise ValidationError(str(error), code=error.code) from error
        targets += self._given(given.values(), data)
        targets += [colours.Target(label=it.label, colour=it.colour) for it in data["more"]]
        targets += self._mapped(data)
        targets += self._looks()
        if not targets and not self.errors:
            text = _("Tick a colour, a print or a style, or type a colour under “Other colours”.")
            self.add_error("colours", text)
        data["targets"] = targets
        return data

    def _mapped(self, data: dict) -> list[colours.Target]:
        """One picture with mapped colours, if any was typed."""
        mapping = self._typed_mapping()
        if not any(mapping.values()):
            return []
        try:
            target = colours.mapped_target(
                palette=mattes.known_palette(data["source"]),
                mapping=mapping,
                label=data["map_name"],
            )
        except OscarGanError as error:
            self.add_error("map_name", ValidationError(str(error), code=error.code))
            return []
        return [target]

    def _looks(self) -> list[colours.Target]:
        """Prints, styles and a reference; what is wrong with them stands beside them."""
        if not self.looks.is_valid():
            raise ValidationError(_("Look at what is marked under “Prints and styles”."))
        try:
            return self.looks.targets
        except OscarGanError as error:
            raise ValidationError(str(error), code=error.code) from error

    def _given(self, unknown, data: dict) -> list[colours.Target]:
        """The colours typed beside options that had none."""
        targets = []
        for choice in unknown:
            field = f"colour-{choice.option.pk}"
            if colour := data[field]:
                target = colours.Target(label=choice.label, colour=colour, option=choice.option)
                targets.append(target)
            else:
                self.add_error(field, _("Say what this colour looks like, e.g. #1F3A93."))
        return targets

    def keep_colourways(self, by) -> None:
        """Remember the typed colours that were marked so; call it once the form is valid."""
        for choice in self._unknown():
            colour = self.cleaned_data.get(f"colour-{choice.option.pk}")
            if colour and self.cleaned_data.get(f"keep-{choice.option.pk}"):
                known = Colourway.objects.filter(name=choice.label, partner=None).first()
                colourway = known or Colourway(name=choice.label)
                colourway.colour, colourway.option = colour, choice.option
                editing.save_colourway(colourway=colourway, by=by)
