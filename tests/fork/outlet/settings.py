"""The tests' settings with the outlet's forks in place of Oscar's apps, and its own templates."""

from __future__ import annotations

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, TEMPLATES, VAR_DIR

HERE = Path(__file__).resolve().parent
FORKS = {
    "oscar.apps.catalogue.apps.CatalogueConfig": "outlet.catalogue.apps.CatalogueConfig",
    "oscar.apps.dashboard.apps.DashboardConfig": "outlet.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig": (
        "outlet.dashboard.catalogue.apps.CatalogueDashboardConfig"
    ),
}
INSTALLED_APPS = [FORKS.get(name, name) for name in INSTALLED_APPS]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [os.environ.get("OUTLET_COPIES", ""), HERE / "templates"]}]
ALLOWED_HOSTS = ["testserver"]
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(VAR_DIR / "whoosh"),
    },
}
