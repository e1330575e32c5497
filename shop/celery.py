"""The demo shop's Celery application."""

import os

from celery import Celery

from . import broker

broker.install()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
