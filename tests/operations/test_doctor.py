"""The doctor: a healthy shop is left in peace; each fault is named with its cure."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone as django_timezone
from django.utils.functional import SimpleLazyObject
from PIL import Image

from oscar_gan import tasks
from oscar_gan.errors import WeightsMismatch
from oscar_gan.inference.onnx import DeviceUnavailable
from oscar_gan.models import BackfillRun, GenerationRequest, GeneratorVersion, Heartbeat
from oscar_gan.operations import basics, doctor, files, jobs, pictures
from oscar_gan.operations.findings import OK, PROBLEM, WARNING
from oscar_gan.services import heartbeats
from tests import factories, s3_server

pytestmark = pytest.mark.django_db
WHOOSH = {"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": ""}}
LATE = timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _a_shop_like_the_demo(settings, stub_generator):
    settings.HAYSTACK_CONNECTIONS = WHOOSH
    heartbeats.beat(heartbeats.REAPER)
    heartbeats.beat(heartbeats.SWEEPER)


@pytest.fixture
def found():
    """Findings of some checks, by name."""

    def found(*checks):
        return {finding.name: finding for finding in doctor.examine(checks=checks)}

    return found


def test_a_healthy_shop_has_no_problem():
    out = io.StringIO()
    call_command("gan_doctor", "--json", stdout=out)
    findings = json.loads(out.getvalue())["findings"]
    assert {each["name"] for each in findings if each["state"] in (PROBLEM, WARNING)} == set()
    assert len(findings) >= 20
    assert {"name", "state", "found", "fix", "seconds"} == set(findings[0])


def test_a_problem_is_the_exit_code_and_says_the_fix(monkeypatch, capsys):
    Heartbeat.objects.all().delete()
    monkeypatch.setattr(doctor, "CHECKS", (basics.database, basics.beat))
    with pytest.raises(SystemExit) as stop:
        call_command("gan_doctor")
    assert stop.value.code == 1
    out = capsys.readouterr().out
    assert "reaper" in out
    assert "→ Run beat and a worker for housekeeping: celery -A shop" in out
    assert "Problems: 1; warnings: 0" in out


def test_a_check_that_breaks_stops_no_other(found, monkeypatch):
    def breaking():
        raise RuntimeError("unforeseen")

    seen = found(breaking, basics.database)
    assert (seen["breaking"].state, seen["breaking"].found) == (
        PROBLEM,
        "RuntimeError: unforeseen",
    )
    assert seen["database"].state == OK


# Faults: what provokes each, the check that looks, the finding, its state, a part of the fix.


def _unknown_key(settings, **_):
    settings.OSCAR_GAN = {"GENERATER": "recolour"}


def _no_drafts(settings, **_):
    settings.OSCAR_GAN = {"DRAFTS_STORAGE": "nowhere"}


def _simple_search(settings, **_):
    settings.HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "x.SimpleEngine"}}


def _naive_times(settings, **_):
    settings.USE_TZ = False


def _two_zones(settings, **_):
    settings.TIME_ZONE = "Asia/Shanghai"


def _database_down(monkeypatch, **_):
    def refuse():
        raise DatabaseError("no connection")

    monkeypatch.setattr(basics.connection, "cursor", refuse)


def _unapplied(monkeypatch, **_):
    step = SimpleNamespace(app_label="oscar_gan", name="0009_later")
    plan = lambda self, targets: [(step, False)]  # noqa: E731
    monkeypatch.setattr(basics.MigrationExecutor, "migration_plan", plan)


def _clock_of(seconds):
    def provoke(monkeypatch, **_):
        theirs = datetime.now(timezone.utc) - timedelta(seconds=seconds)

        @contextmanager
        def cursor():
            yield SimpleNamespace(execute=lambda sql: None, fetchone=lambda: [theirs])

        fake = SimpleNamespace(vendor="postgresql", cursor=cursor)
        monkeypatch.setattr(basics, "connection", fake)

    return provoke


def _broker_down(monkeypatch, **_):
    from kombu import Connection

    def connection_for_write():
        return Connection("redis://:hush@127.0.0.1:9//")

    monkeypatch.setattr(basics.current_app, "connection_for_write", connection_for_write)


def _workers_take(*queues):
    def provoke(monkeypatch, **_):
        answers = {"a@b": [{"name": queue} for queue in queues]} if queues else None
        inspect = SimpleNamespace(active_queues=lambda: answers)
        current_app.conf.get("worker_enable_remote_control")
        monkeypatch.setitem(current_app.conf.changes, "worker_enable_remote_control", True)
        monkeypatch.setattr(jobs, "NO_REPLIES", ())
        monkeypatch.setattr(
            jobs.current_app, "control", SimpleNamespace(inspect=lambda timeout: inspect)
        )

    return provoke


def _beat_gone(**_):
    Heartbeat.objects.update(at=django_timezone.now() - timedelta(days=2))


def _nobody_takes(source, **_):
    request = factories.make_request(source)
    GenerationRequest.objects.filter(pk=request.pk).update(created_at=django_timezone.now() - LATE)


def _fell_silent(source, **_):
    past = django_timezone.now() - LATE
    factories.make_request(
        source, status="running", lease_token="0" * 32, lease_expires_at=past, claimed_at=past
    )


def _run_stopped(**_):
    run = BackfillRun.objects.create()
    BackfillRun.objects.filter(pk=run.pk).update(created_at=django_timezone.now() - LATE)


def _media_full(monkeypatch, **_):
    def save(self, name, content, max_length=None):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", save)


def _drafts_blocked(tmp_path, **_):
    (tmp_path / "drafts").write_bytes(b"")


def _changed_bytes(monkeypatch, **_):
    """What s3rver did to boto3's checksums: their framing became part of the file."""
    keep = FileSystemStorage.save

    def save(self, name, content, max_length=None):
        return keep(self, name, ContentFile(b"10000;chunk\r\n" + content.read()), max_length)

    monkeypatch.setattr(FileSystemStorage, "save", save)


