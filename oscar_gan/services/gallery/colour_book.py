"""What the colours on a page are called and look like, whoever named them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from ...models import Colourway, VariantImage
from .. import colour_names
from ..colours import named_colour


@dataclass(frozen=True, kw_only=True)
class Colour:
    """A colour by its name; two rows mean the same colour when their identities are equal."""

    identity: str
    label: str = field(compare=False)
    colour: str | None = field(compare=False)
    """#RRGGBB, or None while nobody said what the name looks like."""


class ColourBook:
    """Names the colours of attribute options and of published variant images; one query."""

    def __init__(self, options: Iterable, variants: Iterable[VariantImage]) -> None:
        variants = [variant for variant in variants if variant.option_id]
        options = [*options, *(variant.option for variant in variants)]
        self._names = {option.pk: option.option for option in options}
        self._published = {variant.option_id: variant.target for variant in variants}

    def of_option(self, option) -> Colour:
        """It looks like its colourway, else as it was published, else as CSS names it."""
        name = option.option
        colourway = self._colourways.get(option.pk) or self._colourways.get(name.casefold())
        if colourway:
            colour = colourway.colour
        else:
            colour = self._published.get(option.pk) or named_colour(name)
        return Colour(identity=name.casefold(), label=name, colour=colour)

    def of_variant(self, variant: VariantImage) -> Colour:
        """Option, else colourway, else the label; a label that is a hex code gets a name."""
        if variant.option:
            return self.of_option(variant.option)
        if variant.colourway:
            label, colour = variant.colourway.name, variant.colourway.colour
            return Colour(identity=label.casefold(), label=label, colour=colour)
        label, colour = variant.label, variant.target or None
        if colour_names.is_hex(label):
            return Colour(identity=colour, label=colour_names.describe(colour), colour=colour)
        return Colour(identity=label.casefold(), label=label, colour=colour)

    @cached_property
    def _colourways(self) -> dict[int | str, Colourway]:
        """Colourways of the options, by option id and by case-folded name."""
        if not self._names:
            return {}
        wanted = Q(option__in=self._names)
        for name in self._names.values():
            wanted |= Q(name__iexact=name)
        found: dict[int | str, Colourway] = {}
        for colourway in Colourway.objects.filter(wanted):
            found[colourway.name.casefold()] = colourway
            if colourway.option_id:
                found[colourway.option_id] = colourway
        return found
