"""Settings to star-import after Oscar's: `from oscar_gan.defaults import *`."""

from __future__ import annotations

import copy

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _
from oscar.defaults import OSCAR_DASHBOARD_NAVIGATION as _OSCAR_NAVIGATION

_SECTION = {
    "label": _("Image variants"),
    "icon": "fas fa-palette",
    "children": [
        {"label": _("Review"), "url_name": "oscar_gan:gan-variant-list"},
        {"label": _("Requests"), "url_name": "oscar_gan:gan-request-list"},
        {"label": _("Bulk runs"), "url_name": "oscar_gan:gan-run-list"},
        {"label": _("Publications"), "url_name": "oscar_gan:gan-publication-list"},
        {"label": _("Missing colours"), "url_name": "oscar_gan:gan-radar"},
        {"label": _("Prints"), "url_name": "oscar_gan:gan-print-list"},
        {"label": _("Colourways"), "url_name": "oscar_gan:gan-colourway-list"},
        {"label": _("Generators"), "url_name": "oscar_gan:gan-generator-list"},
        {"label": _("Log"), "url_name": "oscar_gan:gan-log"},
    ],
}

# Oscar's list is shared by everyone who imports it, so it is copied, never appended to.
OSCAR_DASHBOARD_NAVIGATION = [
    *copy.copy(_OSCAR_NAVIGATION[:2]),
    _SECTION,
    *copy.copy(_OSCAR_NAVIGATION[2:]),
]

CELERY_BEAT_SCHEDULE = {
    "oscar-gan-reap": {
        "task": "oscar_gan.reap",
        "schedule": 15.0,
        # Not sooner: behind a backlog of renditions every one of them would be too late.
        "options": {"queue": "housekeeping", "expires": 3600},
    },
    "oscar-gan-sweep": {
        "task": "oscar_gan.sweep",
        "schedule": 3600.0,
        "options": {"queue": "housekeeping", "expires": 3600},
    },
    "oscar-gan-prune": {
        "task": "oscar_gan.prune",
        "schedule": crontab(hour=4, minute=30),
        "options": {"queue": "housekeeping", "expires": 3600},
    },
    "oscar-gan-retrain": {
        "task": "oscar_gan.retrain",
        "schedule": crontab(hour=3, minute=0),
        "options": {"queue": "housekeeping", "expires": 3600},
    },
}
