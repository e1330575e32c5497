"""The missing-colour radar: what shoppers see in another colour, and one button to fill it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from ...services import access, radar, radar_filling
from ..estimates import describe_estimate
from ..mixins import ActionView, ProductAccessMixin
from ..radar_page import RadarForm, family_rows, recent_runs

FAMILIES_A_PAGE = 20


class RadarView(ProductAccessMixin, generic.TemplateView):
    """Products with colours that lack a picture, by product; the estimate stands by the button."""

    template_name = "oscar_gan/dashboard/radar.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        form = RadarForm(self.request.GET, user=user)
        found = radar.find(selection=form.selection, by=user)
        page = Paginator(list(found.families.items()), FAMILIES_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "found": found,
            "page_obj": page,
            "paginator": page.paginator,
            "is_paginated": page.has_other_pages(),
            "families": family_rows(list(page)),
            "estimate": describe_estimate(found.fillable, user),
            "runs": recent_runs(user),
            "may_generate": access.may(user, "generate"),
            "may_publish": access.may(user, "publish"),
            "may_manage_colourways": access.may(user, "manage_colourways"),
        }


class RadarFillView(ActionView):
    """Ask for all that was found, or for one product's colours."""

    action = "generate"

    def perform(self) -> tuple[str, dict]:
        form = RadarForm(self.request.POST, user=self.request.user)
        run = radar_filling.fill(selection=form.selection, by=self.request.user)
        return _("The missing colours are being asked for."), {"run": str(run.pk)}

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-radar")
