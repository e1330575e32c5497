"""Each system check, where it must speak and where it must not."""

from __future__ import annotations

import json
import sys
from hashlib import sha256

import pytest
from celery import current_app
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import ProgrammingError
from django.test import override_settings
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from kombu import transport

from oscar_gan.checks import generator, jobs, oscar, storage
from oscar_gan.inference import analyser
from oscar_gan.operations import basics, doctor
from oscar_gan.operations.findings import PROBLEM
from tests import s3_server

S3_OPTIONS = {"bucket_name": "shop", "endpoint_url": "http://127.0.0.1:9", **s3_server.KEYS}
PLAIN_S3 = "storages.backends.s3.S3Storage"


def ids(messages) -> list[str]:
    return [message.id.removeprefix("oscar_gan.") for message in messages]


@pytest.fixture
def use_storage(settings):
    """Replace one entry of STORAGES."""

    def replace(alias, backend, **options):
        entry = {"BACKEND": backend, "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, alias: entry}

    return replace


OWN = {"own": {"task": "shop.report", "schedule": 60}}
"""A schedule without ours."""


@pytest.fixture
def celery_conf(monkeypatch):
    """Change Celery's configuration for one test."""
    current_app.conf.get("beat_schedule")  # settings are read only when first asked for

    def change(**values):
        for key, value in values.items():
            monkeypatch.setitem(current_app.conf.changes, key, value)

    return change


def test_the_demo_shop_passes_every_check():
    engine = {"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": ""}}
    with override_settings(HAYSTACK_CONNECTIONS=engine):
        assert ids(run_checks(tags=["oscar_gan"], include_deployment_checks=True)) == []


@pytest.mark.parametrize(
    ("order", "expected"), [(["a", "oscar_gan", "oscar"], []), (["oscar", "oscar_gan"], ["W001"])]
)
def test_w001_the_plugin_comes_before_oscar(monkeypatch, order, expected):
    configs = [type("Config", (), {"name": name}) for name in order]
    monkeypatch.setattr(oscar.apps, "get_app_configs", lambda: configs)
    assert ids(oscar.check_app_order(None)) == expected


def test_e002_names_each_navigation_entry_without_a_url(settings):
    settings.OSCAR_DASHBOARD_NAVIGATION = [
        {"label": "A", "children": [{"label": "B", "url_name": "oscar_gan:gan-variant-list"}]},
        {"label": "C", "url_name": "oscar_gan:gan-nowhere"},
        {"label": "D", "url_name": "dashboard:index"},
    ]
    (message,) = oscar.check_urls(None)
    assert message.id == "oscar_gan.E002"
    assert "oscar_gan:gan-nowhere" in message.msg


def test_w005_simple_search_shows_no_products(settings):
    assert ids(oscar.check_search_engine(None)) == ["W005"]
    settings.HAYSTACK_CONNECTIONS = {
        "default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": ""}
    }
    assert ids(oscar.check_search_engine(None)) == []


@pytest.mark.parametrize(
    ("sorl", "backend", "expected"),
    [
        (12, PLAIN_S3, ["W003"]),
        (13, PLAIN_S3, []),
        (12, "oscar_gan.storages.MediaS3Storage", []),
    ],
)
def test_w003_old_sorl_ignores_options(use_storage, monkeypatch, sorl, backend, expected):
    monkeypatch.setattr(storage, "_sorl_major", lambda: sorl)
    use_storage("default", backend, **S3_OPTIONS)
    assert ids(storage.check_thumbnails(None)) == expected


@pytest.mark.parametrize(
    ("backend", "options", "expected"),
    [
        (PLAIN_S3, {}, ["W004"]),
        (PLAIN_S3, {"file_overwrite": False}, []),
        ("oscar_gan.storages.MediaS3Storage", {}, []),
    ],
)
def test_w004_uploads_of_one_name_replace_each_other(use_storage, backend, options, expected):
    use_storage("default", backend, **S3_OPTIONS, **options)
    assert ids(storage.check_overwriting(None)) == expected


def test_w006_the_placeholder_must_be_uploaded_to_a_bucket(use_storage, settings):
    with s3_server.run() as address:
        options = {**S3_OPTIONS, "endpoint_url": address}
        use_storage("default", "oscar_gan.storages.MediaS3Storage", **options)
        (message,) = storage.check_missing_image(None)
        assert "image_not_found.jpg is not in" in message.msg
        default_storage.save(settings.OSCAR_MISSING_IMAGE_URL, ContentFile(b"placeholder"))
        assert ids(storage.check_missing_image(None)) == []


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("http://s3.example.com", True),
        ("https://s3.example.com", False),
        ("http://127.0.0.1:9000", False),
        (None, False),
    ],
)
def test_storage_without_encryption_on_the_way_is_warned_of(settings, address, warned):
    entry = {"BACKEND": "x", "OPTIONS": {"endpoint_url": address}}
    settings.STORAGES = {"default": entry, "plain": {"BACKEND": "y"}}
    found = storage.check_transport(None)
    assert [each.id for each in found] == (["oscar_gan.W023"] if warned else [])


