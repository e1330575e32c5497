"""Publishing approved variant images, one or many: the preview, then the deed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views import generic

from ...errors import OscarGanError, PermissionRefused
from ...models import BackfillRun, Publication, VariantImage
from ...services import automatic, publish_runs, publishing
from ...services.publish_preview import preview
from ...services.publish_rules import Rule, Scope, usual_rule
from ..keys import read_key
from ..mixins import ProductAccessMixin
from ..publish_form import PublishForm

SHOWN = 60
"""Pictures whose galleries the preview shows; what is left is published in the same way."""


class PublishView(ProductAccessMixin, generic.FormView):
    """Shows every gallery before and after by the rule chosen; publishes on POST."""

    action = "publish"
    form_class = PublishForm
    template_name = "oscar_gan/dashboard/publish.html"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.variants: list[VariantImage] = []

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.variants = self.find_variants()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.variants = self.find_variants()
        return super().post(request, *args, **kwargs)

    def find_variants(self) -> list[VariantImage]:
        raise NotImplementedError

    def publish(self, rule: Rule) -> HttpResponse:
        raise NotImplementedError

    def get_initial(self) -> dict:
        """What the address says, else what is usual for the first picture."""
        usual = usual_rule(self.variants[0]) if self.variants else Rule()
        given = {name: self.request.GET.get(name) for name in ("scope", "position")}
        asked = {name: value for name, value in given.items() if value}
        return {**usual.to_json(), **asked, "replace": "replace" in self.request.GET}

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        shown = self.variants[:SHOWN]
        return {
            **context,
            "variants": self.variants,
            "preview": preview(
                variants=shown, rule=self._rule(context["form"]), by=self.request.user
            ),
            "not_shown": len(self.variants) - len(shown),
        }

    def _rule(self, form: PublishForm) -> Rule:
        """The rule to preview; what is no rule shows the usual one."""
        asked = PublishForm(self.request.POST if form.is_bound else self.get_initial())
        return asked.rule if asked.is_valid() else Rule(scope=Scope.GALLERY)

    def form_valid(self, form: PublishForm) -> HttpResponse:
        try:
            return self.publish(form.rule)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)


class VariantPublishView(PublishView):
    """One variant image."""

    def find_variants(self) -> list[VariantImage]:
        return [get_object_or_404(for_preview(self.get_variants()), pk=self.kwargs["pk"])]

    def get_context_data(self, **kwargs) -> dict:
        (variant,) = self.variants
        approved = variant.status == VariantImage.Status.APPROVED
        return {
            **super().get_context_data(**kwargs),
            "variant": variant,
            "publishable": approved and not variant.live_publications,
            "verdict": automatic.explain(variant=variant),
        }

    def publish(self, rule: Rule) -> HttpResponse:
        (variant,) = self.variants
        publication = publishing.publish(
            variant=variant, published_by=self.request.user, **rule.to_json()
        )
        messages.success(self.request, _published_message(publication))
        return redirect("oscar_gan:gan-publication-list")


class BulkPublishView(PublishView):
    """Many at once: ids as `variant` in the address or the form, or all of a bulk `run`."""

    def find_variants(self) -> list[VariantImage]:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        self.run = self._find_run(given.get("run", ""))
        ids = [read_key(pk) for pk in given.getlist("variant")]
        found = publish_runs.publishable(by=self.request.user, backfill=self.run, ids=ids)
        return list(for_preview(found))

    def _find_run(self, text: str) -> BackfillRun | None:
        if not text:
            return None
        try:
            return BackfillRun.objects.get(pk=text)
        except (ValidationError, BackfillRun.DoesNotExist) as error:
            raise Http404(str(error)) from error

    def get_context_data(self, **kwargs) -> dict:
        return {
            **super().get_context_data(**kwargs),
            "run": self.run,
            "publishable": bool(self.variants),
        }

    def publish(self, rule: Rule) -> HttpResponse:
        run = publish_runs.start(
            variants=self.variants, rule=rule, started_by=self.request.user, backfill=self.run
        )
        return redirect("oscar_gan:gan-publishing-run", pk=run.pk)


def for_preview(variants):
    """Variant images with what a preview needs of them."""
    live = Publication.objects.live()
    return variants.select_related("product__parent", "option", "colourway").prefetch_related(
        Prefetch("publications", queryset=live, to_attr="live_publications")
    )


def _published_message(publication: Publication) -> str:
    count = publication.images.count()
    return ngettext(
        "%(name)s is now in %(count)d gallery.",
        "%(name)s is now in %(count)d galleries.",
        count,
    ) % {"name": publication.variant.label, "count": count}
