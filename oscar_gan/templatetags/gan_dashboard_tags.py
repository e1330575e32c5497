"""Template tags of the staff pages."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..gan_dashboard import badges, charts, findings
from ..gan_dashboard.estimates import describe_seconds
from ..gan_dashboard.loading import is_hidden
from ..gan_dashboard.panel import may_view, panel_context
from ..gan_dashboard.radar_page import tile
from ..services import look_names
from ..services.recipes import look_of

register = template.Library()


@register.inclusion_tag("oscar_gan/dashboard/partials/panel.html", takes_context=True)
def gan_dashboard_panel(context, product) -> dict:
    """The variant images of one product, with live progress; empty for who may not look."""
    request = context["request"]
    return {"request": request, **panel_context(product, request.user)}


@register.inclusion_tag("oscar_gan/dashboard/partials/radar_tile.html", takes_context=True)
def gan_radar_tile(context) -> dict:
    """How many children show another colour's photo; empty for who may not look."""
    request = context.get("request")
    return {"tile": tile(request.user) if request and not is_hidden() else None}


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
def gan_look(variant) -> dict | None:
    """The look that was asked for: its kind's name, and its inks where it has some."""
    look = look_of(variant.recipe)
    if look is None:
        return None
    kind = variant.recipe["kind"]
    names = {"print": _("Print"), "style": _("Style"), "reference": _("Like another product")}
    name = look_names.style_name(look["name"]) if kind == "style" else ""
    return {**look, "kind": kind, "label": names[kind], "name": name}


@register.filter
def gan_unmeasured(variant) -> list[str]:
    """Inks of a print, once it is made, that are too small there to be measured."""
    look = look_of(variant.recipe) if variant.made else None
    measured = {colour["target"] for colour in variant.colours}
    return [ink for ink in (look or {}).get("inks", ()) if ink not in measured]


@register.filter
def gan_ink_query(inks) -> str:
    """Inks as an address asks for them."""
    return f"?{urlencode([('ink', ink) for ink in inks])}"


@register.filter
def gan_kind(kind: str) -> str:
    """What a kind of print is called."""
    return look_names.kind_name(kind)


@register.filter
def gan_style(style: str) -> str:
    """What a style is called."""
    return look_names.style_name(style)


@register.filter
def gan_print_facts(design) -> str:
    """E.g. "Floral, seed 812 · used in 3 pictures"."""
    if design.design:
        values = {"kind": gan_kind(design.design["kind"]), "seed": design.design["seed"]}
        facts = [_("%(kind)s, seed %(seed)d") % values]
    else:
        facts = [_("handed in as a picture")]
    if (used := getattr(design, "used", None)) is not None:
        facts.append(
            ngettext("used in %(count)d picture", "used in %(count)d pictures", used)
            % {"count": used}
        )
    return " · ".join(facts)


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
    return charts.percent(share)


@register.filter
def gan_duration(seconds: float) -> str:
    """E.g. "47 s" or "12 min"."""
    return describe_seconds(seconds)


@register.filter
def gan_last_decision(variant):
    """The latest review, from the prefetched log; None when nobody decided."""
    reviews = list(variant.reviews.all())
    return reviews[-1] if reviews else None


@register.filter
def gan_person(user) -> str:
    """A name to show for somebody, or a dash for nobody (or an account that is gone)."""
    return (user.get_full_name() or user.email or user.get_username()) if user else "—"
