"""Colourways: the shop's named colours."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views import generic

from ...models import Colourway
from ..forms import ColourwayForm
from ..mixins import LenientPagesMixin, ProductAccessMixin


class ColourwayMixin(ProductAccessMixin):
    """What the colourway pages share."""

    action = "manage_colourways"
    model = Colourway
    form_class = ColourwayForm
    success_url = reverse_lazy("oscar_gan:gan-colourway-list")
    message = ""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, self.message % {"name": self.object.name})
        return response


class ColourwayListView(LenientPagesMixin, ColourwayMixin, generic.ListView):
    """All colourways by name."""

    template_name = "oscar_gan/dashboard/colourway_list.html"
    context_object_name = "colourways"
    paginate_by = 50
    queryset = (
        Colourway.objects.select_related("option__group")
        .annotate(used=Count("variants"))
        .order_by("name")
    )


class ColourwayCreateView(ColourwayMixin, generic.CreateView):
    """A new named colour."""

    template_name = "oscar_gan/dashboard/colourway_form.html"

    @property
    def message(self) -> str:
        return _("Colourway %(name)s was created.")


class ColourwayUpdateView(ColourwayMixin, generic.UpdateView):
    """Change one; pictures made before keep the colour they were made with."""

    template_name = "oscar_gan/dashboard/colourway_form.html"

    @property
    def message(self) -> str:
        return _("Colourway %(name)s was saved.")


class ColourwayDeleteView(ColourwayMixin, generic.DeleteView):
    """Delete one; its variant images stay."""

    form_class = generic.edit.BaseDeleteView.form_class
    template_name = "oscar_gan/dashboard/colourway_delete.html"

    @property
    def message(self) -> str:
        return _("Colourway %(name)s was deleted.")
