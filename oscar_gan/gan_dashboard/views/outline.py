"""Correct the product's outline: click or paint, look, save; or hand in a matte."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic
from oscar.core.loading import get_model

from ...conf import get_config
from ...errors import OscarGanError, PermissionRefused, UnusableMatte
from ...models import Matte
from ...services import canvases, mattes, outlines, siblings
from ..forms import OutlineForm
from ..keys import read_key
from ..mixins import PacedMixin, ProductAccessMixin, next_url
from ..panel import matte_json
from ..sources import measure


class OutlineMixin(ProductAccessMixin):
    """Photos made by people, of products this person may generate for, and their mattes."""

    action = "generate"

    def get_source(self, pk: int):
        images = get_model("catalogue", "ProductImage").objects.filter(
            product__in=self.get_products().values("pk"), gan_published__isnull=True
        )
        return get_object_or_404(images.select_related("product"), pk=pk)

    def get_base(self, source, wanted: str | None) -> Matte | None:
        """The matte of `source` to start from: the `wanted` one, else what is used now."""
        if wanted:
            return get_object_or_404(source.gan_mattes, pk=read_key(wanted))
        return mattes.staff_matte(source) or source.gan_mattes.first()


class OutlineView(OutlineMixin, PacedMixin, generic.FormView):
    """The page; saving keeps a new staff matte and, if wanted, makes pictures again."""

    form_class = OutlineForm
    template_name = "oscar_gan/dashboard/outline.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.source = None
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.source = self.get_source(pk)
        return super().get(request, pk=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.source = self.get_source(pk)
        return super().post(request, pk=pk)

    def get_context_data(self, **kwargs) -> dict:
        base = self.get_base(self.source, self.request.GET.get("start"))
        given = self.request.POST or self.request.GET
        return {
            **super().get_context_data(**kwargs),
            "product": self.source.product,
            "source": measure(self.source),
            "base": base,
            "matte": matte_json(base) if base else None,
            "versions": self.source.gan_mattes.select_related("created_by"),
            "outdated": outlines.outdated(source=self.source, matte=None).count(),
            "has_siblings": siblings.photos_beside(self.source, self.request.user).exists(),
            "next": given.get("next", ""),
            "generate_url": self.generate_url(),
        }

    def generate_url(self) -> str:
        page = reverse("oscar_gan:gan-product-generate", args=[self.source.product_id])
        return f"{page}?source={self.source.pk}"

    def form_valid(self, form: OutlineForm) -> HttpResponse:
        try:
            if "download" in self.request.POST:
                return self.download(form)
            matte, message = self.save(form)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            if "download" in self.request.POST:
                return JsonResponse({"message": str(error), "code": error.code}, status=409)
            form.add_error("matte" if form.cleaned_data["matte"] else None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, message)
        after = next_url(self.request, self.generate_url())
        if "share" in self.request.POST:
            page = reverse("oscar_gan:gan-outline-siblings", args=[self.source.pk])
            after = f"{page}?{urlencode({'matte': matte.pk, 'next': after})}"
        return HttpResponseRedirect(after)

    def download(self, form: OutlineForm) -> HttpResponse:
        """The matte as it would be saved, as a PNG of the photo's size; keeps nothing."""
        base = self.get_base(self.source, form.cleaned_data["base"] or None)
        clicks = outlines.read_clicks(form.cleaned_data["clicks"])
        _photo, layers = outlines.draw(base=base, clicks=clicks, edited=form.edited())
        response = HttpResponse(mattes.matte_png(layers.matte()), content_type="image/png")
        response["Content-Disposition"] = f'attachment; filename="matte-{self.source.pk}.png"'
        return response

    def save(self, form: OutlineForm) -> tuple[Matte, str]:
        user, data = self.request.user, form.cleaned_data
        if data["matte"]:
            matte = mattes.add_staff_matte(
                source=self.source, data=data["matte"].read(), created_by=user
            )
        else:
            base = self.get_base(self.source, data["base"] or None)
            clicks = outlines.read_clicks(data["clicks"])
            matte = outlines.correct(
                base=base, clicks=clicks, edited=form.edited(), created_by=user
            )
        text = _("The outline was saved (%(version)s).") % {"version": matte}
        if data["again"] and (count := outlines.make_again(matte=matte, by=user)):
            text += " " + ngettext(
                "%(count)d picture is made again with it.",
                "%(count)d pictures are made again with it.",
                count,
            ) % {"count": count}
        return matte, text


class OutlinePreviewView(OutlineMixin, PacedMixin, generic.View):
    """What the points so far make of the layers: a PNG to edit further, or why not as JSON."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.get_source(pk)
        base = self.get_base(source, request.POST.get("base", "0"))
        try:
            clicks = outlines.read_clicks(request.POST.get("clicks", ""))
            picture = outlines.preview(base=base, clicks=clicks, edited=self.edited())
        except OscarGanError as error:
            return JsonResponse({"message": str(error), "code": error.code}, status=409)
        return HttpResponse(picture, content_type="image/png")

    def edited(self) -> bytes | None:
        file = self.request.FILES.get("layers")
        if file is None:
            return None
        if file.size > (limit := get_config().max_photo_bytes):
            raise UnusableMatte(
                f"What was painted takes {file.size:,} bytes; the limit is {limit:,}."
                " Save, then go on from there."
            )
        return file.read()


class OutlinePatchesView(OutlineMixin, PacedMixin, generic.View):
    """The map of the photo's superpixels, as a PNG; made when somebody first asks for it."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            picture = canvases.patches_png(self.get_source(pk))
        except OscarGanError as error:
            return JsonResponse({"message": str(error), "code": error.code}, status=409)
        response = HttpResponse(picture, content_type="image/png")
        response["Cache-Control"] = "private, max-age=300"
        return response
