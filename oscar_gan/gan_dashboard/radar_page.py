"""What the radar's page and tile show: families of a page, filters, the estimate in words."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.cache import cache
from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from ..models import BackfillRun, Publication, VariantImage
from ..services import access, radar
from ..services.radar import MissingColour
from ..services.selection import Selection
from .keys import LARGEST

TILE_SECONDS = 300
"""The dashboard's front page reloads itself; in between, its figures are remembered."""
RUNS_SHOWN = 5


class RadarForm(forms.Form):
    """Narrows the radar down; what is left open restricts nothing, nonsense neither."""

    product_class = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Product class"), empty_label=_("All classes")
    )
    category = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Category"), empty_label=_("All categories")
    )
    partner = forms.ModelChoiceField(
        queryset=None, required=False, label=_("Partner"), empty_label=_("All partners")
    )
    product = forms.IntegerField(required=False, max_value=LARGEST, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        partners = get_model("partner", "Partner").objects.order_by("name")
        if not access.sees_all(user):
            partners = partners.filter(users=user)
        self.fields["product_class"].queryset = get_model(
            "catalogue", "ProductClass"
        ).objects.all()
        self.fields["category"].queryset = get_model("catalogue", "Category").objects.all()
        self.fields["partner"].queryset = partners
        for name in ("product_class", "category", "partner"):
            self.fields[name].widget.attrs["class"] = "form-control no-widget-init"
        self.is_valid()

    @property
    def selection(self) -> Selection:
        """A category stands for all below it, too."""
        chosen = self.cleaned_data
        category, product = chosen.get("category"), chosen.get("product")
        return Selection(
            products=(product,) if product else (),
            product_classes=_ids(chosen.get("product_class")),
            partners=_ids(chosen.get("partner")),
            categories=tuple(_below(category)) if category else (),
        )

    @property
    def query(self) -> str:
        """What is chosen, as an address says it."""
        names = ("product_class", "category", "partner")
        chosen = {name: self.cleaned_data.get(name) for name in names}
        return urlencode({name: row.pk for name, row in chosen.items() if row})


@dataclass(frozen=True, kw_only=True)
class FamilyRow:
    """A parent on the radar's page."""

    product: object
    photo: object | None
    """What shoppers see instead: the first picture of the family."""
    colours: list[MissingColour]

    @property
    def fillable(self) -> int:
        return sum(colour.fillable for colour in self.colours)


def family_rows(found: list[tuple[int, list[MissingColour]]]) -> list[FamilyRow]:
    """Rows for parents and their missing colours, in three queries."""
    images = get_model("catalogue", "ProductImage").objects.order_by("display_order", "pk")
    products = get_model("catalogue", "Product").objects.prefetch_related(
        Prefetch("images", queryset=images, to_attr="own_images")
    )
    by_id = products.in_bulk([parent for parent, _colours in found])
    bare = [pk for pk, product in by_id.items() if not product.own_images]
    lent = {}
    for image in images.filter(product__parent__in=bare).select_related("product"):
        lent.setdefault(image.product.parent_id, image)
    return [
        FamilyRow(
            product=by_id[parent],
            photo=next(iter(by_id[parent].own_images), lent.get(parent)),
            colours=colours,
        )
        for parent, colours in found
        if parent in by_id
    ]


def recent_runs(user) -> list[BackfillRun]:
    """The latest fillings this person may see, with how many of their pictures wait where."""
    runs = BackfillRun.objects.filter(options__radar=True).select_related("started_by")
    if not access.sees_all(user):
        runs = runs.filter(started_by=user)
    runs = runs.filter(pk__in=list(runs.values_list("pk", flat=True)[:RUNS_SHOWN]))
    pictures = "requests__variants"
    live = Q(**{f"{pictures}__publications__in": Publication.objects.live()})
    in_state = {
        "working": Q(**{f"{pictures}__status__in": VariantImage.UNFINISHED}),
        "waiting": Q(**{f"{pictures}__status": VariantImage.Status.AWAITING_REVIEW}),
        "approved": Q(**{f"{pictures}__status": VariantImage.Status.APPROVED}) & ~live,
        "published": live,
    }
    counted = {name: Count(pictures, filter=q, distinct=True) for name, q in in_state.items()}
    return list(runs.annotate(**counted))


def tile(user) -> dict | None:
    """The figures of the dashboard's tile; None for who may not see them."""
    if not access.may(user, "view"):
        return None
    key = f"oscar_gan.radar.{'all' if access.sees_all(user) else user.pk}"
    figures = cache.get(key)
    if figures is None:
        found = radar.find(by=user)
        figures = {
            "children": found.children,
            "colours": len(found.colours),
            "products": len(found.families),
            "on_their_way": found.on_their_way,
        }
        cache.set(key, figures, TILE_SECONDS)
    return figures


def _ids(row) -> tuple[int, ...]:
    return (row.pk,) if row else ()


def _below(category) -> list[int]:
    categories = get_model("catalogue", "Category").objects
    return list(categories.filter(path__startswith=category.path).values_list("pk", flat=True))
