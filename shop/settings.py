"""Settings of the demo shop: SQLite, files on disk and a broker made of files.

`shop.production` starts from here and swaps in PostgreSQL, Redis and an S3 server.
"""

from __future__ import annotations

import os
from pathlib import Path

import oscar
from oscar.defaults import *  # noqa: F403

from oscar_gan.defaults import *  # noqa: F403

from .log_lines import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("SHOP_VAR_DIR", BASE_DIR / "var"))

SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "only-for-the-demo-on-this-machine")
DEBUG = os.environ.get("SHOP_DEBUG", "0") == "1"
ALLOWED_HOSTS = os.environ.get("SHOP_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "shop",
    "oscar_gan",
    *oscar.INSTALLED_APPS,
    "sorl.thumbnail",
    "django_celery_beat",
]
MIDDLEWARE = [
    "oscar_gan.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    },
]
# Writers queue up instead of failing with "database is locked".
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "shop.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        },
    },
}
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(VAR_DIR / "whoosh"),
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "oscar_gan_drafts": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "drafts"},
    },
}
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # serves static files straight from the packages
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("zh-hans", "简体中文")]
TIME_ZONE = "UTC"
USE_TZ = True

# Thumbnails of generated pictures keep saying what they are.
THUMBNAIL_ENGINE = "oscar_gan.thumbnails.ProvenanceEngine"

OSCAR_SHOP_NAME = "North Harbour"
OSCAR_SHOP_TAGLINE = "One photo, every colour"
OSCAR_DEFAULT_CURRENCY = "GBP"

_BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(_BROKER_DIR),
    "data_folder_out": str(_BROKER_DIR),
    "control_folder": str(VAR_DIR / "broker-control"),
    "polling_interval": 0.1,  # seconds; each poll fetches one message
}
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # its replies would pile up as files
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_TASK_IGNORE_RESULT = True  # rows hold the results
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a busy worker holds no other worker's work
# The background worker does everything else as well: it trains a minute at a time.
OSCAR_GAN = {"TRAINING_CHUNK_SECONDS": 60}
# The schedule can be edited in the admin; beat reads it every five seconds.
CELERY_BEAT_SCHEDULER = "oscar_gan.beat:EditableScheduler"

if SHOP_LOG_FORMAT := os.environ.get("SHOP_LOG_FORMAT"):  # "line" or "json"
    LOGGING = logging_settings(SHOP_LOG_FORMAT)
    CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # else Celery writes lines of its own
