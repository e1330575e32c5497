"""The demo shop on PostgreSQL, Redis and an S3 server, as docker-compose.yml runs it.

Everything comes from the environment; a variable without a default must be set.
"""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from shop.log_lines import logging_settings
from shop.settings import *  # noqa: F403


def _required(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(f"The environment variable {name} is not set; see operations.md.")


DEBUG = False
SECRET_KEY = _required("SHOP_SECRET_KEY")
ALLOWED_HOSTS = _required("SHOP_ALLOWED_HOSTS").split(",")

_database = urlsplit(_required("SHOP_DATABASE_URL"))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.path.lstrip("/"),
        "USER": unquote(_database.username or ""),
        "PASSWORD": unquote(_database.password or ""),
        "HOST": _database.hostname or "",
        "PORT": _database.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},  # seconds, so that health answers
    },
}

# Redis gives a message out again when nobody has confirmed it for `visibility_timeout` seconds:
# longer than any request takes, and looked for every 5 seconds.
CELERY_BROKER_URL = _required("SHOP_BROKER_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 900,
        "queue_order_strategy": "priority",
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
    if CELERY_BROKER_URL.startswith("redis")
    else {}
)
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
OSCAR_GAN = {"MONITORING_TOKEN": os.environ.get("SHOP_MONITORING_TOKEN") or None}
# A session of ONNX Runtime or CUDA does not survive a fork; a fresh process has none.
CELERY_WORKER_POOL_START_METHOD = "spawn"

_s3 = {
    "bucket_name": _required("SHOP_S3_BUCKET"),
    "endpoint_url": os.environ.get("SHOP_S3_ENDPOINT"),  # none: AWS itself
    "region_name": os.environ.get("SHOP_S3_REGION", "us-east-1"),
    "access_key": _required("SHOP_S3_ACCESS_KEY"),
    "secret_key": _required("SHOP_S3_SECRET_KEY"),
}
# Where browsers reach the bucket: a CDN, or the S3 server under its public name.
_bucket_url = urlsplit(_required("SHOP_BUCKET_URL"))
STORAGES = {
    **STORAGES,  # noqa: F405
    "default": {
        "BACKEND": "oscar_gan.storages.MediaS3Storage",
        "OPTIONS": {
            **_s3,
            "custom_domain": _bucket_url.netloc + _bucket_url.path.rstrip("/"),
            "url_protocol": f"{_bucket_url.scheme}:",
        },
    },
    "oscar_gan_drafts": {
        "BACKEND": "oscar_gan.storages.DraftsS3Storage",
        "OPTIONS": {**_s3, "public_endpoint_url": os.environ.get("SHOP_S3_PUBLIC_ENDPOINT")},
    },
}

# Behind a proxy that ends TLS and sets X-Forwarded-Proto; "0" only to try things on one machine.
if os.environ.get("SHOP_HTTPS", "1") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    OSCAR_BASKET_COOKIE_SECURE = OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]

LOGGING = logging_settings(os.environ.get("SHOP_LOG_FORMAT", "line"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # else Celery writes lines of its own
