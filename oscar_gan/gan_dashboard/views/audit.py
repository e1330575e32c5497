"""The log of who did what: filters, pages without counting, CSV."""

from __future__ import annotations

import json
from itertools import chain
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from ...errors import InvalidRequest
from ...models import AuditEvent
from ...services import audit
from ..csv_files import csv_response
from ..mixins import ProductAccessMixin

COLUMNS = (
    *("when", "who", "action", "product", "product_id", "kind", "object_id", "object"),
    *("before", "after", "recipe", "model"),
)


class LogFilterForm(forms.Form):
    """What of the log is wanted; nonsense filters nothing."""

    person = forms.CharField(required=False, max_length=100, label=_("Person"))
    action = forms.ChoiceField(
        required=False,
        choices=[("", _("Anything")), *AuditEvent.Action.choices],
        label=_("What"),
        widget=forms.Select(attrs={"class": "no-widget-init"}),
    )
    product = forms.CharField(required=False, max_length=100, label=_("Product"))
    since = forms.DateField(
        required=False,
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        required=False,
        label=_("To"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()
        for name, field in self.fields.items():
            field.widget.attrs["class"] = f"form-control {field.widget.attrs.get('class', '')}"
            field.widget.attrs["id"] = f"gan_log_{name}"

    @property
    def filters(self) -> audit.Filters:
        return audit.Filters(**{k: v for k, v in self.cleaned_data.items() if v})

    @property
    def query(self) -> str:
        """The filters as an address asks for them."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class LogMixin(ProductAccessMixin):
    """Who may read the log: staff with its permission; partner staff, what concerns them."""

    action = "view_log"


class LogView(LogMixin, generic.TemplateView):
    """The log, newest first."""

    template_name = "oscar_gan/dashboard/log.html"

    def get_context_data(self, **kwargs) -> dict:
        form = LogFilterForm(self.request.GET)
        before, problem = self.request.GET.get("before", ""), ""
        try:
            page = audit.page(user=self.request.user, filters=form.filters, before=before)
        except InvalidRequest as error:
            problem, before = str(error), ""
            page = audit.page(user=self.request.user, filters=form.filters)
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "page": page,
            "before": before,
            "problem": problem,
        }


class LogExportView(LogMixin, generic.View):
    """All that the filters let through, as CSV, streamed."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        events = audit.export(user=request.user, filters=LogFilterForm(request.GET).filters)
        return csv_response(chain([COLUMNS], map(_cells, events)), "image-variants-log.csv")


def _cells(event: AuditEvent) -> list[str]:
    product = event.product.get_title() if event.product else ""
    return [
        event.at.isoformat(timespec="seconds"),
        event.actor_name,
        event.action,
        product,
        str(event.product_id or ""),
        event.object_type,
        event.object_id,
        event.object_name,
        _json(event.before),
        _json(event.after),
        event.recipe,
        event.generator,
    ]


def _json(value) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
