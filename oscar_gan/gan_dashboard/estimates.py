"""The estimate in words: how many pictures, how long, how big, how many jobs before it."""

from __future__ import annotations

import math

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..services import requests


def describe_estimate(variants: int) -> str:
    """E.g. "4 images, about 6 s, 2.1 MB, 2 jobs ahead"."""
    if variants < 1:
        return _("Nothing ticked yet.")
    estimate = requests.estimate(variants=variants)
    images = ngettext("%(count)d image", "%(count)d images", variants) % {"count": variants}
    parts = [
        images,
        _("about %(duration)s") % {"duration": describe_seconds(estimate.seconds)},
        filesizeformat(estimate.size),
    ]
    parts.append(
        ngettext("%(count)d job ahead", "%(count)d jobs ahead", estimate.ahead)
        % {"count": estimate.ahead}
        if estimate.ahead
        else _("starts at once")
    )
    return ", ".join(parts)


def describe_seconds(seconds: float) -> str:
    """Whole seconds below ninety, whole minutes above."""
    if seconds < 90:
        return _("%(seconds)d s") % {"seconds": max(1, math.ceil(seconds))}
    return _("%(minutes)d min") % {"minutes": math.ceil(seconds / 60)}
