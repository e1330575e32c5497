"""Asking for variant images: the form page, the matte preview and the estimate."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from ...errors import OscarGanError, PermissionRefused, UnusableMatte
from ...models import GenerationRequest
from ...services import access, mattes, requests
from ..estimates import describe_estimate
from ..generate_form import GenerateForm
from ..keys import read_key
from ..mixins import ProductAccessMixin, product_url
from ..panel import matte_json, panel_context
from ..placement_form import PlacementForm
from ..sources import Source, measure, photo_json, search_photos, source_images


class GenerateView(ProductAccessMixin, generic.FormView):
    """The form. Opening it queues no variant image; the preview only analyses the photo."""

    action = "generate"
    form_class = GenerateForm
    template_name = "oscar_gan/dashboard/generate.html"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.product = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.product = self.get_product(pk)
        return super().get(request, pk=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.product = self.get_product(pk)
        return super().post(request, pk=pk)

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "product": self.product, "user": self.request.user}

    def get_initial(self) -> dict:
        sources = source_images(self.product)
        wanted = read_key(self.request.GET.get("source"))
        chosen = sources.filter(pk=wanted).first() or sources.first()
        return {
            "source": chosen.pk if chosen else None,
            "looks": self._asked_looks(),
            "palette": self.request.GET.get("palette"),
        }

    def _asked_looks(self) -> dict:
        """A print that the designer sends along with where it shall lie."""
        given = self.request.GET
        placed = {name: given.get(f"place-{name}") for name in PlacementForm.base_fields}
        placed = {name: value for name, value in placed.items() if value}
        return {"prints": given.getlist("print"), "placement": placed}

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        sources = [measure(image) for image in source_images(self.product)]
        source = _chosen(sources, form)
        rows = (*form.option_rows, *form.colourway_rows, *form.looks.print_rows)
        ticked = [row for row in rows if row.checked]
        return {
            **context,
            "product": self.product,
            "sources": sources,
            "source": source,
            "matte": _known_matte(source.image) if source else None,
            "map_rows": form.map_rows(source.image) if source else [],
            "photos": [photo_json(image) for image in self._photos(form)],
            "photo_words": self.request.GET.get("q", ""),
            "may_design": access.may(self.request.user, "manage_prints"),
            "estimate": describe_estimate(len(ticked), self.request.user),
            "estimated": len(ticked),
            "product_page": product_url(self.request.user, self.product),
            "panel": panel_context(self.product, self.request.user),
        }

    def _photos(self, form: GenerateForm) -> list:
        """Photos whose look may be taken: the chosen one, then those of other products."""
        found = search_photos(self.request.user, self.request.GET.get("q", "")[:100])
        chosen = form.looks.chosen_reference
        return [
            *filter(None, [chosen]),
            *(photo for photo in found if photo != chosen and photo.product_id != self.product.pk),
        ]

    def form_valid(self, form: GenerateForm) -> HttpResponse:
        try:
            request = self._queue(form)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            form.add_error("matte" if isinstance(error, UnusableMatte) else None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _queued_message(request))
        return HttpResponseRedirect(product_url(self.request.user, self.product))

    def _queue(self, form: GenerateForm) -> GenerationRequest:
        data, user = form.cleaned_data, self.request.user
        form.looks.keep_styles(user)  # first: a name that is taken shall queue nothing
        matte = None
        if data["matte"]:
            matte = mattes.add_staff_matte(
                source=data["source"], data=data["matte"].read(), created_by=user
            )
        request = requests.request_variants(
            source=data["source"], targets=data["targets"], requested_by=user, matte=matte
        )
        form.keep_colourways(user)
        return request


class AnalyseView(ProductAccessMixin, generic.View):
    """Find the matte of one source photo: answers with it, or with where to ask again."""

    action = "generate"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        sources = source_images(self.get_product(pk))
        source = get_object_or_404(sources, pk=read_key(request.POST.get("source")))
        try:
            matte, queued = requests.request_analysis(source=source, requested_by=request.user)
        except OscarGanError as error:
            return JsonResponse({"message": str(error), "code": error.code}, status=409)
        return JsonResponse(
            {
                "matte": matte_json(matte) if matte else None,
                "status_url": queued and reverse("oscar_gan:gan-request-status", args=[queued.pk]),
            }
        )


class EstimateView(ProductAccessMixin, generic.View):
    """How long that many variant images would take, in words."""

    action = "generate"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        variants = min(read_key(request.GET.get("variants")), 1000)
        return JsonResponse({"text": describe_estimate(variants, request.user)})


def _chosen(sources: list[Source], form: GenerateForm) -> Source | None:
    """The photo the form stands on; the first one when it names none of them."""
    wanted = str(form["source"].value())
    named = (source for source in sources if str(source.image.pk) == wanted)
    return next(named, sources[0] if sources else None)


def _known_matte(source) -> dict | None:
    """What is on record for the first paint; the script then asks for the current one."""
    matte = mattes.staff_matte(source) or source.gan_mattes.first()
    return matte_json(matte) if matte else None


def _queued_message(request: GenerationRequest) -> str:
    count, reused = request.created, request.reused
    if not count:
        return ngettext(
            "This variant image exists already; nothing new to make.",
            "These %(count)d variant images exist already; nothing new to make.",
            reused,
        ) % {"count": reused}
    text = ngettext(
        "%(count)d variant image is on its way.",
        "%(count)d variant images are on their way.",
        count,
    ) % {"count": count}
    if reused:
        text += " " + _("%(count)d existed already and will not be made twice.") % {
            "count": reused
        }
    return text
