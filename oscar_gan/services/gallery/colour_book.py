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


def identity(*, option: str | None, colourway: str | None, label: str, target: str) -> str:
    """The identity of the colour that a variant image shows, by the names of what it has."""
    if named := option or colourway:
        return named.casefold()
    return target if colour_names.is_hex(label) else label.casefold()


def identity_of(variant: VariantImage) -> str:
    """The identity of the colour that `variant` shows."""
    return identity(
        option=variant.option and variant.option.option,
        colourway=variant.colourway and variant.colourway.name,
        label=variant.label,
        target=variant.target,
    )


class ColourBook:
    """Names the colours of attribute options and of published variant images; one query."""

    def __init__(self, options: Iterable, variants: Iterable[VariantImage]) -> None:
        variants = [variant for variant in variants if variant.option_id]
        options = [*options, *(variant.option for variant in variants)]
        self._names = {option.pk: option.option for option in options}
        self._published = {variant.option_id: variant.target for variant in variants}
        self._sellers = {
            variant.option_id: variant.colourway
            for variant in variants
            if variant.colourway and variant.colourway.partner_id
        }

    def of_option(self, option) -> Colour:
        """It looks like its colourway (a seller's own that is on show before the shop's).

        Else as it was published, else as CSS names it.
        """
        name = option.option
        colourway = (
            self._sellers.get(option.pk)
            or self._colourways.get(option.pk)
            or self._colourways.get(name.casefold())
        )
        if colourway:
            colour = colourway.colour
        else:
            colour = self._published.get(option.pk) or named_colour(name)
        return Colour(identity=name.casefold(), label=name, colour=colour)

    def of_variant(self, variant: VariantImage) -> Colour:
        """Option, else colourway, else the label; a label that is a hex code gets a name."""
        if variant.option:
            return self.of_option(variant.option)
        identity = identity_of(variant)
        if variant.colourway:
            label, colour = variant.colourway.name, variant.colourway.colour
            return Colour(identity=identity, label=label, colour=colour)
        label, colour = variant.label, variant.target or None
        if colour_names.is_hex(label):
            label = colour_names.describe(colour)
        return Colour(identity=identity, label=label, colour=colour)

    @cached_property
    def _colourways(self) -> dict[int | str, Colourway]:
        """Colourways of the options, by option id and by case-folded name."""
        if not self._names:
            return {}
        wanted = Q(option__in=self._names)
        for name in self._names.values():
            wanted |= Q(name__iexact=name)
        found: dict[int | str, Colourway] = {}
        for colourway in Colourway.objects.filter(wanted, partner=None):
            found[colourway.name.casefold()] = colourway
            if colourway.option_id:
                found[colourway.option_id] = colourway
        return found
