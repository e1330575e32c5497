"""The estimate in words: how many pictures, how long, how big, how many jobs before it."""

from __future__ import annotations

import math

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ..services import estimates, quotas


def describe_estimate(variants: int, user) -> str:
    """E.g. "4 images, about 6 s, 2.1 MB, 2 jobs ahead · 31 of 50 left today"."""
    parts = [_cost(variants) if variants > 0 else _("Nothing ticked yet.")]
    if allowance := quotas.tightest(user=user):
        parts.append(describe_allowance(allowance))
        if variants > allowance.left:
            parts.append(_("too many for today"))
    return " · ".join(parts)


def describe_allowance(allowance: quotas.Allowance) -> str:
    """E.g. "31 of 50 left today"."""
    numbers = {"left": allowance.left, "limit": allowance.limit, "whose": allowance.owner}
    if allowance.is_partner:
        return _("%(left)d of %(limit)d of %(whose)s left today") % numbers
    return _("%(left)d of %(limit)d left today") % numbers


def _cost(variants: int) -> str:
    estimate = estimates.estimate(variants=variants)
    images = ngettext("%(count)d image", "%(count)d images", variants) % {"count": variants}
    parts = [
        images,
        _("about %(duration)s") % {"duration": describe_seconds(estimate.total)},
        filesizeformat(estimate.size),
    ]
    parts.append(
        ngettext("%(count)d job ahead", "%(count)d jobs ahead", estimate.ahead)
        % {"count": estimate.ahead}
        if estimate.ahead
        else _("starts at once")
    )
    return pgettext("between parts of a sentence", ", ").join(parts)


def describe_seconds(seconds: float) -> str:
    """Whole seconds below ninety, whole minutes below ninety, then hours and minutes."""
    if seconds < 90:
        return _("%(seconds)d s") % {"seconds": max(1, math.ceil(seconds))}
    minutes = math.ceil(seconds / 60)
    if minutes < 90:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
