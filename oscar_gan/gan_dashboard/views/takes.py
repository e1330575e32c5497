"""The takes of one picture: what differs, an earlier one approved, another one asked for."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from ...services import access, takes
from ..mixins import ActionView, ProductAccessMixin, next_url
from ..takes import change_forms, path_name, posted_value, take_rows


class VariantTakesView(ProductAccessMixin, generic.TemplateView):
    """Every take of a picture, and what may be changed for another one."""

    template_name = "oscar_gan/dashboard/takes.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        found = self.get_variants().select_related(
            "product__parent", "source", "request__generator", "request__matte", "colourway"
        )
        variant = get_object_or_404(found, pk=self.kwargs["pk"])
        may_generate = access.may(user, "generate")
        return {
            **super().get_context_data(**kwargs),
            "variant": variant,
            "takes": take_rows(variant),
            "changes": change_forms(variant) if may_generate else [],
            "may_review": access.may(user, "review"),
            "may_generate": may_generate,
            "next": next_url(
                self.request, reverse("oscar_gan:gan-variant-list"), self.request.GET
            ),
        }


class VariantAgainView(ActionView):
    """Another take with one change."""

    action = "generate"

    def perform(self, pk: int) -> tuple[str, dict]:
        variants = self.get_variants().select_related(
            "product", "source__product", "request__generator", "request__matte"
        )
        self.variant = get_object_or_404(variants, pk=pk)
        path = self.request.POST.get("path", "")
        value = posted_value(path, self.request.POST.get("value", ""))
        take = takes.regenerate(
            variant=self.variant, path=path, value=value, requested_by=self.request.user
        )
        message = _("%(name)s is being made again; changed: %(what)s.") % {
            "name": take.label,
            "what": path_name(path),
        }
        return message, {"take": take.pk}

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-variant-takes", args=[self.variant.pk])
