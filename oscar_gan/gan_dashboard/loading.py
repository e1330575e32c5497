"""Where the dashboard's classes come from (a shop's fork first), and whether it is there."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from oscar.core.loading import feature_hidden, get_class


def is_hidden() -> bool:
    """Whether the shop switched our pages off by OSCAR_HIDDEN_FEATURES: no address leads there."""
    return feature_hidden(apps.get_app_config("oscar_gan").hidable_feature_name)


def get_dashboard_class(module: str, name: str) -> type:
    """The class `name` of `gan_dashboard.<module>`, e.g. ("views", "ReviewQueueView").

    A shop overrides single classes with an app labelled `gan_dashboard` (an `OscarConfig`)
    that has a module of the same name; what it does not define comes from here.
    """
    if apps.app_configs.get("gan_dashboard") is None:
        return getattr(import_module(f"{__package__}.{module}"), name)
    return get_class(f"gan_dashboard.{module}", name, module_prefix="oscar_gan")
