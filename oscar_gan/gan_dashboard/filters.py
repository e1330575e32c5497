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
    "open": (_("In progress"), (_RequestStatus.QUEUED, _RequestStatus.RUNNING)),
    "done": (_("Done"), (_RequestStatus.DONE,)),
    "stopped": (_("Failed or cancelled"), (_RequestStatus.FAILED, _RequestStatus.CANCELLED)),
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

    def __init__(self, *args, products: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products.select_related("parent")
        self.is_valid()

    @property
    def chosen(self):
        return self.cleaned_data.get("product")


def matching_products(queryset: QuerySet, form: FilterForm) -> QuerySet:
    """Rows whose product is the chosen one (or one of its children) and matches the words."""
    if form.chosen:
        queryset = queryset.filter(Q(product=form.chosen) | Q(product__parent=form.chosen.pk))
    if words := form.cleaned_data.get("q"):
        products = get_model("catalogue", "Product").objects.filter(
            Q(title__icontains=words) | Q(parent__title__icontains=words) | Q(upc__iexact=words)
        )
        queryset = queryset.filter(product__in=products.values("pk"))
    return queryset
