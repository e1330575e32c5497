"""Publish policies: what goes to the shop without a person pressing Publish, and what does not.

A policy is a function `policy(*, variant, event)` that returns a Verdict; PUBLISH_POLICY in
OSCAR_GAN names it. The two that ship are `never` and `within_tolerance`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext as _

from ..conf import get_config
from ..dotted import load
from ..models import VariantImage
from .publish_rules import Rule, usual_rule


class Event(str, Enum):
    """When a policy is asked."""

    GENERATED = "generated"
    APPROVED = "approved"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether to publish, by which rule, and if not, the reason that staff are shown."""

    publish: bool
    reason: str = ""
    rule: Rule = field(default_factory=Rule)


def never(*, variant: VariantImage, event: str) -> Verdict:
    """The default: a person publishes."""
    return Verdict(publish=False)


def within_tolerance(*, variant: VariantImage, event: str) -> Verdict:
    """On approval, if the colour is as near to its colourway as that asks for."""
    if event != Event.APPROVED:
        return Verdict(publish=False)
    colourway = variant.colourway
    if colourway is None:
        reason = _("no colourway says how far this colour may be off")
        return Verdict(publish=False, reason=reason)
    if variant.delta_e > colourway.tolerance:
        reason = _(
            "the colour error, ΔE %(error).1f, is over the tolerance of %(name)s, ΔE %(limit).1f"
        ) % {"error": variant.delta_e, "name": colourway.name, "limit": colourway.tolerance}
        return Verdict(publish=False, reason=reason)
    return Verdict(publish=True, rule=usual_rule(variant))


def verdict(*, variant: VariantImage, event: str = Event.APPROVED) -> Verdict:
    """What the shop's policy says about a variant image."""
    return load(get_config().publish_policy)(variant=variant, event=event)
