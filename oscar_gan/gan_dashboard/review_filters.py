"""How the review queue is narrowed down; every choice stands in the page's address."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from ..models import GeneratorVersion
from ..services import doubts
from .filters import FilterForm, matching_products
from .findings import FINDINGS, short_name

_GRAVITY = (
    ("any", _("Any warning")),
    ("3", _("The outline may be wrong")),
    ("2", _("It may not look right")),
    ("1", _("Only notes")),
    ("none", _("No warning")),
)
_SELECT = {"class": "form-control no-widget-init"}


def _warnings() -> list[tuple]:
    codes = [(code, short_name(code)) for code in FINDINGS]
    return [("", _("All")), *_GRAVITY, (_("One warning"), codes)]


def _error_field(label: str) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"class": "form-control", "step": "0.1", "min": "0"})
    return forms.FloatField(required=False, min_value=0, max_value=100, label=label, widget=widget)


class VariantFilterForm(FilterForm):
    """Variant images by colour, colour error, warning, generator version, partner and class."""

    colour = forms.CharField(
        required=False,
        max_length=100,
        label=_("Colour or look"),
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "list": "gan_colours"}
        ),
    )
    error_from = _error_field(_("Colour error from"))
    error_to = _error_field(_("Colour error to"))
    warning = forms.ChoiceField(
        required=False, choices=_warnings, label=_("Warnings"), widget=forms.Select(attrs=_SELECT)
    )
    generator = forms.ModelChoiceField(
        queryset=GeneratorVersion.objects.order_by("name", "version"),
        required=False,
        empty_label=_("All"),
        label=_("Made by"),
        widget=forms.Select(attrs=_SELECT),
    )
    partner = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label=_("All"),
        label=_("Partner"),
        widget=forms.Select(attrs=_SELECT),
    )
    product_class = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label=_("All"),
        label=_("Kind of product"),
        widget=forms.Select(attrs=_SELECT),
    )
    MORE = ("colour", "error_from", "error_to", "warning", "generator", "partner", "product_class")

    def __init__(self, data, *, products: QuerySet, user):
        partners = get_model("partner", "Partner").objects.order_by("name")
        super().__init__(
            data,
            products=products,
            partner=partners if user.is_staff else partners.filter(users=user),
            product_class=get_model("catalogue", "ProductClass").objects.order_by("name"),
        )

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields behind “More filters”."""
        return [self[name] for name in self.MORE]

    @property
    def used(self) -> list[dict]:
        """The filters in force, each with its words and the address without it."""
        return [
            {"label": self[name].label, "value": self._words(name), "without": self.query(name)}
            for name in self.MORE
            if self.cleaned_data.get(name) not in (None, "")
        ]

    def query(self, *without: str, **changed) -> str:
        """The address's parameters for these filters, without some, with others changed."""
        kept = {
            name: self.data[name]
            for name in ("status", "product", "q", *self.MORE)
            if name not in without and self.data.get(name)
        }
        return urlencode({**kept, **changed})

    def narrow(self, variants: QuerySet) -> QuerySet:
        """Those of `variants` that every filter lets through; nonsense filters nothing."""
        given = {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "")
        }
        variants = matching_products(variants, self)
        if words := given.get("colour"):
            variants = variants.filter(Q(label__icontains=words) | Q(target__iexact=words))
        if "error_from" in given:
            variants = variants.filter(delta_e__gte=given["error_from"])
        if "error_to" in given:
            variants = variants.filter(delta_e__lte=given["error_to"])
        if warning := given.get("warning"):
            variants = _with_warning(variants, warning)
        if generator := given.get("generator"):
            variants = variants.filter(request__generator=generator)
        if partner := given.get("partner"):
            stock = get_model("partner", "StockRecord").objects.filter(partner=partner)
            variants = variants.filter(
                Q(product__in=stock.values("product"))
                | Q(product__in=stock.values("product__parent"))
            )
        if product_class := given.get("product_class"):
            variants = variants.filter(
                Q(product__product_class=product_class)
                | Q(product__parent__product_class=product_class)
            )
        return variants

    def _words(self, name: str) -> str:
        value = self.cleaned_data[name]
        if name == "warning":
            return str(dict(_GRAVITY).get(value) or short_name(value))
        return f"{value:g}" if isinstance(value, float) else str(value)


def _with_warning(variants: QuerySet, warning: str) -> QuerySet:
    if warning == "none":
        return variants.filter(findings=[])
    if warning == "any":
        return variants.exclude(findings=[])
    if warning.isdecimal() and len(warning) == 1:
        return doubts.with_severity(variants, int(warning))
    # As text, because not every database can look into a list in JSON.
    text = Cast("findings", TextField())
    return variants.alias(found=text).filter(found__contains=f'"code": "{warning}"')
