"""Comparisons: what was measured, gate by gate, and what it looks like."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views import generic
from oscar.core.loading import get_model

from ...models import Comparison, GeneratorVersion
from ..comparisons import VIEWS, describe
from ..forms import NoteForm
from ..generators import promotion_hurdle, with_measured
from ..mixins import ProductAccessMixin
from .files import FileView, private_file, source_preview

_Status = GeneratorVersion.Status


class ComparisonView(ProductAccessMixin, generic.DetailView):
    """Verdict, gates, pictures; a challenger that may be promoted is promoted here."""

    action = "train"
    template_name = "oscar_gan/dashboard/comparison.html"
    queryset = Comparison.objects.select_related("version", "against", "version__training")

    def get_context_data(self, **kwargs) -> dict:
        version = self.object.version
        is_challenger = version.status == _Status.CHALLENGER
        hurdle = ""
        if is_challenger:
            champions = GeneratorVersion.objects.filter(name=version.name, status=_Status.CHAMPION)
            hurdle = promotion_hurdle(with_measured(version), champions.first())
        return {
            **super().get_context_data(**kwargs),
            "report": describe(self.object),
            "version": version,
            "is_challenger": is_challenger,
            "hurdle": hurdle,
            "form": NoteForm(),
        }


class ComparisonPictureView(FileView):
    """One photo of a comparison, or what one of the contestants made of it."""

    action = "train"

    def get(self, request: HttpRequest, pk: int, position: int, kind: str) -> HttpResponseBase:
        comparison = get_object_or_404(Comparison, pk=pk)
        pictures = comparison.report.get("pictures", [])
        if kind not in VIEWS or position >= len(pictures):
            raise Http404("There is no such picture.")
        picture = pictures[position]
        if kind == "photo" and not picture.get("photo"):
            images = get_model("catalogue", "ProductImage").objects.all()
            return source_preview(get_object_or_404(images, pk=picture.get("source")))
        return private_file(picture.get(kind, ""))
