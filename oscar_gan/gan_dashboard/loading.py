"""Where the dashboard's classes come from: a shop's fork first, this package otherwise."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from oscar.core.loading import get_class


def get_dashboard_class(module: str, name: str) -> type:
    """The class `name` of `gan_dashboard.<module>`, e.g. ("views", "ReviewQueueView").

    A shop overrides single classes with an app labelled `gan_dashboard` (an `OscarConfig`)
    that has a module of the same name; what it does not define comes from here.
    """
    if apps.app_configs.get("gan_dashboard") is None:
        return getattr(import_module(f"{__package__}.{module}"), name)
    return get_class(f"gan_dashboard.{module}", name, module_prefix="oscar_gan")
