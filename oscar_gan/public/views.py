"""How a published picture was made, told to shoppers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import generic
from oscar.core.loading import get_model

from ..models import PublishedImage, Review
from ..services import labels


class MadeView(generic.View):
    """One published picture: 404 for what never was one, 410 for what is not shown any more.

    Names nobody, shows no draft and asks storage for nothing.
    """

    http_method_names = ("get", "head")
    template_name = "oscar_gan/storefront/made.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = PublishedImage.objects.select_related(
            "image__gan_renditions",
            "product__parent",
            "publication__variant__request__generator",
        )
        shown = get_object_or_404(rows, pk=pk)
        public = get_model("catalogue", "Product").objects.browsable()
        gone = shown.image is None or not public.filter(pk=self._page_of(shown).pk).exists()
        context = {} if gone else self._context(shown)
        response = render(
            request, self.template_name, {**context, "gone": gone}, status=410 if gone else 200
        )
        response["X-Robots-Tag"] = "noindex"  # the product's own page is what people look for
        return response

    def _page_of(self, shown: PublishedImage):
        product = shown.product
        return product.parent if product.is_child else product

    def _context(self, shown: PublishedImage) -> dict:
        variant = shown.publication.variant
        return {
            "published": shown,
            "variant": variant,
            "product": shown.product,
            "kind": labels.kind_of(variant),
            "generator": variant.request.generator,
            "reviewed": variant.reviews.filter(decision=Review.Decision.APPROVED).exists(),
            "made_at": variant.finished_at or variant.created_at,
        }
