"""Generation requests: their list, their progress, cancelling and trying again."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import ngettext
from django.views import generic

from ...models import GenerationRequest, VariantImage
from ...services import access, requests
from ..filters import REQUEST_FILTERS, FilterForm, chosen_filter, filter_links, matching_products
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin
from ..panel import status_json


class RequestListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """Every request on this person's products, newest first."""

    template_name = "oscar_gan/dashboard/request_list.html"
    context_object_name = "requests"
    paginate_by = 20

    def get_queryset(self):
        self.form = FilterForm(self.request.GET, products=self.get_products())
        queryset = (
            matching_products(self.get_requests(), self.form)
            .filter(Exists(VariantImage.objects.filter(request=OuterRef("pk"))))
            .select_related("product__parent", "requested_by")
            .order_by("-created_at")
        )
        self.status = chosen_filter(self.request, REQUEST_FILTERS, "all")
        return queryset.filter(status__in=REQUEST_FILTERS[self.status][1])

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        _count_variants(context["requests"])
        return {
            **context,
            "form": self.form,
            "product": self.form.chosen,
            "status": self.status,
            "filters": filter_links(REQUEST_FILTERS, self.status),
            "may_generate": access.may(self.request.user, "generate"),
        }


def _count_variants(page) -> None:
    """Give each request of a page `total`, `finished` and `retryable`: its variant images."""
    variants = VariantImage.objects.filter(request__in=[request.pk for request in page])
    counts = {
        "total": Count("pk"),
        "finished": Count("pk", filter=~Q(status__in=VariantImage.UNFINISHED)),
        "retryable": Count("pk", filter=Q(status__in=VariantImage.RETRYABLE)),
    }
    found = {
        row.pop("request"): row for row in variants.order_by().values("request").annotate(**counts)
    }
    for request in page:
        vars(request).update(found.get(request.pk, dict.fromkeys(counts, 0)))


class RequestStatusView(ProductAccessMixin, generic.View):
    """How far one request is, as JSON."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk) -> HttpResponse:
        wanted = get_object_or_404(self.get_requests(), pk=pk)
        response = JsonResponse(status_json(wanted))
        response["Cache-Control"] = "no-store"
        return response


class RequestActionView(ActionView):
    """Something done to one request by who may generate for its product."""

    action = "generate"

    def get_request(self, pk) -> GenerationRequest:
        queryset = self.get_requests().select_related("product", "source", "matte", "run")
        return get_object_or_404(queryset, pk=pk)

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-request-list")


class RequestCancelView(RequestActionView):
    """Cancel what is not made yet."""

    def perform(self, pk) -> tuple[str, dict]:
        request = self.get_request(pk)
        count = requests.cancel_request(request=request, by=self.request.user)
        request.refresh_from_db()
        message = ngettext(
            "%(count)d variant image was cancelled.",
            "%(count)d variant images were cancelled.",
            count,
        ) % {"count": count}
        return message, status_json(request)


class RequestRetryView(RequestActionView):
    """Ask again for what failed or was cancelled."""

    def perform(self, pk) -> tuple[str, dict]:
        request = requests.retry_failed(request=self.get_request(pk), by=self.request.user)
        message = ngettext(
            "%(count)d variant image is queued again.",
            "%(count)d variant images are queued again.",
            request.created,
        ) % {"count": request.created}
        return message, {**status_json(request), "reload": True}
