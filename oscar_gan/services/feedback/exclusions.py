"""Photos that are never learnt from, whatever people decided about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from ...models import Matte, Review, TrainingOptOut, VariantImage
from .evidence import Evidence, Photo

OPTED_OUT = "opted-out"
OWN_PICTURE = "own-picture"
ON_BENCH = "on-the-bench"
GONE = "photo-gone"
REPLACED = "photo-replaced"


@dataclass(frozen=True, slots=True)
class SourceImage:
    """A ProductImage that exists, as a manifest names it."""

    pk: int
    name: str
    product: int
    group: str
    """Name of the product class, a child's being its parent's; empty without one."""
    published: bool
    """Whether this plugin put it into the gallery."""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is in the way of learning from photos, read once for all of them."""

    sources: dict[int, SourceImage]
    opted_out: set[int]
    own: set[str]
    benched: Collection[str]

    def show(self, photo: Photo, evidence: Evidence) -> SourceImage | str:
        """Where the photo can be read, or the code of the reason why it is left out."""
        shown = [self.sources[pk] for pk in sorted(photo.sources) if pk in self.sources]
        products = {source.product for source in shown}
        products |= {decision.product for decision in photo.decisions}
        if products & self.opted_out:
            return OPTED_OUT
        if photo.digest in self.own or any(source.published for source in shown):
            return OWN_PICTURE
        if photo.digest in self.benched:
            return ON_BENCH
        current = [each for each in shown if not evidence.is_replaced(each.pk, photo.digest)]
        if not current:
            return REPLACED if shown else GONE
        return current[0]


def read_exclusions(benched: Collection[str]) -> Exclusions:
    """Everything but `benched`, the SHA-256 of the bench's photos, from the rows."""
    return Exclusions(
        sources=_sources(),
        opted_out=set(opted_out().values_list("pk", flat=True)),
        own=_own_pictures(),
        benched=benched,
    )


def opted_out() -> QuerySet:
    """Products that opted out or whose partner did, with their parents and children.

    A parent's photos show its children's goods, and the other way round.
    """
    Product = get_model("catalogue", "Product")
    StockRecord = get_model("partner", "StockRecord")
    partners = TrainingOptOut.objects.filter(partner__isnull=False).values("partner")
    stocked = StockRecord.objects.filter(partner__in=partners).values("product")
    named = TrainingOptOut.objects.filter(product__isnull=False).values("product")
    themselves = Product.objects.filter(Q(pk__in=named) | Q(pk__in=stocked))
    parents = themselves.filter(parent__isnull=False).values("parent")
    return Product.objects.filter(
        Q(pk__in=themselves.values("pk"))
        | Q(pk__in=parents)
        | Q(parent__in=themselves.values("pk"))
    )


def _sources() -> dict[int, SourceImage]:
    """Source images that somebody decided about or drew an outline for."""
    decided = VariantImage.objects.filter(pk__in=Review.objects.values("variant"))
    drawn = Matte.objects.filter(origin=Matte.Origin.STAFF)
    images = get_model("catalogue", "ProductImage").objects.filter(
        Q(pk__in=decided.values("source")) | Q(pk__in=drawn.values("source"))
    )
    rows = images.exclude(original="").annotate(
        group=Coalesce(
            F("product__product_class__name"), F("product__parent__product_class__name")
        )
    )
    values = rows.values_list("pk", "original", "product", "group", "gan_published")
    return {
        pk: SourceImage(pk, name, product, group or "", published is not None)
        for pk, name, product, group, published in values.iterator()
    }


def _own_pictures() -> set[str]:
    """Digests of photos that are variant images: somebody handed one in as a photo."""
    made = VariantImage.objects.filter(
        Q(digest__in=VariantImage.objects.values("source_digest"))
        | Q(digest__in=Matte.objects.values("source_digest"))
    )
    return set(made.exclude(digest="").values_list("digest", flat=True))
