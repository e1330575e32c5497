"""What the panel of one product shows, and its JSON twin that the page polls."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import GenerationRequest, Matte, VariantImage
from ..services import access, requests
from .badges import badge
from .findings import describe_all, describe_problem
from .loading import is_hidden
from .sources import borrows_photos

PANEL_SIZE = 24
WONDERING = timedelta(seconds=10)
Status = VariantImage.Status


def panel_context(product, user) -> dict:
    """Requests under way and the newest variant images of `product`; `may_view` guards it."""
    if not may_view(product, user):
        return {"may_view": False}
    # What a borrowed photo gave belongs to the parent whose photo it is.
    borrowed = borrows_photos(product)
    owners = [product.pk, product.parent_id] if borrowed else [product.pk]
    variants = VariantImage.objects.filter(product__in=owners).select_related("request")
    open_requests = GenerationRequest.objects.filter(product__in=owners).filter(
        Q(status__in=GenerationRequest.UNFINISHED) & Q(variants__isnull=False)
    )
    shown = list(variants[:PANEL_SIZE])
    return {
        "may_view": True,
        "may_generate": access.may(user, "generate"),
        "product": product,
        "review_url": _review_url(product.parent_id if borrowed else product.pk),
        "variants": shown,
        "variants_total": variants.count() if len(shown) == PANEL_SIZE else len(shown),
        "requests": [
            {"request": request, "status": status_json(request)}
            for request in open_requests.distinct()[:10]
        ],
        "awaiting": variants.awaiting_review().count(),
        "retryable": _retryable(shown),
    }


def may_view(product, user) -> bool:
    """Whether `user` may see variant images of `product`."""
    return not is_hidden() and access.products_for(user, "view").filter(pk=product.pk).exists()


def status_json(request: GenerationRequest) -> dict:
    """`request_status` with addresses, badges and a sentence for the live region."""
    status = requests.request_status(request=request)
    for variant in status["variants"]:
        variant["badge"] = badge(variant["status"])
        variant["problem"] = describe_problem(variant["problem_code"], variant["problem"])
        variant["image_url"] = None
        if variant["status"] in VariantImage.MADE:
            variant["image_url"] = reverse("oscar_gan:gan-variant-image", args=[variant["id"]])
    finished = sum(variant["finished"] for variant in status["variants"])
    total = len(status["variants"])
    status.update(
        done=finished,
        total=total,
        percent=round(100 * finished / total) if total else 100 * status["finished"],
        summary=_summary(request, status, finished, total),
    )
    return status


def matte_json(matte: Matte) -> dict:
    """A matte for the preview: its picture, the product's colour, coverage and warnings."""
    return {
        "image_url": reverse("oscar_gan:gan-matte-image", args=[matte.pk]),
        "swatch": matte.swatch,
        "palette": [
            {"colour": colour, "percent": round(100 * weight)} for colour, weight in matte.palette
        ],
        "coverage": _("%(percent)d %% of the photo") % {"percent": round(100 * matte.coverage)},
        "origin": matte.get_origin_display(),
        "is_staff": matte.origin == Matte.Origin.STAFF,
        "warnings": describe_all(matte.findings),
    }


def _waits(request: GenerationRequest) -> bool:
    """Whether nobody has claimed a request for so long that people wonder."""
    queued = request.status == GenerationRequest.Status.QUEUED
    return queued and timezone.now() - request.created_at > WONDERING


def _retryable(variants) -> list[dict]:
    """The requests, among those shown, with something to try again, and its names."""
    failed: dict = {}
    for variant in variants:
        if variant.status in VariantImage.RETRYABLE:
            failed.setdefault(variant.request, []).append(variant.label)
    return [{"request": request, "names": ", ".join(names)} for request, names in failed.items()]


def _review_url(product_pk: int) -> str:
    return f"{reverse('oscar_gan:gan-variant-list')}?product={product_pk}"


def _summary(request: GenerationRequest, status: dict, finished: int, total: int) -> str:
    if not total and status["problem"]:
        return status["problem"]
    if finished < total:
        text = _("%(finished)d of %(total)d finished") % {"finished": finished, "total": total}
        return _("%(text)s, waiting for a worker") % {"text": text} if _waits(request) else text
    made = sum(variant["status"] in VariantImage.MADE for variant in status["variants"])
    text = ngettext(
        "%(count)d variant image is ready for review.",
        "%(count)d variant images are ready for review.",
        made,
    ) % {"count": made}
    if missed := total - made:
        text += " " + ngettext(
            "%(count)d was not made; see why below.",
            "%(count)d were not made; see why below.",
            missed,
        ) % {"count": missed}
    return text
