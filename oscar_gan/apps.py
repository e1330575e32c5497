"""App configuration: dashboard URLs, permissions, system checks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarDashboardConfig


class OscarGanConfig(OscarDashboardConfig):
    """Wires the plugin into Oscar's dashboard; mounted by the shop's urls.py."""

    # Django takes the imported OscarDashboardConfig for a second candidate without this.
    default = True
    name = "oscar_gan"
    label = "oscar_gan"
    namespace = "oscar_gan"
    verbose_name = _("Image variants")
    default_auto_field = "django.db.models.BigAutoField"
    default_permissions = ["is_staff"]
