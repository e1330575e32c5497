"""Training runs: starting one, watching it, cancelling it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from ...models import Comparison, TrainingRun
from ...services import retraining
from ..generators import TRAINED, recent_runs
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin
from ..training_runs import curves, describe_data, status_json
from .files import FileView, private_file


class TrainingRunListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """Every training run, newest first."""

    action = "train"
    template_name = "oscar_gan/dashboard/training_list.html"
    context_object_name = "runs"
    paginate_by = 30

    def get_queryset(self):
        return recent_runs()


class TrainingRunView(ProductAccessMixin, generic.DetailView):
    """One run: how far it is, what it learns from, what came of it."""

    action = "train"
    template_name = "oscar_gan/dashboard/training_run.html"
    context_object_name = "run"
    queryset = TrainingRun.objects.select_related("base", "result", "started_by")

    def get_context_data(self, **kwargs) -> dict:
        run = self.object
        return {
            **super().get_context_data(**kwargs),
            "status": status_json(run),
            "curves": curves(run),
            "data": describe_data(run),
            "comparison": Comparison.objects.filter(version=run.result).defer("report").first()
            if run.result
            else None,
        }


class TrainingStatusView(ProductAccessMixin, generic.View):
    """How far one run is, as JSON; `?charts=1` adds its curves."""

    action = "train"
    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk) -> HttpResponse:
        charts = "charts" in request.GET
        runs = TrainingRun.objects.select_related("result")
        run = get_object_or_404(runs.defer("summary", *([] if charts else ["history"])), pk=pk)
        response = JsonResponse(status_json(run, charts=charts))
        response["Cache-Control"] = "no-store"
        return response


class TrainingSamplesView(FileView):
    """The grid of sample pictures that the newest checkpoint made."""

    action = "train"

    def get(self, request: HttpRequest, pk) -> HttpResponseBase:
        return private_file(get_object_or_404(TrainingRun, pk=pk).samples_name)


class TrainingStartView(ActionView):
    """Train now, without waiting for the schedule."""

    action = "train"

    def perform(self) -> tuple[str, dict]:
        self.run = retraining.start(name=TRAINED, by=self.request.user)
        return _("A training was started."), {"run": str(self.run.pk)}

    run = None

    def get_fallback_url(self) -> str:
        if self.run:
            return reverse("oscar_gan:gan-training-run", args=[self.run.pk])
        return reverse("oscar_gan:gan-generator-list")


class TrainingCancelView(ActionView):
    """Stop a run; what served goes on serving."""

    action = "train"

    def perform(self, pk) -> tuple[str, dict]:
        run = get_object_or_404(TrainingRun, pk=pk)
        cancelled = retraining.cancel(run=run, by=self.request.user)
        run.refresh_from_db()
        message = _("The training was cancelled.") if cancelled else _("It had ended already.")
        return message, status_json(run)

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-training-run", args=[self.kwargs["pk"]])
