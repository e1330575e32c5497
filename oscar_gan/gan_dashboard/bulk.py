"""Queue the colours of many products, as the bulk action and Django's admin do."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..errors import OscarGanError
from ..models.jobs import Queue
from ..services import colours, requests
from .sources import source_images


@dataclass
class BulkReport:
    """How many variant images were queued, and which products were left out, by reason."""

    created: int = 0
    skipped: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, reason: str, product) -> None:
        self.skipped.setdefault(reason, []).append(product.get_title())


def queue_products(products, *, by, everything: bool = False) -> BulkReport:
    """Recolour each product's first photo to its colour options without a picture.

    `everything`: to all its colour options. Goes to the backfill queue, so that it never makes
    anybody wait who works on a single product.
    """
    report = BulkReport()
    for product in products.select_related("parent", "product_class").order_by("pk"):
        try:
            _queue(product, by, everything, report)
        except OscarGanError as error:
            report.skip(str(error), product)
    return report


def _queue(product, by, everything: bool, report: BulkReport) -> None:
    source = source_images(product).first()
    if source is None:
        report.skip(_("No photo to start from:"), product)
        return
    options = [choice for choice in colours.colour_choices(product=product) if choice.option]
    if not options:
        report.skip(_("No colour options; open the product to choose colours:"), product)
        return
    wanted = [choice for choice in options if everything or choice.missing]
    known = [choice.key for choice in wanted if choice.colour]
    if len(known) < len(wanted):
        report.skip(_("Some colours are not known yet; make them colourways:"), product)
    if not known:
        return
    targets = colours.targets_from_keys(product=product, keys=known)
    request = requests.request_variants(
        source=source, targets=targets, requested_by=by, queue=Queue.BACKFILL
    )
    report.created += request.created
