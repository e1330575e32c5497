"""Selections: which products, colours and looks a bulk run is about: text given, rows found."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from ..conf import get_config
from ..errors import InvalidRequest
from ..imaging.colour import parse_hex, to_hex
from ..imaging.placing import Placement
from ..imaging.styles import STYLES
from ..models import Colourway, Print
from .look_names import style_name


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Ids of rows; an empty tuple does not restrict. Its JSON is kept with the run.

    `products` are standalone or parent products. `colours` are names or #RRGGBB; without any,
    and without `palettes`, `prints` (ids) and `styles` (keys), the product's own colour options.
    `scale` is the prints' width as a share of the product's. `missing`: only what has no picture
    yet. `radar`: only what services.radar finds, of which nothing is on its way.
    """

    products: tuple[int, ...] = ()
    product_classes: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    partners: tuple[int, ...] = ()
    colours: tuple[str, ...] = ()
    palettes: tuple[int, ...] = ()
    prints: tuple[int, ...] = ()
    styles: tuple[str, ...] = ()
    scale: float = Placement().scale
    missing: bool = True
    radar: bool = False

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, options: dict) -> Selection:
        values = {name: options[name] for name in cls.__dataclass_fields__ if name in options}
        return cls(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in values.items()
            }
        )

    def find(self) -> QuerySet:
        """The products: standalone ones and parents; a parent stands for its children."""
        Product = get_model("catalogue", "Product")
        found = Product.objects.exclude(structure=Product.CHILD).select_related("product_class")
        if self.radar:
            bare = Product.objects.filter(parent__isnull=False, is_public=True, images=None)
            found = found.filter(pk__in=bare.values("parent"))
        if self.products:
            found = found.filter(pk__in=self.products)
        if self.product_classes:
            found = found.filter(product_class__in=self.product_classes)
        # Sub-queries, because a join would list a product once per category or stock record.
        if self.categories:
            links = get_model("catalogue", "ProductCategory").objects.filter(
                category__in=self.categories
            )
            found = found.filter(pk__in=links.values("product"))
        if self.partners:
            stock = get_model("partner", "StockRecord").objects.filter(partner__in=self.partners)
            found = found.filter(
                Q(pk__in=stock.values("product")) | Q(pk__in=stock.values("product__parent"))
            )
        return found


def find_product(text: str) -> int:
    """The id of the product with this UPC or else id; a child product stands for its parent."""
    products = get_model("catalogue", "Product").objects
    product = products.filter(upc=text).first()
    if product is None and text.isdecimal():
        product = products.filter(pk=int(text)).first()
    if product is None:
        raise InvalidRequest(_("No product has the UPC or id '%(text)s'.") % {"text": text})
    return product.parent_id or product.pk


def find_product_class(text: str) -> int:
    classes = get_model("catalogue", "ProductClass").objects
    found = classes.filter(Q(name__iexact=text) | Q(slug=text)).first()
    if found is None:
        names = ", ".join(classes.order_by("name").values_list("name", flat=True))
        problem = _("No product class is called '%(text)s'; choose from: %(names)s.")
        raise InvalidRequest(problem % {"text": text, "names": names})
    return found.pk


def find_categories(text: str) -> list[int]:
    """Ids of the category with this id, slug, name or full name, and of all below it."""
    categories = get_model("catalogue", "Category").objects
    named = Q(name__iexact=text.split(">")[-1].strip()) | Q(slug=text)
    if text.isdecimal():
        named |= Q(pk=int(text))
    found = list(categories.filter(named).order_by("path"))
    if ">" in text:
        wanted = _path(text)
        found = [category for category in found if _path(category.full_name) == wanted]
    if not found:
        problem = _("No category is called '%(text)s'; give its name, slug or id.")
        raise InvalidRequest(problem % {"text": text})
    if len(found) > 1:
        options = ", ".join(f"{category.pk} ({category.full_name})" for category in found)
        problem = _("%(count)d categories are called '%(text)s'; give an id: %(options)s.")
        raise InvalidRequest(problem % {"count": len(found), "text": text, "options": options})
    # A category's path begins with its ancestors' paths (treebeard's materialised path).
    return list(categories.filter(path__startswith=found[0].path).values_list("pk", flat=True))


def find_partner(text: str) -> int:
    partners = get_model("partner", "Partner").objects
    found = partners.filter(Q(name__iexact=text) | Q(code=text)).first()
    if found is None:
        names = ", ".join(partners.order_by("name").values_list("name", flat=True))
        problem = _("No partner is called '%(text)s'; choose from: %(names)s.")
        raise InvalidRequest(problem % {"text": text, "names": names})
    return found.pk


def find_colour(text: str) -> str:
    """#RRGGBB as it is written here, or the name of a colourway or colour option."""
    if text.startswith("#"):
        return to_hex(parse_hex(text))
    colourway = Colourway.objects.filter(name__iexact=text).first()
    if colourway:
        return colourway.name
    attributes = get_model("catalogue", "ProductAttribute").objects.filter(
        code__in=get_config().colour_attributes
    )
    options = get_model("catalogue", "AttributeOption").objects.filter(
        group__in=attributes.values("option_group")
    )
    option = options.filter(option__iexact=text).first()
    if option is None:
        names = {*Colourway.objects.values_list("name", flat=True)}
        names |= {*options.values_list("option", flat=True)}
        problem = _(
            "No colourway or colour option is called '%(text)s'; write #RRGGBB or choose from:"
            " %(names)s."
        )
        known = ", ".join(sorted(names)) or _("none yet")
        raise InvalidRequest(problem % {"text": text, "names": known})
    return option.option


def find_print(text: str) -> int:
    """The id of the saved print of this name."""
    found = Print.objects.filter(name__iexact=text).first()
    if found is None:
        names = ", ".join(Print.objects.values_list("name", flat=True))
        problem = _("No print is called '%(text)s'; design one, or choose from: %(names)s.")
        raise InvalidRequest(problem % {"text": text, "names": names or _("none yet")})
    return found.pk


def find_style(text: str) -> str:
    """The key of the style of this key or name."""
    wanted = text.casefold()
    for key in STYLES:
        if wanted in (key, style_name(key).casefold()):
            return key
    problem = _("There is no style '%(text)s'; choose from: %(names)s.")
    raise InvalidRequest(problem % {"text": text, "names": ", ".join(STYLES)})


def _path(full_name: str) -> list[str]:
    return [part.strip().casefold() for part in full_name.split(">")]
