"""Tables of colourways: imported after a look at what would change, exported safe to open."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from ...errors import OscarGanError, PermissionRefused
from ...services import access
from ...services.colourways import exporting, importing, tables
from ..colourway_forms import ImportForm
from ..csv_files import csv_response
from ..mixins import ProductAccessMixin


class ColourwayImportView(ProductAccessMixin, generic.FormView):
    """A file, then what it would do line by line, then all of it or nothing."""

    action = "manage_colourways"
    form_class = ImportForm
    template_name = "oscar_gan/dashboard/colourway_import.html"

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        data, partner = form.data_given, form.cleaned_data["partner"]
        wanted = {"partner": partner, "by": self.request.user}
        try:
            table = tables.read_table(data)
            if "import" in self.request.POST:
                done = importing.import_table(table=table, **wanted)
                messages.success(self.request, _imported(done))
                return HttpResponseRedirect(reverse("oscar_gan:gan-colourway-list"))
            preview = importing.preview(table=table, **wanted)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            form.add_error("table", str(error))
            return self.form_invalid(form)
        context = self.get_context_data(
            form=form, preview=preview, text=tables.decoded(data), partner=partner
        )
        return self.render_to_response(context)


class ColourwayExportView(ProductAccessMixin, generic.View):
    """Every colourway that this person may use, as CSV that an import takes again."""

    action = "manage_colourways"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        colourways = access.colourways_for(request.user, self.action).select_related("option")
        rows = exporting.write_table(colourways.prefetch_related("palettes"))
        return csv_response(rows, "colourways.csv")


def _imported(done: importing.Preview) -> str:
    return _("Imported: %(new)d new, %(changed)d changed, %(same)d as they were.") % {
        kind: done.count(kind) for kind in ("new", "changed", "same")
    }
