"""Private pictures: shown to who may see their product, never linked to storage."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.files.storage import Storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.views import generic
from oscar.core.loading import get_model
from oscar.core.thumbnails import get_thumbnailer

from ...errors import StorageUnavailable, UnusablePhoto
from ...imaging.layers import EDIT_SIDE
from ...models import Matte
from ...services import media
from ..mixins import ProductAccessMixin

PREVIEW_SIZE = "1000x1000"
ZOOM_SIZE = "2400x2400"
EDITOR_SIZE = f"{EDIT_SIDE}x{EDIT_SIDE}"
CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
# File names are digests of their content, so what a browser has seen stays true.
IMMUTABLE = "private, max-age=31536000, immutable"
# Shorter than a signed URL lives (django-storages: an hour unless configured).
BRIEF = "private, max-age=300"


class FileView(ProductAccessMixin, generic.View):
    """A picture; what storage has lost is not found, storage that is down says so."""

    http_method_names = ("get", "head")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except UnusablePhoto as error:
            raise Http404(str(error)) from error
        except StorageUnavailable as error:
            return HttpResponse(str(error), status=503, content_type="text/plain")


class VariantImageView(FileView):
    """The file of one variant image."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        variant = get_object_or_404(self.get_variants(), pk=pk)
        return private_file(variant.file_name)


class MatteImageView(FileView):
    """The greyscale PNG of one matte."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        mattes = Matte.objects.filter(source__product__in=self.get_products().values("pk"))
        return private_file(get_object_or_404(mattes, pk=pk).file_name)


class SourcePreviewView(FileView):
    """A source photo by the shop's own thumbnailer: at screen size, `?zoom=1` larger, `?large`
    to paint on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        images = get_model("catalogue", "ProductImage").objects.filter(
            product__in=self.get_products().values("pk")
        )
        image = get_object_or_404(images, pk=pk)
        if "zoom" in request.GET:
            return source_preview(image, size=ZOOM_SIZE)
        return source_preview(image, size=EDITOR_SIZE if "large" in request.GET else PREVIEW_SIZE)


def source_preview(image, *, size: str = PREVIEW_SIZE) -> HttpResponseRedirect:
    """To the thumbnail of a ProductImage, made now if it is not there yet."""
    with media.translated_errors(image.original.name):
        preview = get_thumbnailer().generate_thumbnail(image.original, size=size, upscale=False)
    response = HttpResponseRedirect(preview.url)
    response["Cache-Control"] = BRIEF
    return response


def private_file(name: str, *, redirects: bool = True) -> HttpResponseBase:
    """Stream a draft from local storage, or send the browser to a signed URL.

    Without `redirects` it is streamed from anywhere: scripts may not read another site's pixels.
    """
    if not name:
        raise Http404("There is no picture yet.")
    storage = media.drafts()
    if redirects and not _is_local(storage, name):
        response = HttpResponseRedirect(storage.url(name))
        response["Cache-Control"] = BRIEF
        return response
    content_type = CONTENT_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    with media.translated_errors(name):
        response = FileResponse(storage.open(name, "rb"), content_type=content_type)
    response["Cache-Control"] = IMMUTABLE
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _is_local(storage: Storage, name: str) -> bool:
    """Whether the storage keeps files on this machine; remote ones have no paths."""
    try:
        storage.path(name)
    except NotImplementedError:
        return False
    return True
