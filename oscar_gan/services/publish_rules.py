"""The publishing rule: which galleries get a picture, at which place, instead of which others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from oscar.core.loading import get_model

from ..conf import get_config
from ..errors import InvalidRequest, OscarGanError, PermissionRefused
from ..models import Publication, VariantImage
from . import access

Scope = Publication.Scope
Position = Publication.Position


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where (`scope`), at which place (`position`), and whether to `replace` generated pictures.

    What is replaced shows the same colour and was made from the same photo, or from one that is
    gone. Raises InvalidRequest for a place that does not exist.
    """

    scope: str = Scope.COLOUR
    position: str = Position.LAST
    replace: bool = False

    def __post_init__(self) -> None:
        for value, choices in ((self.scope, Scope), (self.position, Position)):
            if value not in choices.values:
                raise InvalidRequest(
                    f"{value!r} is no place; choose from: {', '.join(choices.values)}."
                )

    def to_json(self) -> dict:
        return asdict(self)


def usual_rule(variant: VariantImage) -> Rule:
    """Children of the colour where a product has children, its own gallery otherwise."""
    standalone = variant.product.is_standalone or variant.option_id is None
    return Rule(scope=Scope.GALLERY if standalone else Scope.COLOUR)


def destinations(
    *, variants: Iterable[VariantImage], scope: str, by=None, action: str = "publish"
) -> dict[int, list | OscarGanError]:
    """By variant image: the products whose galleries would get it, in order of id, or why none.

    With `by`, only products this person may do `action` to: children of one parent can be sold by
    several partners. One query, and one more for children.
    """
    variants = list(variants)
    Product = get_model("catalogue", "Product")
    allowed = access.products_for(by, action) if by else Product.objects.all()
    children = _children(variants, allowed) if scope != Scope.GALLERY else {}
    own = set(allowed.filter(pk__in={v.product_id for v in variants}).values_list("pk", flat=True))
    return {variant.pk: _destinations(variant, scope, children, own) for variant in variants}


def _destinations(variant, scope: str, children: dict, own: set) -> list | OscarGanError:
    if variant.product_id not in own:
        return PermissionRefused(f"Product {variant.product_id} belongs to another partner.")
    if scope == Scope.GALLERY:
        return [variant.product]
    if variant.option_id is None:
        return InvalidRequest(
            f"{variant.label} is not one of this product's colour options, so no child product"
            " has it; publish it to the product's own gallery."
        )
    found = children.get((variant.product.parent_id or variant.product_id, variant.option_id))
    if not found:
        return InvalidRequest(
            f"No child product has the colour {variant.label}; create it first or publish to"
            " the product's own gallery."
        )
    if scope == Scope.BOTH:
        found = {variant.product_id: variant.product} | found
    return [found[pk] for pk in sorted(found)]


def _children(variants, allowed) -> dict[tuple[int, int], dict]:
    """Children by parent and colour option, each by its id."""
    values = (
        get_model("catalogue", "ProductAttributeValue")
        .objects.filter(
            attribute__code__in=get_config().colour_attributes,
            attribute__type="option",
            value_option__in={variant.option_id for variant in variants if variant.option_id},
            product__parent__in={v.product.parent_id or v.product_id for v in variants},
            product__in=allowed.values("pk"),
        )
        .select_related("product__parent")
    )
    found: dict[tuple[int, int], dict] = {}
    for value in values:
        key = (value.product.parent_id, value.value_option_id)
        found.setdefault(key, {})[value.product_id] = value.product
    return found
