"""Template tags of the staff pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..gan_dashboard import badges, findings
from ..gan_dashboard.panel import may_view, panel_context

register = template.Library()


@register.inclusion_tag("oscar_gan/dashboard/partials/panel.html", takes_context=True)
def gan_dashboard_panel(context, product) -> dict:
    """The variant images of one product, with live progress; empty for who may not look."""
    request = context["request"]
    return {"request": request, **panel_context(product, request.user)}


@register.simple_tag(takes_context=True)
def gan_may_view(context, product) -> bool:
    """Whether this person may see variant images of `product` (one that is saved already)."""
    return bool(product and product.pk) and may_view(product, context["request"].user)


@register.simple_tag
def gan_swatch(colour: str, size: str = "md") -> SafeString:
    """A patch of colour as SVG: a `fill` attribute passes where inline styles are forbidden."""
    return format_html(
        '<svg class="gan-swatch gan-swatch-{}" aria-hidden="true" focusable="false">'
        '<rect width="100%" height="100%" fill="{}"></rect></svg>',
        size,
        colour or "none",
    )


@register.filter
def gan_badge(status: str) -> str:
    """The badge class of a status."""
    return badges.badge(status)


@register.filter
def gan_delta_e_badge(variant) -> str:
    """The badge class of a variant image's colour error, by its colourway's tolerance."""
    tolerance = variant.colourway.tolerance if variant.colourway else badges.DEFAULT_TOLERANCE
    return badges.delta_e_badge(variant.delta_e, tolerance)


@register.filter
def gan_error_badge(delta_e: float) -> str:
    """The badge class of one mapped colour's error."""
    return badges.delta_e_badge(delta_e)


@register.filter
def gan_staying(variant) -> list[str]:
    """Base colours that were to stay as they are, where colours were mapped."""
    return [base for base, colour in variant.recipe.get("targets", {}).items() if not colour]


@register.filter
def gan_warnings(variant) -> list[str]:
    """What the machine noticed, in the reader's language."""
    return findings.describe_all(variant.findings)


@register.filter
def gan_problem(variant) -> str:
    """Why a variant image was refused or failed."""
    return findings.describe_problem(variant.problem_code, variant.problem)


@register.filter
def gan_percent(share: float) -> str:
    """0.973 → 97 %."""
    return f"{round(100 * share)} %"


@register.filter
def gan_last_decision(variant):
    """The latest review, from the prefetched log; None when nobody decided."""
    reviews = list(variant.reviews.all())
    return reviews[-1] if reviews else None


@register.filter
def gan_person(user) -> str:
    """A name to show for somebody, or a dash for nobody (or an account that is gone)."""
    return (user.get_full_name() or user.email or user.get_username()) if user else "—"
