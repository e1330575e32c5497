"""Which colours a product is sold in, which lack a picture, and what the form's keys mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oscar.core.loading import get_model
from PIL import ImageColor

from ..conf import get_config
from ..errors import InvalidRequest
from ..imaging.colour import parse_hex, to_hex
from ..imaging.targets import read_target
from ..models import Colourway, PublishedImage, VariantImage
from .colourways.serving import colourways_of
from .looks import WantedLook, label_of


@dataclass(frozen=True, kw_only=True)
class Target:
    """A colour to make: its name, its sRGB value as #RRGGBB, and where it came from.

    With a `mapping`, several: what each base colour of the product becomes (None: it stays);
    `colour` is then that of the largest one that changes, for lists and swatches. With a `look`,
    a print, a style or another photo's look instead; `colour` is its first colour, if any.
    """

    label: str
    colour: str
    option: object | None = None
    colourway: Colourway | None = None
    mapping: Mapping[str, str | None] | None = None
    look: WantedLook | None = None

    @classmethod
    def of(cls, variant: VariantImage) -> Target:
        """What was asked for when `variant` was."""
        return cls(
            label=variant.label,
            colour=variant.target,
            option=variant.option,
            colourway=variant.colourway,
            mapping=variant.recipe.get("targets"),
            look=WantedLook.of(variant),
        )


@dataclass(frozen=True, kw_only=True)
class ColourChoice:
    """One line of the colour list; `colour` is None while nobody said what it looks like."""

    key: str
    label: str
    colour: str | None
    option: object | None = None
    colourway: Colourway | None = None
    missing: bool = False

    def means(self, colourway: Colourway) -> bool:
        """Whether this choice is that colourway, or bears its name."""
        named = self.label.casefold() == colourway.name.casefold()
        return self.colourway == colourway or named

    def target(self) -> Target:
        """This choice as something to make; only where its colour is known."""
        return Target(
            label=self.label, colour=self.colour, option=self.option, colourway=self.colourway
        )


def colour_attribute(product):
    """The product class's option attribute that names the colour, or None."""
    product_class = product.get_product_class()
    if product_class is None:
        return None
    return (
        product_class.attributes.filter(code__in=get_config().colour_attributes, type="option")
        .select_related("option_group")
        .first()
    )


def colour_choices(*, product) -> list[ColourChoice]:
    """The product's colour options, those without a picture flagged, then other colourways."""
    colourways = colourways_of(product)
    by_option = {colourway.option_id: colourway for colourway in colourways if colourway.option_id}
    by_name: dict[str, Colourway] = {}
    for colourway in colourways:  # a seller's own come first, and stand before the shop's
        by_name.setdefault(colourway.name.casefold(), colourway)
    choices, used = [], set()
    attribute, family = colour_attribute(product), _family(product)
    pictured = _pictured_options(attribute, family)
    for option in _options(product, attribute, family):
        named = by_name.get(option.option.casefold())
        sellers = named if named and named.partner_id else None
        colourway = sellers or by_option.get(option.pk) or named
        used.update((colourway, named, by_option.get(option.pk)))
        choices.append(
            ColourChoice(
                key=f"option:{option.pk}",
                label=option.option,
                colour=colourway.colour if colourway else named_colour(option.option),
                option=option,
                colourway=colourway,
                missing=option.pk not in pictured,
            )
        )
    choices += [
        ColourChoice(
            key=f"colourway:{colourway.pk}",
            label=colourway.name,
            colour=colourway.colour,
            colourway=colourway,
        )
        for colourway in by_name.values()
        if colourway not in used
    ]
    return choices


def named_colour(name: str) -> str | None:
    """The CSS colour of that name ("Forest green" is forestgreen), as #RRGGBB, or None."""
    value = ImageColor.colormap.get("".join(name.casefold().split()))
    return value.upper() if isinstance(value, str) else None


def targets_from_keys(*, product, keys: Iterable[str]) -> list[Target]:
    """Turn the form's keys (`option:5`, `colourway:2`, `#1F3A93`) into targets, in order.

    Raises InvalidColour for bad hexes and InvalidRequest for keys this product does not have
    or whose colour nobody has named yet.
    """
    choices = {choice.key: choice for choice in colour_choices(product=product)}
    targets: dict[tuple[str, str], Target] = {}
    for key in keys:
        target = _target(key.strip(), choices)
        targets.setdefault((target.label, target.colour), target)
    return list(targets.values())


def mapped_target(*, palette, mapping: Mapping[str, str | None], label: str = "") -> Target:
    """One picture in which each base colour of `palette` becomes what `mapping` says.

    Without a label its colours name it. Raises InvalidColour when a colour is none, is not the
    product's, or nothing changes; InvalidRequest while the palette is empty.
    """
    if not palette:
        raise InvalidRequest("The product's colours are not known yet; wait for the preview.")
    wanted = read_target(palette, mapping)
    bases = [base for base, _weight in palette]
    changed = [colour for colour in wanted if colour]
    return Target(
        label=label or " / ".join(changed),
        colour=changed[0],
        mapping=dict(zip(bases, wanted, strict=True)) if len(bases) > 1 else None,
    )


def look_target(*, look: WantedLook, label: str = "", option=None) -> Target:
    """One picture in that look, which may stand for one of the product's colour options."""
    name = label or (option.option if option else label_of(look))
    return Target(label=name, colour=next(iter(look.colours), ""), option=option, look=look)


def _target(key: str, choices: dict[str, ColourChoice]) -> Target:
    if not key.startswith(("option:", "colourway:")):
        colour = to_hex(parse_hex(key))
        return Target(label=colour, colour=colour)
    choice = choices.get(key)
    if choice is None:
        raise InvalidRequest(f"{key} is not a colour of this product; reload the page.")
    if choice.colour is None:
        raise InvalidRequest(
            f"Nobody has said what {choice.label!r} looks like; enter its colour as #RRGGBB"
            " or make it a colourway."
        )
    return choice.target()


def colour_options(product):
    """Every option that the product's colour attribute may take."""
    attribute = colour_attribute(product)
    options = get_model("catalogue", "AttributeOption").objects
    if attribute is None or attribute.option_group is None:
        return options.none()
    return options.filter(group=attribute.option_group).order_by("pk")


def _family(product) -> list[int]:
    """Ids of the product, or of the parent and all its children."""
    root = product.parent_id or product.pk
    children = get_model("catalogue", "Product").objects.filter(parent_id=root)
    return [root, *children.values_list("pk", flat=True)]


def _options(product, attribute, family: list[int]) -> list:
    """Colour options the family carries; all of the attribute's options where none does."""
    if attribute is None or attribute.option_group is None:
        return []
    options = attribute.option_group.options.order_by("pk")
    carried = options.filter(
        productattributevalue__attribute=attribute,
        productattributevalue__product__in=family,
    ).distinct()
    return list(carried if _sells_colours(product) else options)


def _sells_colours(product) -> bool:
    return product.is_parent or product.is_child


def _pictured_options(attribute, family: list[int]) -> set[int]:
    """Options with a picture of their own: a child's photo or a live publication."""
    values = get_model("catalogue", "ProductAttributeValue").objects.filter(
        attribute=attribute, product__in=family, product__images__isnull=False
    )
    published = PublishedImage.objects.filter(
        product__in=family, image__isnull=False, publication__reverted_at__isnull=True
    )
    return set(values.values_list("value_option_id", flat=True)) | set(
        published.values_list("publication__variant__option_id", flat=True)
    )