def test_w006_a_storage_that_is_down_is_told_apart(use_storage):
    use_storage("default", "oscar_gan.storages.MediaS3Storage", **S3_OPTIONS)
    (message,) = storage.check_missing_image(None)
    assert message.id == "oscar_gan.W006"
    assert "did not say" in message.msg


def test_e007_drafts_need_a_storage(settings):
    assert ids(storage.check_drafts(None)) == []
    settings.OSCAR_GAN = {"DRAFTS_STORAGE": "nowhere"}
    assert ids(storage.check_drafts(None)) == ["E007"]


@pytest.mark.parametrize("folder", ["", "drafts"])
def test_e008_drafts_may_not_lie_in_the_media_folder(use_storage, settings, folder):
    location = settings.MEDIA_ROOT / folder
    backend = "django.core.files.storage.FileSystemStorage"
    use_storage("oscar_gan_drafts", backend, location=location)
    assert ids(storage.check_drafts(None)) == ["E008"]


@pytest.mark.parametrize(
    ("backend", "options", "expected"),
    [
        ("oscar_gan.storages.DraftsS3Storage", {}, []),
        ("oscar_gan.storages.DraftsS3Storage", {"location": "media"}, ["E008"]),
        (PLAIN_S3, {"querystring_auth": False}, ["E008"]),
        (PLAIN_S3, {"default_acl": "public-read"}, ["E008"]),
    ],
)
def test_e008_drafts_in_a_bucket_must_be_private(use_storage, backend, options, expected):
    use_storage("default", "oscar_gan.storages.MediaS3Storage", **S3_OPTIONS)
    use_storage("oscar_gan_drafts", backend, **S3_OPTIONS, **options)
    assert ids(storage.check_drafts(None)) == expected


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"GENERATR": "classic"}, "Unknown OSCAR_GAN keys: GENERATR"),
        ({"GENERATOR": "magic"}, "'magic'; choose from: classic"),
        ({"DEVICE": "gpu"}, "'gpu'; choose from: auto, cpu, cuda"),
        ({"LEASE_SECONDS": -1}, "must be a number from 0 up"),
        ({"LEASE_SECONDS": "120"}, "must be a number from 0 up"),
        ({"PUBLISHED_PREFIX": 7}, "must be text"),
        ({"COLOUR_ATTRIBUTES": "colour"}, "must be a list or tuple"),
        ({"C2PA_CERTIFICATE": __file__}, "but no C2PA_PRIVATE_KEY"),
        ({"REVIEWER_SHARE": 0}, "is 0; it must be above 0 and at most 1"),
        ({"REVIEWER_SHARE": 1.5}, "is 1.5; it must be above 0 and at most 1"),
        ({"RETRAIN_MIN_DECISIONS": 0}, "is 0; it must be 1 or more"),
        ({"TRAINING_STEPS": 0.5}, "is 0.5; it must be 1 or more"),
        ({"MAX_VARIANTS_PER_USER_PER_DAY": "50"}, "must be a whole number or None"),
        ({"MAX_VARIANTS_PER_PARTNER_PER_DAY": -1}, "must be a whole number or None"),
        ({"WEIGHTS_FOLDER": 7}, "is 7; it must be text or None"),
        ({"PROMOTE_AUTOMATICALLY": "no"}, "must be True or False"),
        ({"RENDITIONS": ["JPEG", "HEIC"]}, "has 'HEIC'; choose from: AVIF, WEBP, JPEG"),
        ({"RENDITIONS": ["AVIF"]}, "lacks JPEG"),
        ({"SIMULATED_LABEL": {"": "loud"}}, "languages to: off, icon, text"),
        ({"SIMULATED_LABEL": "text"}, "it must be a dictionary"),
        ({"MONITORING_TOKEN": "short"}, "must be text of 16 characters or more"),
        ({"MONITORING_IPS": ["10.0.0.1/8"]}, "10.0.0.1/8 has host bits set"),
        (
            {"C2PA_CERTIFICATE": __file__, "C2PA_PRIVATE_KEY": "/no/key.pem"},
            "'/no/key.pem', which is not a file",
        ),
    ],
)
def test_e009_settings_that_cannot_work(settings, given, complaint):
    settings.OSCAR_GAN = given
    (message,) = generator.check_settings(None)
    assert message.id == "oscar_gan.E009"
    assert complaint in message.msg


def test_e009_good_settings_pass(settings):
    settings.OSCAR_GAN = {
        **{"GENERATOR": "classic", "LEASE_SECONDS": 60, "DEVICE": "cpu"},
        **{"REVIEWER_SHARE": 1, "RETRAIN_MIN_PHOTOS": 1, "TRAINING_FOLDER": "/var/lib/shop"},
    }
    assert ids(generator.check_settings(None)) == []


