"""The test settings with Oscar's media on the S3 server that OSCAR_GAN_TEST_S3 names."""

import os

from tests import s3_server
from tests.settings import *  # noqa: F403

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STORAGES = {
    **STORAGES,  # noqa: F405
    "default": {
        "BACKEND": "oscar_gan.storages.MediaS3Storage",
        "OPTIONS": {
            "bucket_name": s3_server.BUCKET,
            "endpoint_url": os.environ["OSCAR_GAN_TEST_S3"],
            **s3_server.KEYS,
        },
    },
}
