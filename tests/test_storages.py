"""S3 storages against a real S3 server process."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from oscar_gan.errors import StorageUnavailable, UnusablePhoto
from oscar_gan.services import media
from oscar_gan.storages import DraftsS3Storage, MediaS3Storage
from tests import faulty_s3, s3_server

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture(scope="module")
def faulty():
    with s3_server.run_faulty() as (address, orders):
        yield address, orders


@pytest.fixture(scope="module")
def server(faulty):
    return faulty[0]


@pytest.fixture
def fail(faulty):
    """Let the server fail in some way; it is well again afterwards."""

    def fail(mode):
        faulty_s3.order(faulty[1], mode, seconds=0.7)

    yield fail
    fail(None)


@pytest.fixture
def options(server):
    return {"bucket_name": s3_server.BUCKET, "endpoint_url": server, **s3_server.KEYS}


@pytest.fixture
def shop_on_s3(settings, options):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "oscar_gan.storages.MediaS3Storage", "OPTIONS": options},
        "oscar_gan_drafts": {"BACKEND": "oscar_gan.storages.DraftsS3Storage", "OPTIONS": options},
    }


def test_a_draft_opens_by_a_signed_link_only(options):
    storage = DraftsS3Storage(**options)
    name = storage.save(f"variants/{DIGEST}.jpg", ContentFile(b"picture"))
    link = storage.url(name)
    answer = requests.get(link, timeout=10)
    assert answer.content == b"picture"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert requests.get(link.partition("?")[0], timeout=10).status_code == 403


def test_a_draft_link_expires_after_five_minutes(options):
    assert "X-Amz-Expires=300" in DraftsS3Storage(**options).url("variants/a.jpg")


def test_a_draft_link_may_name_the_address_that_browsers_use(options):
    storage = DraftsS3Storage(**options, public_endpoint_url="https://files.example.com")
    link = urlsplit(storage.url("variants/a.jpg"))
    assert link.netloc == "files.example.com"
    assert "X-Amz-Signature" in link.query
    assert storage.save("variants/b.jpg", ContentFile(b"by the other address"))


def test_a_published_picture_is_public_and_cached_for_ever(options):
    storage = MediaS3Storage(**options)
    name = storage.save(f"images/{DIGEST[:32]}-1a2b3c4d.jpg", ContentFile(b"picture"))
    answer = requests.get(storage.url(name), timeout=10)
    assert answer.content == b"picture"
    assert "X-Amz" not in storage.url(name)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_picture_with_an_ordinary_name_is_cached_for_an_hour(options):
    storage = MediaS3Storage(**options)
    name = storage.save("images/cached.jpg", ContentFile(b"may be replaced one day"))
    answer = requests.get(storage.url(name), timeout=10)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_encryption_by_a_key_of_the_shops_own_is_asked_for_with_every_file(options):
    ours = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/shop"}
    for backend in (DraftsS3Storage, MediaS3Storage):
        storage = backend(**options, object_parameters=ours)
        name = storage.save(f"variants/{DIGEST}-{backend.__name__}.jpg", ContentFile(b"picture"))
        head = storage.connection.meta.client.head_object(
            Bucket=s3_server.BUCKET, Key=f"{storage.location}/{name}"
        )
        assert head["ServerSideEncryption"] == "aws:kms"
        assert "alias/shop" in head["SSEKMSKeyId"]
        assert head["CacheControl"]  # ours are kept beside the shop's


def test_two_uploads_of_one_name_are_two_files(options):
    storage = MediaS3Storage(**options)
    first = storage.save("images/front.jpg", ContentFile(b"bag"))
    second = storage.save("images/front.jpg", ContentFile(b"shoe"))
    assert storage.open(first).read() == b"bag"
    assert storage.open(second).read() == b"shoe"


def test_a_storage_without_arguments_finds_its_options(shop_on_s3):
    assert MediaS3Storage().bucket_name == s3_server.BUCKET
    assert DraftsS3Storage().endpoint_url == storages["oscar_gan_drafts"].endpoint_url


THUMBNAIL = """
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from oscar.core.thumbnails import get_thumbnailer
from tests.factories import photo_bytes