@pytest.mark.parametrize(
    ("content", "expected"), [(b"weights", []), (b"damaged", ["E010"]), (None, ["E010"])]
)
def test_e010_weights_must_be_the_ones_that_were_shipped(monkeypatch, tmp_path, content, expected):
    file = {"path": "analyser.onnx", "sha256": sha256(b"weights").hexdigest()}
    manifest = {"generators": {"recolour": {"version": "1", "files": {"analyser": file}}}}
    (tmp_path / analyser.MANIFEST).write_text(json.dumps(manifest))
    if content:
        (tmp_path / "analyser.onnx").write_bytes(content)
    shipped = analyser.read_manifest(tmp_path)
    monkeypatch.setattr(analyser, "read_manifest", lambda: shipped)
    assert ids(generator.check_weights(None)) == expected


@pytest.mark.django_db
def test_w011_beat_must_run_reaper_sweeper_and_retraining(celery_conf):
    assert ids(jobs.check_beat(None)) == []
    celery_conf(beat_schedule=OWN)
    for scheduler in (jobs.IN_MEMORY, *jobs.IN_DATABASE):
        celery_conf(beat_scheduler=scheduler)
        assert ids(jobs.check_beat(None)) == ["W011", "W011", "W011"]


@pytest.mark.django_db
def test_w011_entries_in_the_database_count_enabled_or_not(celery_conf):
    every = IntervalSchedule.objects.create(every=1, period="minutes")
    for task in jobs.PERIODIC_TASKS[:2]:
        PeriodicTask.objects.create(name=task, task=task, interval=every, enabled=False)
    celery_conf(beat_schedule=OWN, beat_scheduler=jobs.IN_DATABASE[0])
    (message,) = jobs.check_beat(None)
    assert "oscar_gan.retrain" in message.msg


def test_w011_without_tables_nothing_is_said(celery_conf, monkeypatch):
    def missing(*args, **kwargs):
        raise ProgrammingError("no such table")

    monkeypatch.setattr(PeriodicTask.objects, "values_list", missing)
    celery_conf(beat_schedule=OWN, beat_scheduler=jobs.IN_DATABASE[0])
    assert ids(jobs.check_beat(None)) == []


def test_w011_a_schedule_elsewhere_is_not_judged(celery_conf):
    celery_conf(beat_schedule=OWN, beat_scheduler="redbeat.RedBeatScheduler")
    assert ids(jobs.check_beat(None)) == []


def test_w012_celery_needs_a_broker(celery_conf):
    assert ids(jobs.check_broker(None)) == []
    celery_conf(broker_url=None)
    assert ids(jobs.check_broker(None)) == ["W012"]


NO_CLIENT = (
    "redis://:hush@127.0.0.1:9/0",
    "redis://:hush@127.0.0.1:9/0;redis://:hush@127.0.0.1:10/0",
    ["redis://:hush@127.0.0.1:9/0", "redis://:hush@127.0.0.1:10/0"],
    "nosuch://:hush@127.0.0.1:9",
)


@pytest.mark.parametrize("url", NO_CLIENT)
def test_e024_celery_needs_its_brokers_client(celery_conf, monkeypatch, url):
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.delitem(sys.modules, "kombu.transport.redis", raising=False)
    monkeypatch.setattr(transport, "_transport_cache", {})
    celery_conf(broker_url=url)
    (message,) = jobs.check_broker(None)
    assert message.id == "oscar_gan.E024"
    assert "pip install redis" in message.hint
    assert "hush" not in message.msg
    (finding,) = doctor.examine(checks=[basics.broker])
    assert finding.state == PROBLEM
    assert "hush" not in finding.found


def test_w013_sqlite_needs_wal_and_immediate_transactions(settings, monkeypatch):
    good = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}
    engine = "django.db.backends.sqlite3"
    for options, expected in [
        (good, []),
        ({}, ["W013"]),
        ({"transaction_mode": "IMMEDIATE"}, ["W013"]),
        ({"init_command": "PRAGMA journal_mode = wal;"}, ["W013"]),
    ]:
        database = {"ENGINE": engine, "OPTIONS": options}
        monkeypatch.setitem(settings.DATABASES, "default", database)
        assert ids(jobs.check_sqlite(None)) == expected


def test_w013_other_databases_are_not_judged(settings, monkeypatch):
    database = {"ENGINE": "django.db.backends.postgresql"}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    assert ids(jobs.check_sqlite(None)) == []


def test_w014_queues_must_exist_where_none_is_created(celery_conf):
    assert ids(jobs.check_queues(None)) == []
    celery_conf(task_create_missing_queues=False, task_queues=[])
    assert ids(jobs.check_queues(None)) == ["W014"] * 4
