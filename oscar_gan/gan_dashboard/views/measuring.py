"""Colours taken from photos: the eyedropper, and cloth measured beside a grey card."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic

from ...errors import OscarGanError, PermissionRefused
from ...imaging.cloth import Cloth, Spot
from ...services.colourways import measuring
from ..colourway_forms import ClothForm, ClothNameForm
from ..mixins import PacedMixin, ProductAccessMixin, wants_json
from ..sources import photo_json, photos_for, search_photos
from .files import FileView
from .looks import EitherActionMixin

OUTSIDE = 0.5
"""ΔE between measured cloth and the nearest sRGB colour that is worth a word."""


class ColourPickView(ProductAccessMixin, generic.TemplateView):
    """Pick colours from any photo of the shop, or from one that stays on this computer."""

    action = "manage_colourways"
    template_name = "oscar_gan/dashboard/colour_pick.html"

    def get_context_data(self, **kwargs) -> dict:
        words = self.request.GET.get("q", "")[:100]
        return {
            **super().get_context_data(**kwargs),
            "photos": [photo_json(image) for image in search_photos(self.request.user, words)],
            "photo_words": words,
        }


class PickPhotoView(EitherActionMixin, FileView):
    """A photo at screen size, streamed: scripts may not read another site's pixels."""

    actions = ("generate", "manage_colourways")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        image = get_object_or_404(photos_for(request.user), pk=pk)
        response = HttpResponse(measuring.picture_of(image), content_type="image/png")
        response["Cache-Control"] = "private, max-age=300"
        return response


class ClothMeasureView(ProductAccessMixin, PacedMixin, generic.TemplateView):
    """A photo of cloth beside a card: measured in place, then saved under a name."""

    action = "manage_colourways"
    template_name = "oscar_gan/dashboard/cloth.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ClothForm(), ClothNameForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClothForm(request.POST, request.FILES)
        saving = "save" in request.POST
        naming = ClothNameForm(request.POST if saving else None, user=request.user)
        cloth = self.measured(form)
        if cloth and saving and naming.is_valid():
            return self.save(cloth, naming)
        if wants_json(request) and not saving:
            return _answer(form, cloth)
        return self.show(form, naming, cloth)

    def show(self, form: ClothForm, naming: ClothNameForm, cloth: Cloth | None = None):
        context = {"form": form, "naming": naming, "cloth": described(cloth) if cloth else None}
        return self.render_to_response(self.get_context_data(**context))

    def measured(self, form: ClothForm) -> Cloth | None:
        """What was measured; None with the reason in the form's errors."""
        if not form.is_valid():
            return None
        given = form.cleaned_data
        try:
            return measuring.measure(
                data=given["photo"].read(),
                card=_spot(given, "card"),
                cloth=_spot(given, "cloth"),
                kind=given["kind"],
            )
        except OscarGanError as error:
            form.add_error(None, str(error))
            return None

    def save(self, cloth: Cloth, naming: ClothNameForm) -> HttpResponse:
        data = naming.cleaned_data
        try:
            measuring.keep(
                cloth=cloth, name=data["name"], partner=data["partner"], by=self.request.user
            )
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        text = _("Colourway %(name)s was created.") % {"name": data["name"]}
        messages.success(self.request, text)
        return HttpResponseRedirect(reverse("oscar_gan:gan-colourway-list"))


def described(cloth: Cloth) -> dict:
    """What was measured, in words and for the script."""
    light, a, b = cloth.lab
    words = [_("Spread of the area: ΔE %(value).1f.") % {"value": cloth.spread}]
    if cloth.clipped_by > OUTSIDE:
        words.append(
            _("Screens cannot show it: the nearest colour is ΔE %(value).1f away.")
            % {"value": cloth.clipped_by}
        )
    return {
        "hex": cloth.hex,
        "before": cloth.before,
        "lab": f"L* {light:.1f}, a* {a:.1f}, b* {b:.1f}",
        "words": " ".join(words),
    }


def _answer(form: ClothForm, cloth: Cloth | None) -> JsonResponse:
    if cloth:
        return JsonResponse(described(cloth))
    errors = [str(error) for found in form.errors.values() for error in found]
    return JsonResponse({"message": " ".join(errors)}, status=409)


def _spot(given: dict, name: str) -> Spot:
    return Spot(given[f"{name}_x"] / 100, given[f"{name}_y"] / 100, given[f"{name}_size"] / 100)
