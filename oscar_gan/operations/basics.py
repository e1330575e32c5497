"""What everything rests on: database, migrations, clock, broker, storage that answers, weights."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from ..checks.generator import check_weights
from ..conf import get_config
from ..services import heartbeats
from .findings import Finding, ok, problem, skipped, warning, within

ANSWER_LIMIT = 3.0
"""Seconds that broker and storage have to answer."""
REAPER_LIMIT = 90
"""Seconds since the reaper ran after which beat counts as gone: it runs every 15."""
SWEEPER_LIMIT = 26 * 3600
"""Seconds; a large shop sweeps nightly."""
CLOCK_WARNING, CLOCK_PROBLEM = 5, 60
"""Seconds between this machine's clock and the database's."""


def database() -> Finding:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        fix = _("Start it, or correct DATABASES['default'].")
        return problem("database", str(error).strip(), fix)
    version = ".".join(map(str, connection.get_database_version()))
    return ok("database", f"{connection.display_name} {version}")


def migrations() -> Finding:
    """Whether every migration that is installed was applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ok("migrations", _("all applied"))
    names = ", ".join(f"{step.app_label}.{step.name}" for step, _backwards in plan[:5])
    found = _("%(count)d not applied: %(names)s") % {"count": len(plan), "names": names}
    return problem("migrations", found, "manage.py migrate")


def clock() -> Finding:
    """How far this machine's clock is from the database's, which leases go by."""
    if connection.vendor != "postgresql":
        return skipped("clock", _("not asked: the database is not PostgreSQL"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    return _apart((datetime.now(timezone.utc) - theirs).total_seconds())


def _apart(seconds: float) -> Finding:
    found = _("this machine is %(seconds).1f s from the database") % {"seconds": seconds}
    if abs(seconds) < CLOCK_WARNING:
        return ok("clock", found)
    state = problem if abs(seconds) >= CLOCK_PROBLEM else warning
    return state("clock", found, _("Let chrony or systemd-timesyncd set the clock of both."))


def time_zone() -> Finding:
    """Whether times are aware, and the schedule's hours are the shop's."""
    if not settings.USE_TZ:
        found = _("USE_TZ is False: leases and quotas jump when the clocks change")
        return problem("time-zone", found, "USE_TZ = True")
    theirs, ours = str(current_app.timezone), settings.TIME_ZONE
    if theirs != ours:
        found = _("the schedule counts in %(theirs)s, the shop in %(ours)s") % {
            "theirs": theirs,
            "ours": ours,
        }
        return warning("time-zone", found, "CELERY_TIMEZONE = TIME_ZONE")
    return ok("time-zone", ours)


def broker() -> Finding:
    """Whether the broker takes a connection."""
    url = current_app.connection_for_write().as_uri()  # the password is masked

    def connect() -> None:
        with current_app.connection_for_write() as link:
            link.ensure_connection(max_retries=1, interval_start=0, interval_step=0)

    try:
        within(ANSWER_LIMIT, "broker", connect)
    except Exception as error:  # each transport has its own family
        found = _("%(url)s does not answer (%(error)s)") % {"url": url, "error": error}
        fix = _("Start the broker, or correct CELERY_BROKER_URL. Requests stay queued meanwhile.")
        return problem("broker", found, fix)
    return ok("broker", url)


def beat() -> list[Finding]:
    """Whether reaper and sweeper ran lately."""
    ages = heartbeats.ages()
    limits = {
        heartbeats.REAPER: (REAPER_LIMIT, problem),
        heartbeats.SWEEPER: (SWEEPER_LIMIT, warning),
    }
    return [_ran(name, ages.get(name), *limits[name]) for name in limits]


def _ran(name: str, age: float | None, limit: float, state) -> Finding:
    label = {"reap": "reaper", "sweep": "sweeper"}[name]
    if age is not None and age <= limit:
        return ok(label, _("ran %(seconds)d s ago") % {"seconds": age})
    found = _("never ran") if age is None else _("ran %(seconds)d s ago") % {"seconds": age}
    if age is None and name == heartbeats.SWEEPER:
        return skipped(label, _("has not run yet: it does hourly"))
    fix = _("Run beat and a worker for housekeeping: celery -A shop worker -Q housekeeping -B")
    return state(label, found, fix)


def storage_answers(alias: str, name: str) -> Finding:
    """Whether a storage answers, without writing: a folder is writable, a bucket replies."""
    storage = storages[alias]
    try:
        if isinstance(storage, FileSystemStorage):
            _require_writable(Path(storage.location))
        else:
            within(ANSWER_LIMIT, name, lambda: storage.exists("oscar-gan-health"))
    except Exception as error:  # each backend has its own family
        found = _("%(storage)s fails: %(error)s") % {"storage": described(storage), "error": error}
        fix = _("Start the storage, or correct STORAGES['%(alias)s'].") % {"alias": alias}
        return problem(name, found, fix)
    return ok(name, described(storage))


def media_answers() -> Finding:
    return storage_answers("default", "media-storage")


def drafts_answer() -> Finding:
    return storage_answers(get_config().drafts_storage, "drafts-storage")


def _require_writable(folder: Path) -> None:
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if not there.is_dir():
        raise OSError(f"{there} is not a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OSError(f"{there} may not be written by this user")


def described(storage: Storage) -> str:
    """The storage in few words, without its keys."""
    if isinstance(storage, FileSystemStorage):
        return str(storage.location)
    place = f"{getattr(storage, 'bucket_name', '')}/{getattr(storage, 'location', '')}"
    return f"{type(storage).__name__} {place}".strip(" /")


def weights() -> Finding:
    """Whether the shipped weights are whole."""
    wrong = check_weights(None)
    if wrong:
        fix = _("Reinstall django-oscar-gan; the weights come with it.")
        return problem("weights", "; ".join(str(each.msg) for each in wrong), fix)
    return ok("weights", _("shipped files have their digests"))