def _disk_with(free):
    def provoke(monkeypatch, **_):
        usage = SimpleNamespace(free=free, total=100 * 2**30)
        monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: usage)

    return provoke


def _thumbnailer(make):
    def provoke(monkeypatch, **_):
        maker = SimpleNamespace(generate_thumbnail=make, delete_thumbnails=lambda source: None)
        monkeypatch.setattr(pictures, "get_thumbnailer", lambda: maker)

    return provoke


def _broken_thumbnails(source, **options):
    raise TypeError("Storage.__init__() missing 1 required positional argument")


def _plain_thumbnail(source, **options):
    data = io.BytesIO()
    Image.new("RGB", (200, 150)).save(data, "JPEG")
    source.storage.save("oscar-gan-doctor/thumb.jpg", ContentFile(data.getvalue()))
    return SimpleNamespace(storage=source.storage, name="oscar-gan-doctor/thumb.jpg")


def _damaged_weights(monkeypatch, **_):
    monkeypatch.setattr("oscar_gan.checks.generator._what_is_wrong", lambda path, digest: "is cut")


def _lost_champion(**_):
    files = {"analyser": {"name": "generators/aa/aa.onnx", "sha256": "a" * 64}}
    factories.make_generator_version(status=GeneratorVersion.Status.CHAMPION, files=files)


def _generator_raises(error):
    def provoke(monkeypatch, **_):
        def open_generator(name, device):
            raise error

        monkeypatch.setattr(pictures.backends, "open_generator", open_generator)

    return provoke


def _idle_gpu(monkeypatch, **_):
    monkeypatch.setattr(pictures, "_has_gpu", lambda: True)


def _little_memory(monkeypatch, **_):
    monkeypatch.setattr(pictures, "machine_memory", lambda: 512 * 2**20)


