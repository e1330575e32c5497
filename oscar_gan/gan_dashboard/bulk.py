"""Report on the colours of many products, as the bulk action and Django's admin ask for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..services import backfill


@dataclass
class BulkReport:
    """How many variant images were queued, and which products were left out, by reason."""

    created: int = 0
    skipped: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, reason: str, product) -> None:
        self.skipped.setdefault(reason, []).append(product.get_title())


def queue_products(products, *, by, everything: bool = False) -> BulkReport:
    """Recolour each product's first photo to its colour options without a picture.

    `everything`: to all its colour options. Raises PermissionRefused before anything is queued.
    """
    reasons = {
        "no-photo": _("No photo to start from:"),
        "no-colours": _("No colour options; open the product to choose colours:"),
    }
    report = BulkReport()
    for outcome in backfill.request_products(products=products, by=by, missing=not everything):
        product = outcome.item.product
        report.created += outcome.created
        if reason := outcome.problem or reasons.get(outcome.code):
            report.skip(reason, product)
        if any(skip.reason == "colour-unknown" for skip in outcome.item.skips):
            report.skip(
                _("Some colours of these are not known yet; make them colourways:"), product
            )
    return report
