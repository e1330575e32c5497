"""How the lists are narrowed down: by state, by one product, by words."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from ..models import GenerationRequest, VariantImage

_Status = VariantImage.Status
_RequestStatus = GenerationRequest.Status

# key in the address → (label, states)
VARIANT_FILTERS = {
    "awaiting": (_("To review"), (_Status.AWAITING_REVIEW,)),
    "approved": (_("Approved"), (_Status.APPROVED,)),
    "rejected": (_("Rejected"), (_Status.REJECTED,)),
    "unmade": (_("Not made"), (_Status.REFUSED, _Status.FAILED, _Status.CANCELLED)),
    "working": (_("In progress"), VariantImage.UNFINISHED),
    "all": (_("All"), tuple(_Status)),
}
REQUEST_FILTERS = {
    "open": (_("In progress"), GenerationRequest.UNFINISHED),
    "done": (_("Done"), (_RequestStatus.DONE,)),
    "stopped": (_("Failed or cancelled"), (_RequestStatus.FAILED, _RequestStatus.CANCELLED)),
    "all": (_("All"), tuple(_RequestStatus)),
}
# key in the address → (label, whether the publication is still in force; None for either)
PUBLICATION_FILTERS = {
    "live": (_("Published"), True),
    "reverted": (_("Reverted"), False),
    "all": (_("All"), None),
}


class FilterForm(forms.Form):
    """One product, or words of its title or UPC; nonsense filters nothing."""

    product = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        required=False,
        max_length=100,
        label=_("Product"),
        widget=forms.TextInput(attrs={"placeholder": _("Title or UPC"), "type": "search"}),
    )

    def __init__(self, data, *, products: QuerySet, **others: QuerySet):
        """`others`: what may be chosen in further fields, by their names."""
        super().__init__(data)
        for name, rows in {"product": products.select_related("parent"), **others}.items():
            self.fields[name].queryset = rows
        self.is_valid()

    @property
    def chosen(self):
        return self.cleaned_data.get("product")


def chosen_filter(request, filters: dict, default: str) -> str:
    """The filter key in the address, or `default` when it is none of `filters`."""
    wanted = request.GET.get("status", default)
    return wanted if wanted in filters else default


def filter_links(filters: dict, chosen: str, counts: dict | None = None) -> list[dict]:
    """The pills above a list, each with its count where known."""
    return [
        {
            "key": key,
            "label": label,
            "count": (counts or {}).get(key),
            "active": key == chosen,
        }
        for key, (label, _states) in filters.items()
    ]


def matching_products(queryset: QuerySet, form: FilterForm, *, path: str = "product") -> QuerySet:
    """Rows whose product is the chosen one (or one of its children) and matches the words."""
    if product := form.chosen:
        queryset = queryset.filter(Q(**{path: product.pk}) | Q(**{f"{path}__parent": product.pk}))
    if words := form.cleaned_data.get("q"):
        products = get_model("catalogue", "Product").objects.filter(
            Q(title__icontains=words) | Q(parent__title__icontains=words) | Q(upc__iexact=words)
        )
        queryset = queryset.filter(**{f"{path}__in": products.values("pk")})
    return queryset
