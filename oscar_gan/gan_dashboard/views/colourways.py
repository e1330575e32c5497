"""Colourways and palettes: named colours and groups of them, the shop's and partners' own."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views import generic

from ...errors import OscarGanError, PermissionRefused
from ...models import Colourway, Palette
from ...services import access
from ...services.colourways import editing
from ..colourway_forms import ColourwayForm, PaletteForm
from ..keys import is_key
from ..mixins import LenientPagesMixin, ProductAccessMixin


class ColourPageMixin(ProductAccessMixin):
    """What the pages of colourways and palettes share: one service call, one sentence."""

    action = "manage_colourways"
    success_url = reverse_lazy("oscar_gan:gan-colourway-list")
    message = ""

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def perform(self, form) -> None:
        raise NotImplementedError

    def form_valid(self, form) -> HttpResponse:
        name = self.get_name(form)
        try:
            self.perform(form)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.message % {"name": name})
        return HttpResponseRedirect(str(self.success_url))

    def get_name(self, form) -> str:
        return form.cleaned_data["name"]


class ColourwayMixin(ColourPageMixin):
    """Colourways that this person may change."""

    model = Colourway
    form_class = ColourwayForm

    def get_queryset(self):
        return access.colourways_for(self.request.user, self.action)

    def perform(self, form) -> None:
        palettes = form.cleaned_data.get("palettes")
        self.object = editing.save_colourway(
            colourway=form.instance, by=self.request.user, palettes=palettes
        )


class ColourwayListView(LenientPagesMixin, ProductAccessMixin, generic.ListView):
    """All colourways by name: partner staff see the shop's, and change their own."""

    action = "manage_colourways"
    template_name = "oscar_gan/dashboard/colourway_list.html"
    context_object_name = "colourways"
    paginate_by = 50

    def get_queryset(self):
        user = self.request.user
        found = access.colourways_for(user)
        chosen = self.request.GET.get("palette", "")
        palettes = access.palettes_for(user)
        self.palette = palettes.filter(pk=chosen).first() if is_key(chosen) else None
        if self.palette:
            found = found.filter(palettes=self.palette)
        return (
            found.select_related("option__group", "partner")
            .prefetch_related("palettes")
            .annotate(used=Count("variants", distinct=True))
            .order_by("name")
        )

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        mine = access.colourways_for(user, self.action).values_list("pk", flat=True)
        palettes = access.palettes_for(user).annotate(size=Count("colourways", distinct=True))
        return {
            **super().get_context_data(**kwargs),
            "mine": set(mine),
            "palette": self.palette,
            "palettes": palettes.select_related("partner", "category").order_by("name"),
            "my_palettes": set(
                access.palettes_for(user, self.action).values_list("pk", flat=True)
            ),
        }


class ColourwayCreateView(ColourwayMixin, generic.CreateView):
    """A new named colour; the address may bring one that was picked."""

    template_name = "oscar_gan/dashboard/colourway_form.html"

    def get_initial(self) -> dict:
        return {"colour": self.request.GET.get("colour", "")[:7]}

    @property
    def message(self) -> str:
        return _("Colourway %(name)s was created.")


class ColourwayUpdateView(ColourwayMixin, generic.UpdateView):
    """Change one; pictures made before keep the colour they were made with."""

    template_name = "oscar_gan/dashboard/colourway_form.html"

    @property
    def message(self) -> str:
        return _("Colourway %(name)s was saved.")


class DeletePageMixin:
    """A page that asks before something is deleted."""

    form_class = generic.edit.BaseDeleteView.form_class

    def get_form_kwargs(self) -> dict:
        return super(ColourPageMixin, self).get_form_kwargs()

    def get_name(self, form) -> str:
        return self.object.name


class ColourwayDeleteView(DeletePageMixin, ColourwayMixin, generic.DeleteView):
    """Delete one; its variant images stay."""

    template_name = "oscar_gan/dashboard/colourway_delete.html"

    @property
    def message(self) -> str:
        return _("Colourway %(name)s was deleted.")

    def perform(self, form) -> None:
        editing.delete_colourway(colourway=self.object, by=self.request.user)


class PaletteMixin(ColourPageMixin):
    """Palettes that this person may change."""

    model = Palette
    form_class = PaletteForm

    def get_queryset(self):
        return access.palettes_for(self.request.user, self.action)

    def perform(self, form) -> None:
        self.object = editing.save_palette(
            palette=form.instance,
            colourways=form.cleaned_data["colourways"],
            by=self.request.user,
        )


class PaletteCreateView(PaletteMixin, generic.CreateView):
    """A new group of colourways."""

    template_name = "oscar_gan/dashboard/palette_form.html"

    @property
    def message(self) -> str:
        return _("Palette %(name)s was created.")


class PaletteUpdateView(PaletteMixin, generic.UpdateView):
    """Change what is in one, or what it is for."""

    template_name = "oscar_gan/dashboard/palette_form.html"

    @property
    def message(self) -> str:
        return _("Palette %(name)s was saved.")


class PaletteDeleteView(DeletePageMixin, PaletteMixin, generic.DeleteView):
    """Delete one; its colourways stay."""

    template_name = "oscar_gan/dashboard/palette_delete.html"

    @property
    def message(self) -> str:
        return _("Palette %(name)s was deleted.")

    def perform(self, form) -> None:
        editing.delete_palette(palette=self.object, by=self.request.user)
