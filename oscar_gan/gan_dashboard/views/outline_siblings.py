"""Use one outline on the product's other photos: look how it lies there, tick, save."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic

from ...errors import OscarGanError, PermissionRefused
from ...services import outlines, siblings
from ..forms import SharedOutlineForm
from ..keys import read_key
from ..mixins import PacedMixin, next_url
from ..panel import matte_json
from .outline import OutlineMixin


class OutlineSiblingsView(OutlineMixin, PacedMixin, generic.TemplateView):
    """The other photos with the outline laid on them; ticked ones get it as their own."""

    template_name = "oscar_gan/dashboard/outline_siblings.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(pk, request.GET.get("matte"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = self.get_source(pk)
        matte = self.get_matte(source, request.POST.get("matte"))
        photos = siblings.photos_beside(source, request.user)
        form = SharedOutlineForm(request.POST, photos=photos)
        if not form.is_valid():
            return self.show(pk, matte.pk, form.errors.get("photos", [_("Try again.")]))
        try:
            made = siblings.use_on(
                matte=matte, images=form.cleaned_data["photos"], created_by=request.user
            )
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except OscarGanError as error:
            return self.show(pk, matte.pk, [str(error)])
        messages.success(request, self.told(made, again=form.cleaned_data["again"]))
        return HttpResponseRedirect(next_url(request, self.outline_url(pk)))

    def show(self, pk: int, wanted, problems=()) -> HttpResponse:
        source = self.get_source(pk)
        matte = self.get_matte(source, wanted)
        try:
            found = siblings.look_at(matte=matte, user=self.request.user)
        except OscarGanError as error:
            found, problems = [], [str(error)]
        given, is_bound = self.request.POST or self.request.GET, self.request.method == "POST"
        if is_bound:
            ticked = [read_key(pk) for pk in given.getlist("photos")]
        else:
            ticked = [each.image.pk for each in found if each.fits and not each.is_doubtful]
        context = {
            "product": source.product,
            "source": source,
            "matte": matte,
            "matte_url": matte_json(matte)["image_url"],
            "siblings": found,
            "can_save": any(sibling.fits for sibling in found),
            "ticked": ticked,
            "again": given.get("again") or not is_bound,
            "problems": problems,
            "next": given.get("next", ""),
            "outline_url": self.outline_url(pk),
        }
        return self.render_to_response(context)

    def get_matte(self, source, wanted):
        matte = self.get_base(source, str(wanted or ""))
        if matte is None:
            raise Http404("There is no outline yet.")
        return matte

    def outline_url(self, pk: int) -> str:
        return reverse("oscar_gan:gan-outline", args=[pk])

    def told(self, made: list, *, again: bool) -> str:
        text = ngettext(
            "%(count)d photo has this outline now, too.",
            "%(count)d photos have this outline now, too.",
            len(made),
        ) % {"count": len(made)}
        count = 0
        if again:
            count = sum(outlines.make_again(matte=matte, by=self.request.user) for matte in made)
        if count:
            text += " " + ngettext(
                "%(count)d picture is made again with it.",
                "%(count)d pictures are made again with it.",
                count,
            ) % {"count": count}
        return text
