"""A look on a photo, small and at once; and photos to choose from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views import generic

from ...errors import InvalidLook, InvalidRequest, OscarGanError
from ...imaging.looks import Look, PrintLook, StyleLook
from ...imaging.styles import STYLES
from ...models import SheetTile
from ...services import access, looks, previews, sheets
from ..designer import DesignerState
from ..keys import read_key
from ..mixins import PacedMixin, ProductAccessMixin
from ..placement_form import PlacementForm
from ..sources import photo_json, photos_for, search_photos
from ..style_form import StyleForm


class EitherActionMixin(ProductAccessMixin):
    """Open to who may do one of several things: generate, or design prints."""

    actions = ("generate", "manage_prints")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        allowed = (action for action in self.actions if access.may(request.user, action))
        self.action = next(allowed, self.actions[-1])
        return super().dispatch(request, *args, **kwargs)


class PhotoSearchView(EitherActionMixin, generic.View):
    """Photos whose product's title or UPC has the words, as JSON; for who picks colours, too."""

    actions = ("generate", "manage_prints", "manage_colourways")

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        photos = search_photos(request.user, request.GET.get("q", "")[:100])
        return JsonResponse({"photos": [photo_json(image) for image in photos]})


class LookPreviewView(EitherActionMixin, PacedMixin, generic.View):
    """The photo in the look of the address, as a small JPEG; or why not, as JSON."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(photos_for(request.user), pk=pk)
        try:
            base = previews.base_of(source)
            picture = previews.preview(base=base, look=self._look())
        except OscarGanError as error:
            return JsonResponse({"message": str(error), "code": error.code}, status=409)
        response = HttpResponse(picture, content_type="image/jpeg")
        response["Cache-Control"] = "private, max-age=60"
        return response

    def _look(self) -> Look:
        given = self.request.GET
        if style := given.get("style"):
            return self._style(style)
        if chosen := given.get("preset"):
            saved = access.styles_for(self.request.user, self.action)
            return _style_look(
                looks.saved_style_look(get_object_or_404(saved, pk=read_key(chosen)))
            )
        placement = PlacementForm(given)
        if not placement.is_valid():
            raise InvalidLook(_first_error(placement))
        return PrintLook(self._tile(), placement.cleaned_data["placement"])

    def _tile(self):
        given = self.request.GET
        if chosen := given.get("print"):
            designs = access.prints_for(self.request.user, self.action)
            design = get_object_or_404(designs, pk=read_key(chosen))
            return looks.read_print(design)
        state = DesignerState.read(given)
        tile = get_object_or_404(
            SheetTile.objects.select_related("sheet"), sheet=state.sheet_id, position=state.tile
        )
        inks = state.of_sheet(tile.sheet).inks_for(tile.position, tile.design)
        return sheets.coloured(tile, inks)

    def _style(self, name: str) -> StyleLook:
        if name not in STYLES:
            raise InvalidRequest(_("There is no such style; reload the page."))
        form = StyleForm({**self.request.GET.dict(), f"style-{name}-wanted": "on"},
                         style=STYLES[name])  # fmt: skip
        if not form.is_valid():
            raise InvalidLook(_first_error(form))
        return _style_look(form.cleaned_data["look"])


def _style_look(look: looks.WantedLook) -> StyleLook:
    details = look.details
    return StyleLook(
        details["name"], tuple(details["colours"]), details["sliders"], details["seed"]
    )


def _first_error(form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)