FAULTS = [
    (_unknown_key, doctor.settings_checks, "oscar_gan.E009", PROBLEM, "docs/settings.md"),
    (_no_drafts, doctor.settings_checks, "oscar_gan.E007", PROBLEM, "FileSystemStorage"),
    (_simple_search, doctor.settings_checks, "oscar_gan.W005", WARNING, "Whoosh"),
    (_naive_times, basics.time_zone, "time-zone", PROBLEM, "USE_TZ = True"),
    (_two_zones, basics.time_zone, "time-zone", WARNING, "CELERY_TIMEZONE"),
    (_database_down, basics.database, "database", PROBLEM, "DATABASES"),
    (_unapplied, basics.migrations, "migrations", PROBLEM, "manage.py migrate"),
    (_clock_of(20), basics.clock, "clock", WARNING, "chrony"),
    (_clock_of(-120), basics.clock, "clock", PROBLEM, "chrony"),
    (_broker_down, basics.broker, "broker", PROBLEM, "CELERY_BROKER_URL"),
    (_workers_take("backfill", "housekeeping"), jobs.workers, "worker-interactive", PROBLEM, "-Q"),
    (_workers_take("interactive"), jobs.workers, "worker-training", WARNING, "-Q training"),
    (_workers_take(), jobs.workers, "worker-housekeeping", PROBLEM, "-Q housekeeping"),
    (_beat_gone, basics.beat, "reaper", PROBLEM, "-Q housekeeping -B"),
    (_beat_gone, basics.beat, "sweeper", WARNING, "-Q housekeeping -B"),
    (_nobody_takes, jobs.waiting, "waiting-interactive", PROBLEM, "-Q interactive"),
    (_fell_silent, jobs.waiting, "silent", PROBLEM, "beat"),
    (_run_stopped, jobs.waiting, "bulk-runs", WARNING, "--resume"),
    (_media_full, files.media, "media-files", PROBLEM, "STORAGES['default']"),
    (_drafts_blocked, files.drafts, "draft-files", PROBLEM, "oscar_gan_drafts"),
    (_drafts_blocked, basics.drafts_answer, "drafts-storage", PROBLEM, "oscar_gan_drafts"),
    (_changed_bytes, files.media, "media-files", PROBLEM, "checksums"),
    (_disk_with(100 * 2**20), files.disks, "disk", PROBLEM, "room"),
    (_disk_with(2**30), files.disks, "disk", WARNING, "room"),
    (_thumbnailer(_broken_thumbnails), pictures.thumbnailer, "thumbnailer", PROBLEM, "OSCAR_TH"),
    (_thumbnailer(_plain_thumbnail), pictures.thumbnailer, "thumbnailer", WARNING, "Provenance"),
    (_damaged_weights, basics.weights, "weights", PROBLEM, "Reinstall"),
    (_lost_champion, pictures.serving, "serving", PROBLEM, "roll_back_generator"),
    (
        _generator_raises(DeviceUnavailable("CUDA was asked for, but it runs on CPU here.")),
        pictures.self_test, "self-test", PROBLEM, "onnxruntime-gpu[cuda,cudnn]",
    ),
    (
        _generator_raises(WeightsMismatch("analyser.onnx has SHA-256 …")),
        pictures.self_test, "self-test", PROBLEM, "Reinstall",
    ),
    (_idle_gpu, pictures.self_test, "self-test", WARNING, "onnxruntime-gpu"),
    (_little_memory, pictures.memory, "memory", WARNING, "MAX_PHOTO_PIXELS"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("provoke", "check", "name", "state", "fix"),
    FAULTS,
    ids=[f"{fault[2]}-{fault[3]}-{number}" for number, fault in enumerate(FAULTS)],
)
def test_each_fault_is_found_with_its_fix(
    provoke, check, name, state, fix, found, settings, monkeypatch, tmp_path, request
):
    source = SimpleLazyObject(lambda: request.getfixturevalue("source"))
    provoke(settings=settings, monkeypatch=monkeypatch, tmp_path=tmp_path, source=source)
    finding = found(check)[name]
    assert finding.state == state, finding
    assert fix in finding.fix


def test_the_brokers_password_is_not_shown(found, monkeypatch):
    _broker_down(monkeypatch)
    assert "hush" not in found(basics.broker)["broker"].found


def test_a_long_queue_that_moves_is_no_problem(found, source):
    _nobody_takes(source)
    factories.make_request(source, status="done", finished_at=django_timezone.now())
    assert found(jobs.waiting)["waiting-interactive"].state == OK


def test_every_queue_taken(found, monkeypatch):
    _workers_take(*jobs.QUEUES)(monkeypatch)
    assert {finding.state for finding in found(jobs.workers).values()} == {OK}


def test_probes_are_answered_by_workers(found, monkeypatch):
    def send_task(name, queue_asked, *, queue, expires):
        assert (name, queue_asked) == ("oscar_gan.probe", queue)
        if queue != "training":
            tasks.probe(queue_asked)
        return queue != "backfill"

    monkeypatch.setattr(jobs.dispatch, "send_task", send_task)
    monkeypatch.setattr(jobs, "PROBE_LIMIT", 0.3)
    seen = found(jobs.probes)
    assert seen["probe-interactive"].state == OK
    assert seen["probe-training"].state == WARNING
    assert (seen["probe-backfill"].state, seen["probe-backfill"].fix) == (
        PROBLEM,
        "Start the broker first.",
    )


def test_nothing_is_left_behind(found, settings, tmp_path):
    found(files.media, files.drafts, files.links, pictures.thumbnailer)
    left = [path for path in tmp_path.rglob("*") if path.is_file() or "doctor" in path.name]
    assert left == []


def test_links_to_a_bucket(found, settings):
    """A real server over HTTP: files come back, drafts by signed links only, media for all."""
    with s3_server.run() as address:
        options = {"bucket_name": "shop", "endpoint_url": address, **s3_server.KEYS}
        host = address.partition("//")[2]
        public = {"custom_domain": f"{host}/shop", "url_protocol": "http:"}
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "oscar_gan.storages.MediaS3Storage",
                "OPTIONS": {**options, **public},
            },
            "oscar_gan_drafts": {
                "BACKEND": "oscar_gan.storages.DraftsS3Storage",
                "OPTIONS": options,
            },
        }
        seen = found(files.media, files.drafts, files.links, basics.media_answers)
        assert seen["media-files"].state == seen["draft-files"].state == OK
        assert seen["media-storage"].state == OK
        assert seen["media-links"].state == OK
        assert seen["draft-links"].state == OK, seen["draft-links"]


