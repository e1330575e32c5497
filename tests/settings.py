"""The demo shop's settings, on throw-away files; SQLite unless OSCAR_GAN_TEST_DATABASE is set."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from shop.settings import *  # noqa: F403
from shop.settings import DATABASES, OSCAR_GAN, STORAGES

_VAR = Path(os.environ.get("SHOP_VAR_DIR") or tempfile.mkdtemp(prefix="oscar-gan-tests-"))
MEDIA_ROOT = _VAR / "media"
STORAGES = {
    **STORAGES,
    "oscar_gan_drafts": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": _VAR / "drafts"},
    },
}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LANGUAGE_CODE = "en"
CELERY_BROKER_URL = "memory://"
OSCAR_GAN = {**OSCAR_GAN, "MAX_PREVIEWS_PER_MINUTE": 100_000}  # tests share people and cache
WHITENOISE_AUTOREFRESH = True  # looks static files up when asked, instead of all at start

# A file, not memory: the live server's threads connect apart from the test's, and a table in
# shared memory refuses a second connection at once where a file waits.
DATABASES["default"]["TEST"] = {"NAME": str(_VAR / "test.sqlite3")}
DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # nobody keeps it

if url := os.environ.get("OSCAR_GAN_TEST_DATABASE"):
    parts = urlsplit(url)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": parts.username or "",
            "PASSWORD": parts.password or "",
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
        },
    }
