"""The chaos shop's settings: servers of its own, short leases, wrong clocks."""

import os
import warnings

from botocore.config import Config
from celery.signals import worker_process_init
from kombu import Queue

from benchmarks.chaos import generator, phases
from oscar_gan import engine
from shop.settings import CELERY_BEAT_SCHEDULE as USUAL
from shop.settings import VAR_DIR
from tests import s3_server
from tests.databases import NoMigrations
from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, STORAGES

warnings.filterwarnings("ignore", "(update|remove) is not implemented in this backend")
engine.GENERATORS["recolour"] = generator.ChaosGenerator
engine.open_weights = generator.ChaosGenerator.of_weights

DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
OSCAR_GAN = {
    "LEASE_SECONDS": 6,
    "REDISPATCH_SECONDS": 4,
    "RENDITIONS": ("WEBP", "JPEG"),
    "SWEEP_AFTER_HOURS": 90 / 3600,
    "WEIGHTS_FOLDER": str(VAR_DIR / "weights"),
}
_S3 = {
    "bucket_name": s3_server.BUCKET,
    "endpoint_url": os.environ["CHAOS_S3"],
    **s3_server.KEYS,
    "client_config": Config(read_timeout=2, retries={"max_attempts": 2, "mode": "standard"}),
}
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "oscar_gan.storages.MediaS3Storage", "OPTIONS": _S3},
    "oscar_gan_drafts": {"BACKEND": "oscar_gan.storages.DraftsS3Storage", "OPTIONS": _S3},
}

MIGRATION_MODULES = NoMigrations()
CELERY_IMPORTS = ["benchmarks.chaos.tasks"]
CELERY_BROKER_URL = os.environ["CHAOS_BROKER"]
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any broker
# Of this run alone, also on a broker that others use.
CELERY_TASK_QUEUES = [
    Queue(f"{VAR_DIR.name}.{name}", routing_key=f"{VAR_DIR.name}.{name}", alias=name, expires=1800)
    for name in ("interactive", "backfill", "training", "housekeeping")
]


def _often(name: str, seconds: float) -> dict:
    options = {"queue": "housekeeping", "expires": 240 * seconds}
    return {**USUAL[name], "schedule": seconds, "options": options}


CELERY_BEAT_SCHEDULE = {
    "oscar-gan-reap": _often("oscar-gan-reap", 2.0),
    "oscar-gan-sweep": _often("oscar-gan-sweep", 30.0),
}


@worker_process_init.connect
def _watch(**kwargs):
    phases.install(hours=float(os.environ.get("CHAOS_SKEW", "0")))
