"""Generators: who serves, who wants to, how each version did; promoting, pinning, going back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from ...conf import get_config
from ...errors import InvalidRequest
from ...models import GeneratorEvent, GeneratorVersion
from ...services import feedback, registry
from ..forms import NoteForm
from ..generators import (
    TRAINED,
    charts,
    feedback_state,
    next_look,
    recent_runs,
    reign,
    version_rows,
)
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin
from ..training_runs import status_json

RUNS_SHOWN = 5


class GeneratorListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """The page; what is paginated is the log, newest first."""

    action = "train"
    template_name = "oscar_gan/dashboard/generator_list.html"
    context_object_name = "events"
    paginate_by = 30

    def get_queryset(self):
        events = GeneratorEvent.objects.filter(version__name=TRAINED)
        return events.select_related("version", "previous", "by")

    def get_context_data(self, **kwargs) -> dict:
        rows = version_rows()
        champion = next((row for row in rows if row["version"].status == "champion"), None)
        runs = list(recent_runs()[:RUNS_SHOWN])
        running = next((run for run in runs if run.is_unfinished), None)
        return {
            **super().get_context_data(**kwargs),
            "trained": TRAINED,
            "serving": get_config().generator,
            "rows": rows,
            "champion": champion,
            "reign": reign(champion["version"]) if champion else None,
            "challengers": [row for row in rows if row["version"].status == "challenger"],
            "charts": charts(rows),
            "feedback": feedback_state(feedback.new_decisions(TRAINED), running=running),
            "next_look": next_look(),
            "runs": runs,
            "running": running,
            "status": status_json(running) if running else None,
        }


class GeneratorActionView(ActionView):
    """Something decided about one version."""

    action = "train"

    def get_version(self, pk: int) -> GeneratorVersion:
        return get_object_or_404(GeneratorVersion, pk=pk)

    def get_note(self) -> str:
        form = NoteForm(self.request.POST)
        if not form.is_valid():
            raise InvalidRequest(" ".join(form.errors["note"]))
        return form.cleaned_data["note"]

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-generator-list")


class GeneratorPromoteView(GeneratorActionView):
    """A challenger that passed its comparison serves from now on."""

    def perform(self, pk: int) -> tuple[str, dict]:
        version = self.get_version(pk)
        registry.promote(version=version, by=self.request.user, note=self.get_note())
        return _("%(version)s serves from now on.") % {"version": version}, {}


class GeneratorRollBackView(GeneratorActionView):
    """An earlier champion serves again; reading asks first, where no script does."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"version": self.get_version(pk), "form": NoteForm()}
        return render(request, "oscar_gan/dashboard/generator_roll_back.html", context)

    def perform(self, pk: int) -> tuple[str, dict]:
        version = self.get_version(pk)
        registry.roll_back(
            name=version.name, by=self.request.user, to=version, note=self.get_note()
        )
        return _("%(version)s serves again.") % {"version": version}, {}


class GeneratorPinView(GeneratorActionView):
    """The champion stays, whatever passes, until it is unpinned."""

    def perform(self, pk: int) -> tuple[str, dict]:
        version = self.get_version(pk)
        registry.pin(version=version, by=self.request.user)
        return _("%(version)s is pinned and stays champion.") % {"version": version}, {}


class GeneratorUnpinView(GeneratorActionView):
    """Challengers may be promoted again."""

    def perform(self, pk: int) -> tuple[str, dict]:
        version = self.get_version(pk)
        registry.unpin(version=version, by=self.request.user)
        return _("%(version)s is not pinned any more.") % {"version": version}, {}
