"""Saved prints: their list, their names and inks, their pictures."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views import generic

from ...errors import OscarGanError, PermissionRefused
from ...imaging.tiles import encode_tile
from ...services import access, looks, prints
from ..designer import read_inks
from ..forms import PrintForm, PrintUploadForm
from ..mixins import ActionView, LenientPagesMixin, ProductAccessMixin
from .files import IMMUTABLE, FileView, private_file


class PrintMixin(ProductAccessMixin):
    """Prints that this person may change."""

    action = "manage_prints"
    success_url = reverse_lazy("oscar_gan:gan-print-list")

    def get_queryset(self):
        return access.prints_for(self.request.user, "manage_prints")


class PrintListView(LenientPagesMixin, PrintMixin, generic.ListView):
    """All prints by name; posting hands in a picture of a tile made elsewhere."""

    template_name = "oscar_gan/dashboard/print_list.html"
    context_object_name = "prints"
    paginate_by = 24
    upload = None

    def get_queryset(self):
        designs = access.prints_for(self.request.user, "generate")
        return designs.annotate(used=Count("variants", distinct=True)).order_by("name")

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        mine = set(super().get_queryset().values_list("pk", flat=True))
        for design in context["prints"]:
            design.may_change = design.pk in mine
        return {
            **context,
            "upload": self.upload or PrintUploadForm(),
            "styles": access.styles_for(self.request.user, "manage_prints"),
        }

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        self.upload = PrintUploadForm(request.POST, request.FILES)
        if self.upload.is_valid():
            data = self.upload.cleaned_data
            try:
                design = prints.keep_picture(
                    data=data["tile"].read(),
                    inks=data["inks"],
                    name=data["name"],
                    created_by=request.user,
                )
            except PermissionRefused as error:
                raise PermissionDenied(str(error)) from error
            except OscarGanError as error:
                self.upload.add_error(None, str(error))
            else:
                messages.success(request, _("Print %(name)s was saved.") % {"name": design.name})
                return redirect(self.success_url)
        return self.get(request, **kwargs)


class PrintUpdateView(PrintMixin, generic.UpdateView):
    """Name and inks of one print; pictures made with it before stay as they are."""

    form_class = PrintForm
    template_name = "oscar_gan/dashboard/print_form.html"

    def form_valid(self, form: PrintForm) -> HttpResponse:
        try:
            design = prints.change(
                design=self.get_object(),
                inks=form.inks,
                name=form.cleaned_data["name"],
                by=self.request.user,
            )
        except OscarGanError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Print %(name)s was saved.") % {"name": design.name})
        return redirect(self.success_url)

    def get_context_data(self, **kwargs) -> dict:
        picture = reverse("oscar_gan:gan-print-picture", args=[self.object.pk])
        return {**super().get_context_data(**kwargs), "picture_url": picture}


class PrintDeleteView(PrintMixin, generic.DeleteView):
    """Delete one; its variant images stay."""

    template_name = "oscar_gan/dashboard/print_delete.html"

    def form_valid(self, form) -> HttpResponse:
        name = self.object.name
        prints.remove(design=self.object, by=self.request.user)
        messages.success(self.request, _("Print %(name)s was deleted.") % {"name": name})
        return redirect(self.success_url)


class PrintPictureView(FileView):
    """The tile of a print, in its own inks or in those of the address."""

    action = "manage_prints"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if access.may(request.user, "view"):  # on the form, and under review
            self.action = "view"
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        design = get_object_or_404(access.prints_for(request.user, self.action), pk=pk)
        inks = read_inks(request.GET)
        if len(inks) != len(design.inks) or list(inks) == design.inks:
            response = private_file(design.file_name)
            response["Cache-Control"] = "private, no-cache"  # its inks may change
            return response
        tile = looks.read_print(design).recoloured(tuple(inks))
        response = HttpResponse(encode_tile(tile), content_type="image/png")
        response["Cache-Control"] = IMMUTABLE
        return response


class StyleDeleteView(ActionView):
    """Forget a saved style; pictures made with it hold its settings themselves."""

    action = "manage_prints"

    def perform(self, pk: int) -> tuple[str, dict]:
        saved = get_object_or_404(access.styles_for(self.request.user, self.action), pk=pk)
        name = saved.name
        saved.delete()
        return _("Style %(name)s was deleted.") % {"name": name}, {}

    def get_fallback_url(self) -> str:
        return reverse("oscar_gan:gan-print-list")
