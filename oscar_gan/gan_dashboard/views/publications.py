"""What was published where: publications, and runs of many; each can be taken back."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from ...errors import InvalidTransition
from ...models import PublishingRun
from ...services import access, publish_runs, publishing
from ..filters import (
    PUBLICATION_FILTERS,
    FilterForm,
    chosen_filter,
    filter_links,
    matching_products,
)
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin


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


class PublishingRunsMixin:
    """Runs that this person may see: all of the shop's, or those that partner staff started."""

    def get_runs(self):
        user = self.request.user
        runs = PublishingRun.objects.select_related("started_by", "backfill")
        return runs if access.sees_all(user) else runs.filter(started_by=user)


class PublishingRunView(
    PublishingRunsMixin, LenientPagesMixin, ProductAccessMixin, generic.ListView
):
    """How far a run is, picture by picture; one click takes all of it back."""

    action = "publish"
    template_name = "oscar_gan/dashboard/publishing_run.html"
    context_object_name = "items"
    paginate_by = 50

    def get_queryset(self):
        self.run = get_object_or_404(self.get_runs(), pk=self.kwargs["pk"])
        items = self.run.items.filter(variant__in=self.get_variants())
        return items.select_related("variant__product__parent", "publication").order_by("pk")

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return {**context, "run": self.run, "counts": publish_runs.counts(run=self.run)}


class PublishingRunRevertView(PublishingRunsMixin, ActionView):
    """Take back everything that a run published."""

    action = "publish"

    def perform(self, pk) -> tuple[str, dict]:
        run = get_object_or_404(self.get_runs(), pk=pk)
        problems = publish_runs.revert(run=run, reverted_by=self.request.user)
        if problems:
            item, reason = problems[0]
            text = ngettext(
                "%(count)d picture could not be taken back: %(name)s: %(reason)s",
                "%(count)d pictures could not be taken back, the first: %(name)s: %(reason)s",
                len(problems),
            )
            values = {"count": len(problems), "name": item.variant.label, "reason": reason}
            raise InvalidTransition(text % values)
        return _("Everything that this run published was taken back."), {"reload": True}

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-publishing-run", args=[self.kwargs["pk"]])
