"""The measured shop's settings: a broker and a database of choice, queues of its own."""

import os
from pathlib import Path

from kombu import Queue

from oscar_gan import engine
from shop.settings import HAYSTACK_CONNECTIONS as SEARCH
from shop.settings import VAR_DIR
from tests.databases import NoMigrations
from tests.settings import *  # noqa: F403
from tests.settings import TEMPLATES
from tests.stubs import StubGenerator

HAYSTACK_CONNECTIONS = SEARCH  # lists of products come from its index
MEDIA_ROOT = VAR_DIR / "media"
MIGRATION_MODULES = NoMigrations()
CELERY_BROKER_URL = os.environ["SERVING_BROKER"]
if not CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
CELERY_TASK_QUEUES = [
    Queue(f"{VAR_DIR.name}.{name}", routing_key=f"{VAR_DIR.name}.{name}", alias=name, expires=1800)
    for name in ("interactive", "backfill", "training", "housekeeping")
]
WHITENOISE_AUTOREFRESH = False
STOCK = Path(__file__).parents[1] / "storefront" / "stock"
if os.environ.get("SERVING_STOCK"):  # Oscar's own storefront, on the same rows
    TEMPLATES = [{**TEMPLATES[0], "DIRS": [STOCK]}]
if os.environ.get("SERVING_STUB"):
    engine.GENERATORS["recolour"] = lambda device="auto": StubGenerator()
    engine.open_weights = StubGenerator.of_weights
