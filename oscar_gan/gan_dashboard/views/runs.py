"""Bulk runs: their list, their progress, cancelling them; and how people want to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from ...services import notices, run_report, runs
from ..csv_files import csv_response
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin
from ..preference_form import PreferenceForm
from ..runs import left_out, planned, quality, run_json


class RunListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """Bulk runs, newest first: staff see all, partner staff their own."""

    template_name = "oscar_gan/dashboard/run_list.html"
    context_object_name = "runs"
    paginate_by = 20

    def get_queryset(self):
        return runs.runs_for(self.request.user)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        rows = [{"run": run, "status": run_json(run)} for run in context["runs"]]
        return {**context, "rows": rows, "told": _channel(self.request.user)}


class RunMixin(ProductAccessMixin):
    """One run that this person may see; others do not exist."""

    def get_run(self, pk):
        return get_object_or_404(runs.runs_for(self.request.user), pk=pk)


class RunView(RunMixin, generic.TemplateView):
    """One run: how far it is, what it asked for, what was left out."""

    template_name = "oscar_gan/dashboard/run.html"

    def get_context_data(self, pk, **kwargs) -> dict:
        run = self.get_run(pk)
        return {
            **super().get_context_data(**kwargs),
            "run": run,
            "status": run_json(run),
            "planned": planned(run),
            "left_out": left_out(run),
            "quality": quality(run),
            "may_cancel": runs.may_cancel(self.request.user, run),
        }


class RunStatusView(RunMixin, generic.View):
    """How far one run is, as JSON."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk) -> HttpResponse:
        response = JsonResponse(run_json(self.get_run(pk)))
        response["Cache-Control"] = "no-store"
        return response


class RunCancelView(RunMixin, ActionView):
    """Cancel all of a run that is not made yet."""

    action = "generate"

    def perform(self, pk) -> tuple[str, dict]:
        run = self.get_run(pk)
        count = runs.cancel_run(run=run, by=self.request.user)
        message = ngettext(
            "The run was cancelled: %(count)d variant image will not be made.",
            "The run was cancelled: %(count)d variant images will not be made.",
            count,
        ) % {"count": count}
        return message, run_json(run)

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-run", args=[self.kwargs["pk"]])


class RunPauseView(RunMixin, ActionView):
    """Hold a run back; with `go-on`, let it go on."""

    action = "generate"

    def perform(self, pk) -> tuple[str, dict]:
        run = self.get_run(pk)
        if "go-on" in self.request.POST:
            runs.continue_run(run=run, by=self.request.user)
            message = _("The run goes on.")
        else:
            runs.pause_run(run=run, by=self.request.user)
            message = _("The run is paused: no further picture is begun.")
        return message, run_json(run)

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-run", args=[self.kwargs["pk"]])


class RunReportView(RunMixin, generic.View):
    """Every product and picture of a run with what became of it, as CSV, streamed."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk) -> HttpResponse:
        return csv_response(run_report.lines(run=self.get_run(pk)), "bulk-run.csv")


class PreferenceView(ProductAccessMixin, generic.FormView):
    """How somebody hears that what they started is finished."""

    form_class = PreferenceForm
    template_name = "oscar_gan/dashboard/preferences.html"

    def get_initial(self) -> dict:
        return {"channel": notices.channel_of(self.request.user)}

    def form_valid(self, form: PreferenceForm) -> HttpResponse:
        notices.choose_channel(user=self.request.user, channel=form.cleaned_data["channel"])
        messages.success(self.request, _("Your choice was saved."))
        return HttpResponseRedirect(reverse("oscar_gan:gan-run-list"))


def _channel(user) -> str:
    return notices.Channel(notices.channel_of(user)).label
