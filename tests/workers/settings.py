"""Settings of the processes in these tests: short leases, a broker and a database of choice."""

from __future__ import annotations

import os

from celery.signals import task_prerun
from kombu import Queue

from oscar_gan import engine
from oscar_gan.inference import printer
from shop.settings import CELERY_BEAT_SCHEDULE, VAR_DIR
from tests.databases import NoMigrations
from tests.settings import *  # noqa: F403
from tests.workers import trainer
from tests.workers.generator import HeldGenerator, HeldPrinter

LEASE_SECONDS = 4

engine.GENERATORS["recolour"] = HeldGenerator
engine.open_weights = HeldGenerator.of_weights
_held_printer = HeldPrinter()
printer.open_printer = lambda device="auto": _held_printer
OSCAR_GAN = {
    "LEASE_SECONDS": LEASE_SECONDS,
    "REDISPATCH_SECONDS": 2,
    "TRAINING_FOLDER": str(VAR_DIR / "training"),
    "WEIGHTS_FOLDER": str(VAR_DIR / "weights"),
}


@task_prerun.connect
def _train_quickly(task, **kwargs):
    if task.name == "oscar_gan.train":
        trainer.install()
    elif task.name == "oscar_gan.retrain":
        trainer.decide()


MIGRATION_MODULES = NoMigrations()

CELERY_BROKER_URL = os.environ["WORKERS_BROKER"]
if not CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
# Queues of our own, so that two test runs do not take each other's messages.
CELERY_TASK_QUEUES = [
    Queue(f"{VAR_DIR.name}.{name}", routing_key=f"{VAR_DIR.name}.{name}", alias=name, expires=600)
    for name in ("interactive", "backfill", "training", "housekeeping")
]
CELERY_BEAT_SCHEDULE = {
    "reap": {
        **CELERY_BEAT_SCHEDULE["oscar-gan-reap"],
        "schedule": 1.0,
        "options": {"queue": "housekeeping", "expires": 2},
    },
}
