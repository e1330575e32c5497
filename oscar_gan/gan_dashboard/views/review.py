"""The review queue, and what staff decide there."""

from __future__ import annotations

from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views import generic

from ...errors import InvalidRequest
from ...models import Publication, Review, VariantImage
from ...services import access, review
from ..badges import badge
from ..filters import (
    VARIANT_FILTERS,
    VariantFilterForm,
    chosen_filter,
    filter_links,
    matching_products,
)
from ..forms import RejectForm
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin, product_url


class VariantListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """Variant images by state; those to review come first, worst warnings on top."""

    template_name = "oscar_gan/dashboard/variant_list.html"
    context_object_name = "variants"
    paginate_by = 12

    def get_queryset(self):
        self.form = VariantFilterForm(self.request.GET, products=self.get_products())
        self.found = matching_products(self.get_variants(), self.form)
        if self.form.version:
            self.found = self.found.filter(request__generator=self.form.version)
        self.status = chosen_filter(self.request, VARIANT_FILTERS, "awaiting")
        reviews = Review.objects.select_related("reviewer").order_by("pk")
        live = Publication.objects.live()
        return (
            self.found.filter(status__in=VARIANT_FILTERS[self.status][1])
            .select_related("product__parent", "colourway", "print")
            .prefetch_related(
                Prefetch("reviews", queryset=reviews),
                Prefetch("publications", queryset=live, to_attr="live_publications"),
            )
            .order_by(*self._order())
        )

    def _order(self) -> tuple:
        """First in, first out for what awaits somebody; the latest first otherwise."""
        if self.status == "awaiting":
            return (F("finished_at").asc(nulls_last=True), "pk")
        return (F("finished_at").desc(nulls_first=True), "-pk")

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        product = self.form.chosen
        return {
            **super().get_context_data(**kwargs),
            "form": self.form,
            "product": product,
            "product_page": product_url(user, product) if product else "",
            "status": self.status,
            "filters": self._filters(),
            "reasons": Review.Reason.choices,
            "may_review": access.may(user, "review"),
            "may_publish": access.may(user, "publish"),
            "may_generate": access.may(user, "generate"),
        }

    def _filters(self) -> list[dict]:
        """The pills above the list, each with its count, in one query."""
        counts = self.found.aggregate(
            **{
                key: Count("pk", filter=Q(status__in=states))
                for key, (_label, states) in VARIANT_FILTERS.items()
            }
        )
        return filter_links(VARIANT_FILTERS, self.status, counts)


class DecisionView(ActionView):
    """One decision about one variant image."""

    action = "review"

    def perform(self, pk: int) -> tuple[str, dict]:
        variant = get_object_or_404(self.get_variants().select_related("product"), pk=pk)
        message = self.decide(variant)
        data = {
            "status": variant.status,
            "status_label": variant.get_status_display(),
            "badge": badge(variant.status),
        }
        return message, data

    def decide(self, variant: VariantImage) -> str:
        raise NotImplementedError


class VariantApproveView(DecisionView):
    """Good enough to publish."""

    def decide(self, variant: VariantImage) -> str:
        review.approve(variant=variant, reviewer=self.request.user)
        return _("%(name)s was approved.") % {"name": variant.label}


class VariantRejectView(DecisionView):
    """Turned down, with a reason."""

    def decide(self, variant: VariantImage) -> str:
        form = RejectForm(self.request.POST)
        if not form.is_valid():
            raise InvalidRequest(_("Choose why this picture is rejected."))
        review.reject(
            variant=variant,
            reviewer=self.request.user,
            reason=form.cleaned_data["reason"],
            comment=form.cleaned_data["comment"],
        )
        reason = Review.Reason(form.cleaned_data["reason"]).label
        return _("%(name)s was rejected: %(reason)s.") % {"name": variant.label, "reason": reason}


class VariantUndoView(DecisionView):
    """Back to awaiting review."""

    def decide(self, variant: VariantImage) -> str:
        review.undo(variant=variant, reviewer=self.request.user)
        return _("%(name)s awaits review again.") % {"name": variant.label}