@pytest.mark.parametrize(
    ("answers", "state", "fix"),
    [
        ([(200, None), (403, b"")], OK, ""),
        ([(200, None), (200, b"")], PROBLEM, "only media/ may be public"),
        ([(403, b""), (403, b"")], PROBLEM, "clock"),
        (OSError("refused"), WARNING, "Browsers"),
    ],
)
def test_private_links_are_private(found, settings, monkeypatch, answers, state, fix):
    kept = {}

    class Bucket:
        bucket_name, location = "shop", "drafts"

        def save(self, name, content):
            kept[name] = content.read()
            return name

        def url(self, name):
            return f"https://s3.example.com/{name}?X-Amz-Signature=1"

        def delete(self, name):
            del kept[name]

    def get(url):
        if isinstance(answers, OSError):
            raise answers
        status, body = answers["Signature" not in url]
        return status, next(iter(kept.values())) if body is None else body

    monkeypatch.setattr(files, "storages", {"oscar_gan_drafts": Bucket()})
    monkeypatch.setattr(files, "_get", get)
    finding = found(files._draft_links)["draft-links"]
    assert (finding.state, fix in finding.fix) == (state, True)
    assert kept == {}


@pytest.mark.parametrize(("limit", "expected"), [("536870912", 512), ("max", 2048), (None, 2048)])
def test_memory_is_the_containers(tmp_path, limit, expected):
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "meminfo").write_text("MemTotal:        2097152 kB\nMemFree: 1 kB\n")
    if limit:
        (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
        (tmp_path / "sys/fs/cgroup/memory.max").write_text(f"{limit}\n")
    assert pictures.machine_memory(tmp_path) == expected * 2**20


@pytest.mark.django_db
def test_a_paused_run_is_no_trouble(found):
    _run_stopped()
    BackfillRun.objects.update(paused_at=django_timezone.now())
    assert found(jobs.waiting)["bulk-runs"].state == OK