call_command("migrate", "thumbnail", verbosity=0)
name = default_storage.save("images/ball.jpg", ContentFile(photo_bytes()))
print(get_thumbnailer().generate_thumbnail(name, size="48x36").url)
"""


def test_the_thumbnailer_works_on_s3(server):
    # In a process of its own: sorl-thumbnail 12 reads the storage's name once.
    changes = {"DJANGO_SETTINGS_MODULE": "tests.s3_settings", "OSCAR_GAN_TEST_S3": server}
    url = subprocess.check_output(
        [sys.executable, "-c", THUMBNAIL], env={**os.environ, **changes}, text=True
    )
    assert requests.get(url.strip(), timeout=10).headers["Content-Type"] == "image/jpeg"


@pytest.mark.django_db
def test_drafts_are_kept_once_and_read_back(shop_on_s3):
    first = media.store_draft(b"matte", folder="mattes", extension=".png")
    assert media.store_draft(b"matte", folder="mattes", extension=".png") == first
    assert media.read_draft(first[0]) == b"matte"


@pytest.mark.django_db
def test_the_sweeper_walks_a_bucket(shop_on_s3, settings):
    settings.OSCAR_GAN = {"SWEEP_AFTER_HOURS": 0}
    orphan, _ = media.store_draft(b"orphan", folder="swept", extension=".png")
    known, _ = media.store_draft(b"known", folder="swept", extension=".png")
    assert media.sweep(media.drafts(), "swept", {known}.__contains__) == [orphan]
    assert media.read_draft(known) == b"known"


def test_a_missing_draft_is_named(shop_on_s3):
    with pytest.raises(UnusablePhoto, match=r"mattes/gone\.png is missing"):
        media.read_draft("mattes/gone.png")


def test_a_server_that_is_down_is_said_so(shop_on_s3, settings):
    down = {**settings.STORAGES["oscar_gan_drafts"]["OPTIONS"]}
    down["endpoint_url"] = f"http://127.0.0.1:{s3_server.free_port()}"
    entry = {**settings.STORAGES["oscar_gan_drafts"], "OPTIONS": down}
    settings.STORAGES = {**settings.STORAGES, "oscar_gan_drafts": entry}
    with pytest.raises(StorageUnavailable, match="Could not connect"):
        media.store_draft(b"matte", folder="mattes", extension=".png")


@pytest.fixture
def impatient(settings, options):
    """Drafts on S3, whose client waits for 0.3 s and tries once."""
    patience = Config(read_timeout=0.3, retries={"max_attempts": 1, "mode": "standard"})
    backend = "oscar_gan.storages.DraftsS3Storage"
    drafts = {"BACKEND": backend, "OPTIONS": {**options, "client_config": patience}}
    settings.STORAGES = {**settings.STORAGES, "oscar_gan_drafts": drafts}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", faulty_s3.MODES)
def test_each_fault_is_worth_another_try_and_leaves_nothing_half(impatient, fail, mode):
    data = mode.encode() * 1000
    kept, _ = media.store_draft(data, folder="faults", extension=".jpg")
    fail(mode)
    with pytest.raises(StorageUnavailable, match=kept):
        media.read_draft(kept)
    if mode not in ("cut", "short"):  # these spoil reading alone
        with pytest.raises(StorageUnavailable, match="Storage failed on faults/"):
            media.store_draft(b"new " + data, folder="faults", extension=".jpg")
    fail(None)

    assert media.read_draft(kept) == data
    name, digest = media.store_draft(b"new " + data, folder="faults", extension=".jpg")
    assert media.read_draft(name, digest=digest) == b"new " + data


def test_checksums_are_sent_only_where_needed(options):
    config = MediaS3Storage(**options).connection.meta.client.meta.config
    assert config.request_checksum_calculation == "when_required"
    assert config.response_checksum_validation == "when_required"
