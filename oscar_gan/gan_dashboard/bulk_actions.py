"""Oscar's product list gets "Generate image variants" (Oscar 4.2 and later)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from oscar.core.exceptions import ClassNotFoundError
from oscar.core.loading import get_class, get_classes, get_model

from .loading import get_dashboard_class, is_hidden

ACTION_KEY = "generate_variants"
_VIEWS = ("ProductListView", "ProductBulkActionConfirmView")


def install() -> None:
    """Offer the action on Oscar's views (a fork's too); before Oscar 4.2 there is no such list.

    The dictionaries are replaced, not changed: Oscar's list and confirm view share one.
    """
    if is_hidden():
        return
    try:
        views = get_classes("dashboard.catalogue.views", _VIEWS)
    except ClassNotFoundError:
        return
    action = get_dashboard_class("bulk_actions", "make_action")()
    for view in views:
        view.intermediate_actions = {**view.intermediate_actions, ACTION_KEY: action}


def make_action():
    """The action, built on Oscar's (or a fork's) base classes, which exist once apps are ready."""
    Product = get_model("catalogue", "Product")
    base = get_class("dashboard.catalogue.bulk_actions", "ProductIntermediateAction")
    base_form = get_class("dashboard.catalogue.forms", "ProductBulkActionForm")

    class BulkGenerateForm(base_form):
        """Which products Oscar's base form knows; which colours, ours asks."""

        include_pictured = forms.BooleanField(
            required=False,
            label=_("Also colours that have a picture already"),
            help_text=_(
                "Every product's first photo is recoloured to its colour options. Without the"
                " tick, only options that lack a picture are made."
            ),
        )

    class GenerateVariantsAction(base):
        """Queue the missing colours of the chosen products' first photos."""

        label = _("Generate image variants")
        form_class = BulkGenerateForm
        # A parent's photo serves its children: recolouring each child's would only repeat it.
        supported_structures = (Product.STANDALONE, Product.PARENT)

        def filter_products_queryset(self, queryset):
            return queryset.filter(images__isnull=False).distinct()

        def execute(self, request, objects, form):
            execute(request, objects, everything=form.cleaned_data["include_pictured"])

    return GenerateVariantsAction()


def execute(request, products, *, everything: bool) -> None:
    """Queue and report; raises PermissionDenied before anything is queued."""
    # Late, because services load the imaging libraries, which not every process needs.
    from ..services import access
    from .bulk import queue_products

    if not access.may(request.user, "generate"):
        raise PermissionDenied
    allowed = products.filter(pk__in=access.products_for(request.user, "generate").values("pk"))
    report = queue_products(allowed, by=request.user, everything=everything)
    if report.created:
        text = ngettext(
            "%(count)d variant image is on its way; see Image variants → Requests.",
            "%(count)d variant images are on their way; see Image variants → Requests.",
            report.created,
        )
        messages.success(request, text % {"count": report.created})
    for reason, titles in report.skipped.items():
        shown = ", ".join(titles[:5]) + (" …" if len(titles) > 5 else "")
        messages.warning(request, f"{reason} {shown}")
    if not report.created and not report.skipped:
        messages.info(request, _("Nothing to make: every colour has its picture already."))
