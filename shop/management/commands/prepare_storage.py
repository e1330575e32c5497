"""Prepare the bucket: create it, open media/ to everyone, upload Oscar's placeholder picture."""

from __future__ import annotations

import json
from pathlib import Path

import oscar
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

PLACEHOLDER = Path(oscar.__file__).parent / "static/oscar/img/image_not_found.jpg"


class Command(BaseCommand):
    help = "Create the S3 bucket of STORAGES['default'] if needed; may be run again."

    def handle(self, **options) -> None:
        if not hasattr(default_storage, "bucket_name"):
            raise CommandError("STORAGES['default'] is not an S3 storage; nothing to prepare.")
        try:
            self._prepare()
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The S3 server refused or did not answer: {error}") from error
        self.stdout.write(f"Bucket {default_storage.bucket_name} is ready.")

    def _prepare(self) -> None:
        client = default_storage.connection.meta.client
        bucket = default_storage.bucket_name
        if bucket not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=bucket, **_placement(default_storage.region_name))
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_policy(bucket)))
        if not default_storage.exists(settings.OSCAR_MISSING_IMAGE_URL):
            with PLACEHOLDER.open("rb") as file:
                default_storage.save(settings.OSCAR_MISSING_IMAGE_URL, File(file))


def _placement(region: str | None) -> dict:
    """S3's first region is asked for by naming none."""
    if region in (None, "us-east-1"):
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": region}}


def _policy(bucket: str) -> dict:
    """Everyone may read media/, and nothing else."""
    statement = {
        "Sid": "PublicMedia",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/{default_storage.location}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
