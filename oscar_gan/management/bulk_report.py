"""What the bulk command prints: JSON lines for machines, a table and a summary for people."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import VariantImage
from .columns import left, right

UNMADE = [status for status in VariantImage.Status if status not in VariantImage.MADE]
"""States of a variant image that has no picture (yet)."""


def planned_json(item) -> str:
    """One product of a dry run, as a JSON line."""
    return json.dumps({**_product(item), **_colours(item), "reason": item.reason})


def outcome_json(outcome, *, sync: bool) -> str:
    """One product of a run, as a JSON line; `variants` are there when made in this process."""
    line = {
        **_product(outcome.item),
        **_colours(outcome.item),
        "request": str(outcome.request.pk) if outcome.request else None,
        "created": outcome.created,
        "reused": outcome.reused,
        "reason": outcome.code,
        "problem": outcome.problem,
    }
    if sync and outcome.request:
        line["variants"] = [
            _variant(variant) for variant in outcome.request.variants.order_by("pk")
        ]
    return json.dumps(line)


def planned_row(item) -> str:
    """One product of a dry run, as a row of the table."""
    product = item.product
    colours = ", ".join(
        f"({target.label})" if target.label in item.asked_before else target.label
        for target in item.targets
    )
    title = product.get_title()
    name = f"{title[:29]}…" if len(title) > 30 else title
    upc = f"{product.upc or '':<16.16}"
    return f"{product.pk:>8}  {upc}  {left(name, 30)}  {colours or item.reason}"


def table_head() -> str:
    """The first row of a dry run's table."""
    product, title = right(_("product"), 8), left(_("title"), 30)
    return f"{product}  {'UPC':<16}  {title}  {_('colours (in brackets: asked before)')}"


def problem_row(outcome) -> str:
    """One product that could not be asked for, or that was skipped."""
    text = f": {outcome.problem}" if outcome.problem else ""
    return f"{_('product')} {outcome.item.product.pk} [{outcome.code}]{text}"


def reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {code}" for code, count in sorted(counts.items())) or _("none")


def ahead(estimate) -> str:
    """What waits before, of an estimate."""
    if not estimate.ahead:
        return _("nothing waits before them")
    return ngettext(
        "%(count)d job ahead (about %(wait)s)",
        "%(count)d jobs ahead (about %(wait)s)",
        estimate.ahead,
    ) % {"count": estimate.ahead, "wait": duration(estimate.wait)}


def allowance(allowance) -> str:
    """What is left of a quota."""
    if allowance.is_partner:
        return _("%(left)d of %(limit)d of %(partner)s left today.") % {
            "left": allowance.left,
            "limit": allowance.limit,
            "partner": allowance.owner,
        }
    return _("%(left)d of %(limit)d left today.") % {
        "left": allowance.left,
        "limit": allowance.limit,
    }


def duration(seconds: float) -> str:
    """Whole seconds as h:mm:ss."""
    return str(timedelta(seconds=round(seconds)))


def _product(item) -> dict:
    product = item.product
    return {
        "product": product.pk,
        "upc": product.upc,
        "source": item.source.pk if item.source else None,
    }


def _colours(item) -> dict:
    return {
        "colours": [
            {
                "label": target.label,
                "colour": target.colour,
                "asked_before": target.label in item.asked_before,
            }
            for target in item.targets
        ],
        "skipped": [{"label": skip.label, "reason": skip.reason} for skip in item.skips],
    }


def _variant(variant) -> dict:
    return {
        "id": variant.pk,
        "label": variant.label,
        "status": variant.status,
        "delta_e": variant.delta_e,
        "seconds": variant.seconds,
        "problem": variant.problem,
    }
