"""Who may do what to which product. Views, commands and services all ask here."""

from __future__ import annotations

from django.db.models import Q
from oscar.core.loading import get_model

from ..errors import PermissionRefused
from ..models import Colourway, Palette, Print, Style

PERMISSIONS = {
    "view": "oscar_gan.view_variantimage",
    "generate": "oscar_gan.generate_variants",
    "review": "oscar_gan.review_variants",
    "publish": "oscar_gan.publish_variants",
    "manage_colourways": "oscar_gan.manage_colourways",
    "manage_prints": "oscar_gan.manage_prints",
    "train": "oscar_gan.train_generators",
    "view_log": "oscar_gan.view_auditevent",
}
# Whoever may act may also look; partner staff do the daily work, on their own products.
_ACTIONS_THAT_SHOW = ("view", "generate", "review", "publish")
_PARTNER_ACTIONS = frozenset(
    (*_ACTIONS_THAT_SHOW, "manage_prints", "manage_colourways", "view_log")
)


def may(user, action: str) -> bool:
    """Whether `user` may do `action` to at least some product."""
    return _as_staff(user, action) or _as_partner(user, action)


def sees_all(user) -> bool:
    """Whether `user` may look at every product, not only at those of a partner."""
    return _as_staff(user, "view")


def products_for(user, action: str = "view"):
    """Products `user` may do `action` to."""
    products = get_model("catalogue", "Product").objects.all()
    if _as_staff(user, action):
        return products
    if _as_partner(user, action):
        return products.filter(_of_partners_of(user)).distinct()
    return products.none()


def prints_for(user, action: str = "generate"):
    """Prints `user` may use ("generate") or change ("manage_prints").

    Partner staff use the shop's prints and their own partners', and change the latter only.
    """
    return _shared(Print.objects.all(), user, action)


def styles_for(user, action: str = "generate"):
    """Saved styles `user` may use or change, by the rule for prints."""
    return _shared(Style.objects.all(), user, action)


def _shared(designs, user, action: str):
    if _as_staff(user, action) or _as_staff(user, "manage_prints"):
        return designs
    if not _as_partner(user, action):
        return designs.none()
    mine = Q(created_by__partners__users=user)
    shops = Q(created_by=None) | Q(created_by__is_staff=True)
    return designs.filter(mine if action == "manage_prints" else mine | shops).distinct()


def colourways_for(user, action: str = "generate"):
    """Colourways `user` may use ("generate") or change ("manage_colourways").

    Partner staff use the shop's and their own partners', and change the latter only.
    """
    return _owned(Colourway.objects.all(), user, action)


def palettes_for(user, action: str = "generate"):
    """Palettes `user` may use or change, by the rule for colourways."""
    return _owned(Palette.objects.all(), user, action)


def partners_for(user):
    """Partners whose colourways and palettes `user` may manage."""
    partners = get_model("partner", "Partner").objects.order_by("name")
    if _as_staff(user, "manage_colourways"):
        return partners
    return partners.filter(users=user) if may(user, "manage_colourways") else partners.none()


def may_manage_for(user, partner) -> bool:
    """Whether `user` may manage the colourways of `partner`; None is the shop."""
    if _as_staff(user, "manage_colourways"):
        return True
    return partner is not None and partners_for(user).filter(pk=partner.pk).exists()


def _owned(rows, user, action: str):
    if _as_staff(user, action) or _as_staff(user, "manage_colourways"):
        return rows
    if not _as_partner(user, action):
        return rows.none()
    mine = Q(partner__users=user)
    return rows.filter(
        mine if action == "manage_colourways" else mine | Q(partner=None)
    ).distinct()


def require_print(user, design: Print) -> None:
    """Raise PermissionRefused unless `user` may change this print."""
    require(user, "manage_prints")
    if not prints_for(user, "manage_prints").filter(pk=design.pk).exists():
        raise PermissionRefused(f"The print {design} belongs to somebody else.")


def require(user, action: str, product=None) -> None:
    """Raise PermissionRefused unless `user` may do `action` (to `product`, if given)."""
    if not may(user, action):
        raise PermissionRefused(
            f"You need the permission {PERMISSIONS[action]} for this; ask an administrator."
        )
    if product is not None and not products_for(user, action).filter(pk=product.pk).exists():
        raise PermissionRefused(f"Product {product.pk} belongs to another partner.")


def _as_staff(user, action: str) -> bool:
    if not (user.is_active and user.is_staff):
        return False
    actions = _ACTIONS_THAT_SHOW if action == "view" else (action,)
    return any(user.has_perm(PERMISSIONS[name]) for name in actions)


def _as_partner(user, action: str) -> bool:
    return (
        action in _PARTNER_ACTIONS
        and user.is_active
        and not user.is_staff
        and user.has_perm("partner.dashboard_access")
    )


def _of_partners_of(user) -> Q:
    """Oscar's own rule for partner users (`partner_product_visibility_q` exists only in 4.2)."""
    return Q(stockrecords__partner__users=user) | Q(children__stockrecords__partner__users=user)
