"""What every staff page shares: whose products, which answer format, where to go next."""

from __future__ import annotations

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import generic
from oscar.views.decorators import check_permissions

from ..errors import OscarGanError, PermissionRefused, TooOften
from ..models import GenerationRequest, Publication, VariantImage
from ..services import access, rates


class ProductAccessMixin:
    """Querysets of what this person may act on; everything else does not exist (404)."""

    action = "view"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not access.may(request.user, self.action):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_products(self):
        return access.products_for(self.request.user, self.action)

    def get_product(self, pk: int):
        return get_object_or_404(self.get_products(), pk=pk)

    def get_variants(self):
        return VariantImage.objects.filter(product__in=self.get_products().values("pk"))

    def get_requests(self):
        return GenerationRequest.objects.filter(product__in=self.get_products().values("pk"))

    def get_publications(self):
        return Publication.objects.filter(variant__product__in=self.get_products().values("pk"))


class PacedMixin:
    """Pages that compute: so many a minute for one person, then 429. Goes after the access."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            rates.count(user=request.user)
        except TooOften as error:
            headers = {"Retry-After": str(error.wait)}
            if "text/html" in request.headers.get("Accept", ""):  # a page, not a script
                headers["Content-Type"] = "text/plain; charset=utf-8"
                return HttpResponse(str(error), status=429, headers=headers)
            data = {"message": str(error), "code": error.code}
            return JsonResponse(data, status=429, headers=headers)
        return super().dispatch(request, *args, **kwargs)


class LenientPagesMixin:
    """Lists shrink while people work on them: a page that is gone shows the last one."""

    def paginate_queryset(self, queryset, page_size: int) -> tuple:
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()


class ActionView(ProductAccessMixin, generic.View):
    """A POST that calls one service; answers with a redirect, or JSON to who prefers it.

    Subclasses give `perform`, which returns the sentence to show and data for the script.
    """

    http_method_names = ("post",)

    def perform(self, **kwargs) -> tuple[str, dict]:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            message, data = self.perform(**kwargs)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            return self.answer(str(error), {"code": error.code}, ok=False)
        return self.answer(message, data, ok=True)

    def answer(self, message: str, data: dict, *, ok: bool) -> HttpResponse:
        if wants_json(self.request):
            return JsonResponse({"message": message, **data}, status=200 if ok else 409)
        (messages.success if ok else messages.error)(self.request, message)
        return HttpResponseRedirect(next_url(self.request, self.get_fallback_url()))

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-variant-list")


def wants_json(request: HttpRequest) -> bool:
    """Whether the client asked for JSON rather than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def next_url(request: HttpRequest, fallback: str, given=None) -> str:
    """The `next` that was posted (or is `given`, e.g. request.GET), if it stays on this site."""
    target = (request.POST if given is None else given).get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else fallback


def product_url(user, product) -> str:
    """Our tab on Oscar's product page, or our own page for who may not open Oscar's."""
    config = apps.get_app_config("catalogue_dashboard")
    if check_permissions(user, config.get_permissions("catalogue-product")):
        page = reverse("dashboard:catalogue-product", kwargs={"pk": product.pk})
        return f"{page}#gan_variants"
    return reverse("oscar_gan:gan-product-generate", kwargs={"pk": product.pk})
