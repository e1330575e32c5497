"""Publishing approved variant images, and taking them back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from ...errors import InvalidRequest, OscarGanError, PermissionRefused
from ...models import Publication, VariantImage
from ...services import publishing
from ..filters import (
    PUBLICATION_FILTERS,
    FilterForm,
    chosen_filter,
    filter_links,
    matching_products,
)
from ..forms import PublishForm
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin

Scope = Publication.Scope


class VariantPublishView(ProductAccessMixin, generic.FormView):
    """Choose where to; shows every gallery that would change before anything does."""

    action = "publish"
    form_class = PublishForm
    template_name = "oscar_gan/dashboard/publish.html"

    def get_variant(self) -> VariantImage:
        variants = self.get_variants().select_related("product__parent", "source", "option")
        return get_object_or_404(variants, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs) -> dict:
        variant = self.get_variant()
        plans = [self._plan(variant, scope) for scope in Scope]
        chosen = self.request.POST.get("scope") or _best(plans)
        return {
            **super().get_context_data(**kwargs),
            "variant": variant,
            "plans": plans,
            "chosen": chosen,
            "publishable": variant.status == VariantImage.Status.APPROVED
            and not variant.publications.live().exists(),
        }

    def _plan(self, variant: VariantImage, scope: Scope) -> dict:
        try:
            products = publishing.plan(variant=variant, scope=scope, by=self.request.user)
        except InvalidRequest as error:
            return {"scope": scope, "galleries": [], "problem": str(error)}
        galleries = [
            {"product": product, "images": list(product.images.all()[:8])} for product in products
        ]
        return {"scope": scope, "galleries": galleries, "problem": ""}

    def form_valid(self, form: PublishForm) -> HttpResponse:
        variant = self.get_variant()
        try:
            publication = publishing.publish(
                variant=variant,
                scope=form.cleaned_data["scope"],
                published_by=self.request.user,
            )
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _published_message(publication))
        return redirect("oscar_gan:gan-publication-list")


class PublicationListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """What was published where, by whom; one click takes it back."""

    action = "publish"
    template_name = "oscar_gan/dashboard/publication_list.html"
    context_object_name = "publications"
    paginate_by = 20

    def get_queryset(self):
        self.form = FilterForm(self.request.GET, products=self.get_products())
        self.status = chosen_filter(self.request, PUBLICATION_FILTERS, "all")
        live = PUBLICATION_FILTERS[self.status][1]
        queryset = matching_products(self.get_publications(), self.form, path="variant__product")
        if live is not None:
            queryset = queryset.filter(reverted_at__isnull=live)
        return queryset.select_related(
            "variant__product__parent", "published_by"
        ).prefetch_related("images__product__parent")

    def get_context_data(self, **kwargs) -> dict:
        return {
            **super().get_context_data(**kwargs),
            "form": self.form,
            "product": self.form.chosen,
            "status": self.status,
            "filters": filter_links(PUBLICATION_FILTERS, self.status),
        }


class PublicationRevertView(ActionView):
    """Take the published pictures out again."""

    action = "publish"

    def perform(self, pk: int) -> tuple[str, dict]:
        publications = self.get_publications().select_related("variant__product")
        publication = get_object_or_404(publications, pk=pk)
        publishing.revert(publication=publication, reverted_by=self.request.user)
        message = _("%(name)s was taken out of the galleries again.") % {
            "name": publication.variant.label
        }
        return message, {"reload": True}

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-publication-list")


def _best(plans: list[dict]) -> str:
    """Children of that colour where there are any, the product's own gallery otherwise."""
    possible = {plan["scope"] for plan in plans if not plan["problem"]}
    return Scope.COLOUR if Scope.COLOUR in possible else Scope.GALLERY


def _published_message(publication: Publication) -> str:
    count = publication.images.count()
    return ngettext(
        "%(name)s is now in %(count)d gallery.",
        "%(name)s is now in %(count)d galleries.",
        count,
    ) % {"name": publication.variant.label, "count": count}
