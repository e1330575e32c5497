"""The gallery of a parent or of one of its children."""

from __future__ import annotations

from .colour_book import Colour
from .pictures import keys, labels, picture, sort
from .results import Gallery, GalleryChoice, GalleryColour, Picture
from .rows import Family, variant_of


class FamilyGallery:
    """Builds the gallery of a parent's or a child's page: one swatch per colour of a child."""

    def __init__(self, family: Family, product, strategy) -> None:
        self.family = family
        self.product = product
        self.strategy = strategy
        self.members: dict[Colour, list] = {}
        for child in family.children:
            if colour := family.colour_of(child):
                self.members.setdefault(colour, []).append(child)

    def build(self, selected_key: str | None) -> Gallery:
        colours = list(self.members)
        tied, shared = sort(
            self.family, self.family.images[self.family.root.pk], colours, silent=None
        )
        names = keys(colours)
        chosen = self._chosen(dict(zip(names, colours, strict=True)), selected_key)
        swatches = [
            GalleryColour(
                key=key,
                label=label,
                colour=colour.colour,
                url=self._twin(colour).get_absolute_url(),
                selected=colour == chosen,
                images=self._pictures(colour, tied[colour.identity]),
                available=any(self._is_available(child) for child in self.members[colour]),
            )
            for key, label, colour in zip(names, labels(colours), colours, strict=True)
        ]
        return Gallery(
            colours=swatches,
            images=self._shown(swatches, shared, chosen),
            shared=shared,
            choices=self._choices(chosen),
            choices_name=self._choices_name(chosen),
        )

    def _chosen(self, by_key: dict[str, Colour], selected_key: str | None) -> Colour | None:
        if self.product.is_child:
            return self.family.colour_of(self.product)
        return by_key.get(selected_key)

    def _pictures(self, colour: Colour, tied: list[Picture]) -> list[Picture]:
        """A child's own pictures (this page's child first), else the parent's of that colour."""
        children = sorted(self.members[colour], key=lambda child: child.pk != self.product.pk)
        for child in children:
            if images := self.family.images[child.pk]:
                return [picture(self.family, image, colour) for image in images]
        return tied

    def _shown(self, swatches, shared: list[Picture], chosen: Colour | None) -> list[Picture]:
        root = self.family.root
        everything = [
            picture(self.family, image, self._only_colour(image))
            for image in self.family.images[root.pk]
        ]
        own = next((swatch.images for swatch in swatches if swatch.selected), [])
        if own:
            return [*own, *shared]
        if chosen is None and self.product.is_child:  # a child without a colour
            images = self.family.images[self.product.pk]
            return [picture(self.family, image, None) for image in images] or everything
        return everything or next((swatch.images for swatch in swatches if swatch.images), [])

    def _only_colour(self, image) -> Colour | None:
        variant = variant_of(image)
        return self.family.colours.of_variant(variant) if variant else None

    def _twin(self, colour: Colour):
        """The child of `colour` most like this page's one: same size, else one that can be had."""
        here = self._traits(self.product)
        return min(
            self.members[colour],
            key=lambda child: (
                child.pk != self.product.pk,
                self._traits(child) != here,
                not self._is_available(child),
            ),
        )

    def _choices(self, chosen: Colour | None) -> list[GalleryChoice]:
        return [
            GalleryChoice(
                label=" / ".join(self._traits(child)),
                url=child.get_absolute_url(),
                selected=child.pk == self.product.pk,
                available=self._is_available(child),
            )
            for child in self.members.get(chosen, [])
            if self._traits(child)
        ]

    def _choices_name(self, chosen: Colour | None) -> str:
        for child in self.members.get(chosen, []):
            values = self.family.other_values(child)
            if values:
                return " / ".join(value.attribute.name for value in values)
        return ""

    def _traits(self, product) -> list[str]:
        return [value.value_as_text for value in self.family.other_values(product)]

    def _is_available(self, child) -> bool:
        if self.strategy is None:
            return True
        return self.strategy.fetch_for_product(child).availability.is_available_to_buy
