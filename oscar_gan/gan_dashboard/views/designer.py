"""The print designer: sheets of tiles from noise, and the page on which one becomes a print."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import generic
from PIL import Image

from ...errors import InvalidRequest, OscarGanError, PermissionRefused
from ...inference import printer
from ...models import PrintSheet, SheetTile
from ...services import access, prints, sheets, wishes
from ..designer import DesignerState, code_fields, sheet_json
from ..forms import PrintNameForm
from ..keys import read_key
from ..mixins import ActionView, ProductAccessMixin
from ..placement_form import PlacementForm
from ..sources import photo_json, photos_for, search_photos
from .files import IMMUTABLE, FileView, private_file

SHOWN = 256
"""Side in pixels of a tile that the shop colours itself, where no script does."""


class PrintDesignerView(ProductAccessMixin, generic.TemplateView):
    """The page. Opening it makes nothing; posting saves the chosen tile, or shows it elsewhere."""

    action = "manage_prints"
    template_name = "oscar_gan/dashboard/print_designer.html"

    def get_context_data(self, **kwargs) -> dict:
        given = self.request.POST or self.request.GET
        state = DesignerState.read(given)
        sheet = PrintSheet.objects.filter(pk=state.sheet_id).first() if state.sheet_id else None
        if sheet:
            state = state.of_sheet(sheet)
        shown = sheet_json(sheet) if sheet else None
        user = self.request.user
        return {
            **super().get_context_data(**kwargs),
            "state": state,
            "sheet": shown,
            "slots": _slots(state, shown),
            "inks": _shown_inks(state, shown),
            "ink_counts": range(printer.INKS[0], printer.INKS[1] + 1),
            "kinds": printer.KINDS,
            "codes": code_fields(state),
            "form": kwargs.get("form") or PrintNameForm(),
            "placement": PlacementForm(given if "place-scale" in given else None),
            "preview_url": self._preview_url(state),
            "photos": [photo_json(image) for image in self._photos(state)],
            "may_generate": access.may(user, "generate"),
        }

    def _preview_url(self, state: DesignerState) -> str:
        """The chosen tile on the chosen photo, where no script asks for it."""
        if not (state.source and state.sheet_id):
            return ""
        page = reverse("oscar_gan:gan-look-preview", args=[state.source])
        return f"{page}?{state.url().partition('?')[2]}{_placed(self.request.GET)}"

    def _photos(self, state: DesignerState) -> list:
        """The photo chosen, then those found, or the latest."""
        user = self.request.user
        found = search_photos(user, state.q, limit=6)
        product = read_key(self.request.GET.get("product"))
        if product:
            found = [*photos_for(user).filter(product=product)[:2], *found]
        if state.source:
            found = [*photos_for(user).filter(pk=state.source), *found]
        return list(dict.fromkeys(found))[:6]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        state = DesignerState.read(request.POST)
        if request.POST.get("do") != "save":
            return redirect(self._place(state))
        form = PrintNameForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            design = self._save(state, form.cleaned_data["name"])
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, _("Print %(name)s was saved.") % {"name": design.name})
        return redirect(self._next(state, design))

    def _save(self, state: DesignerState, name: str):
        tile = SheetTile.objects.filter(sheet=state.sheet_id, position=state.tile)
        tile = tile.select_related("sheet__generator").first()
        if tile is None:
            raise InvalidRequest(_("Choose a tile first."))
        inks = state.of_sheet(tile.sheet).inks_for(tile.position, tile.design)
        return prints.keep_tile(tile=tile, inks=inks, name=name, created_by=self.request.user)

    def _place(self, state: DesignerState) -> str:
        """The page with the tile laid on the chosen photo, for browsers without scripts."""
        return f"{state.url()}{_placed(self.request.POST)}"

    def _next(self, state: DesignerState, design) -> str:
        """On to the product it was tried on, if it shall be generated; else to the list."""
        source = photos_for(self.request.user).filter(pk=state.source or 0).first()
        if self.request.POST.get("then") != "generate" or source is None:
            return reverse("oscar_gan:gan-print-list")
        page = reverse("oscar_gan:gan-product-generate", args=[source.product_id])
        placed = _placed(self.request.POST)
        return f"{page}?source={source.pk}&print={design.pk}{placed}#gan_looks"


class SheetCreateView(ActionView):
    """Ask for a sheet: new noise, other codes, or more like a tile or a saved print."""

    action = "manage_prints"

    def perform(self) -> tuple[str, dict]:
        self.state = DesignerState.read(self.request.POST)
        do = self.request.POST.get("do", "codes")
        wish, count = self.state.wish, self.state.count
        if do == "new":
            wish = replace(wish, seed=wishes.new_seed())
        elif do == "like":
            wish, count = self._like()
        sheet = sheets.request_sheet(wish=wish, inks=count, requested_by=self.request.user)
        self.state = replace(self.state, sheet=str(sheet.pk), tile=0, inks_of=None)
        if do == "new" and not self.state.lock:
            self.state = replace(self.state, inks=())
        return _("The tiles are on their way."), sheet_json(sheet)

    def _like(self) -> tuple[wishes.Wish, int]:
        """More like a saved print, or like the chosen tile of the sheet on show, in its inks."""
        chosen = self.request.POST.get("print", "")
        if chosen:
            designs = access.prints_for(self.request.user, "generate")
            design = get_object_or_404(designs, pk=read_key(chosen))
            if design.design is None:
                raise InvalidRequest(_("This print was handed in as a picture; it has no noise."))
            parent, inks = design.design, list(design.inks)
        else:
            tile = get_object_or_404(
                SheetTile, sheet=self.state.sheet_id, position=self.state.tile
            )
            state = self.state.of_sheet(tile.sheet)
            parent, inks = tile.design, state.inks_for(tile.position, tile.design)
        self.state = replace(self.state, inks=tuple(inks), count=len(inks))
        return wishes.Wish(seed=wishes.new_seed(), like=parent), len(inks)

    def get_fallback_url(self) -> str:
        return self.state.url()


class SheetStatusView(ProductAccessMixin, generic.View):
    """How far a sheet is, as JSON."""

    action = "manage_prints"
    http_method_names = ("get",)

    def get(self, request: HttpRequest, pk) -> HttpResponse:
        response = JsonResponse(sheet_json(get_object_or_404(PrintSheet, pk=pk)))
        response["Cache-Control"] = "no-store"
        return response


class TileView(FileView):
    """A picture of one tile of a sheet."""

    action = "manage_prints"

    def get_tile(self, pk, position: int) -> SheetTile:
        return get_object_or_404(
            SheetTile.objects.select_related("sheet"), sheet=pk, position=position
        )


class SheetWeightsView(TileView):
    """Which ink lies where: a PNG that a script colours."""

    def get(self, request: HttpRequest, pk, position: int) -> HttpResponseBase:
        return private_file(self.get_tile(pk, position).file_name, redirects=False)


class SheetPictureView(TileView):
    """The tile in the inks of the address, for browsers without scripts."""

    def get(self, request: HttpRequest, pk, position: int) -> HttpResponseBase:
        tile = self.get_tile(pk, position)
        state = DesignerState.read(request.GET).of_sheet(tile.sheet)
        picture = sheets.coloured(tile, state.inks_for(position, tile.design)).picture()
        file = io.BytesIO()
        Image.fromarray(picture).resize((SHOWN, SHOWN), Image.Resampling.BOX).save(file, "PNG")
        response = HttpResponse(file.getvalue(), content_type="image/png")
        response["Cache-Control"] = IMMUTABLE
        return response


def _slots(state: DesignerState, shown: dict | None) -> list[dict]:
    """A place for each tile of a sheet, filled or not yet."""
    made = {tile["position"]: tile for tile in shown["tiles"]} if shown else {}
    slots = []
    for position in range(wishes.TILES):
        tile = made.get(position)
        slots.append(
            {
                "position": position,
                "tile": tile,
                "inks": state.inks_for(position, tile["design"]) if tile else [],
                "checked": position == state.tile,
            }
        )
    return slots


def _shown_inks(state: DesignerState, shown: dict | None) -> list[str]:
    """The inks of the chosen tile, filled up for those that are not used."""
    tiles = {tile["position"]: tile for tile in shown["tiles"]} if shown else {}
    design = tiles[state.tile]["design"] if state.tile in tiles else {"seed": state.wish.seed}
    inks = state.inks_for(state.tile, design)
    return [*inks, *["#808080"] * (printer.INKS[1] - len(inks))]


def _placed(given: QueryDict) -> str:
    """The fields of a placement as they go on in an address; what is no number stays behind."""
    pairs = [
        (key, value)
        for key, value in given.items()
        if key.startswith("place-") and re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", value)
    ]
    return f"&{urlencode(pairs)}" if pairs else ""
