"""App configuration: dashboard URLs, permissions, bulk action, system checks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarDashboardConfig

# Any of these lists opens a page; the views then ask services.access about the product.
_GENERATE = ["is_staff", "oscar_gan.generate_variants"]
_REVIEW = ["is_staff", "oscar_gan.review_variants"]
_PUBLISH = ["is_staff", "oscar_gan.publish_variants"]
_VIEW = ["is_staff", "oscar_gan.view_variantimage"]
_COLOURWAYS = ["is_staff", "oscar_gan.manage_colourways"]
_PRINTS = ["is_staff", "oscar_gan.manage_prints"]
_GENERATORS = ["is_staff", "oscar_gan.train_generators"]
_LOG = ["is_staff", "oscar_gan.view_auditevent"]
_PARTNER = ["partner.dashboard_access"]
_MAY_VIEW = (_VIEW, _GENERATE, _REVIEW, _PUBLISH, _PARTNER)


class OscarGanConfig(OscarDashboardConfig):
    """Wires the plugin into Oscar's dashboard; mounted by the shop's urls.py."""

    # Django takes the imported OscarDashboardConfig for a second candidate without this.
    default = True
    name = "oscar_gan"
    label = "oscar_gan"
    namespace = "oscar_gan"
    verbose_name = _("Image variants")
    default_auto_field = "django.db.models.BigAutoField"
    hidable_feature_name = "image-variants"
    default_permissions = ["is_staff"]
    permissions_map = {
        "gan-variant-list": _MAY_VIEW,
        "gan-variant-image": _MAY_VIEW,
        "gan-matte-image": _MAY_VIEW,
        "gan-source-preview": _MAY_VIEW,
        "gan-outline": (_GENERATE, _PARTNER),
        "gan-outline-preview": (_GENERATE, _PARTNER),
        "gan-outline-patches": (_GENERATE, _PARTNER),
        "gan-outline-siblings": (_GENERATE, _PARTNER),
        "gan-product-generate": (_GENERATE, _PARTNER),
        "gan-analyse": (_GENERATE, _PARTNER),
        "gan-estimate": (_GENERATE, _PARTNER),
        "gan-request-list": _MAY_VIEW,
        "gan-request-status": _MAY_VIEW,
        "gan-request-cancel": (_GENERATE, _PARTNER),
        "gan-request-retry": (_GENERATE, _PARTNER),
        "gan-variant-approve": (_REVIEW, _PARTNER),
        "gan-variant-reject": (_REVIEW, _PARTNER),
        "gan-variant-undo": (_REVIEW, _PARTNER),
        "gan-variant-decide": (_REVIEW, _PARTNER),
        "gan-variant-takes": _MAY_VIEW,
        "gan-variant-again": (_GENERATE, _PARTNER),
        "gan-variant-publish": (_PUBLISH, _PARTNER),
        "gan-publication-list": (_PUBLISH, _PARTNER),
        "gan-publication-revert": (_PUBLISH, _PARTNER),
        "gan-publish": (_PUBLISH, _PARTNER),
        "gan-publishing-run": (_PUBLISH, _PARTNER),
        "gan-publishing-run-revert": (_PUBLISH, _PARTNER),
        "gan-radar": _MAY_VIEW,
        "gan-radar-fill": (_GENERATE, _PARTNER),
        "gan-photo-search": (_GENERATE, _PRINTS, _COLOURWAYS, _PARTNER),
        "gan-look-preview": (_GENERATE, _PRINTS, _PARTNER),
        "gan-print-picture": (*_MAY_VIEW, _PRINTS),
        "gan-print-list": (_PRINTS, _PARTNER),
        "gan-print-designer": (_PRINTS, _PARTNER),
        "gan-print-update": (_PRINTS, _PARTNER),
        "gan-print-delete": (_PRINTS, _PARTNER),
        "gan-style-delete": (_PRINTS, _PARTNER),
        "gan-sheet-create": (_PRINTS, _PARTNER),
        "gan-sheet-status": (_PRINTS, _PARTNER),
        "gan-sheet-weights": (_PRINTS, _PARTNER),
        "gan-sheet-picture": (_PRINTS, _PARTNER),
        "gan-generator-list": _GENERATORS,
        "gan-training-start": _GENERATORS,
        "gan-training-list": _GENERATORS,
        "gan-training-run": _GENERATORS,
        "gan-training-status": _GENERATORS,
        "gan-training-samples": _GENERATORS,
        "gan-training-cancel": _GENERATORS,
        "gan-comparison": _GENERATORS,
        "gan-comparison-picture": _GENERATORS,
        "gan-generator-promote": _GENERATORS,
        "gan-generator-roll-back": _GENERATORS,
        "gan-generator-pin": _GENERATORS,
        "gan-generator-unpin": _GENERATORS,
        "gan-colourway-list": (_COLOURWAYS, _PARTNER),
        "gan-colourway-create": (_COLOURWAYS, _PARTNER),
        "gan-colourway-update": (_COLOURWAYS, _PARTNER),
        "gan-colourway-delete": (_COLOURWAYS, _PARTNER),
        "gan-colourway-import": (_COLOURWAYS, _PARTNER),
        "gan-colourway-export": (_COLOURWAYS, _PARTNER),
        "gan-colour-pick": (_COLOURWAYS, _PARTNER),
        "gan-pick-photo": (_GENERATE, _COLOURWAYS, _PARTNER),
        "gan-cloth-measure": (_COLOURWAYS, _PARTNER),
        "gan-palette-create": (_COLOURWAYS, _PARTNER),
        "gan-palette-update": (_COLOURWAYS, _PARTNER),
        "gan-palette-delete": (_COLOURWAYS, _PARTNER),
        "gan-run-list": _MAY_VIEW,
        "gan-preferences": _MAY_VIEW,
        "gan-run": _MAY_VIEW,
        "gan-run-report": _MAY_VIEW,
        "gan-run-status": _MAY_VIEW,
        "gan-run-cancel": (_GENERATE, _PARTNER),
        "gan-run-pause": (_GENERATE, _PARTNER),
        "gan-log": (_LOG, _PARTNER),
        "gan-log-export": (_LOG, _PARTNER),
    }

    def ready(self) -> None:
        from . import checks, receivers  # noqa: F401  checks register themselves
        from .gan_dashboard import bulk_actions
        from .services import audit_trail  # noqa: F401  registers itself

        bulk_actions.install()
        receivers.connect()

    def get_urls(self) -> list:
        from .gan_dashboard.urls import urlpatterns

        return self.post_process_urls(urlpatterns())
