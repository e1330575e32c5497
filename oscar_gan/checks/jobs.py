"""System checks of what the background jobs rely on: broker, queues, beat, database."""

from __future__ import annotations

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError

QUEUES = ("interactive", "backfill", "training", "housekeeping")
PERIODIC_TASKS = ("oscar_gan.reap", "oscar_gan.sweep", "oscar_gan.retrain")
IN_MEMORY = "celery.beat:PersistentScheduler"
IN_DATABASE = (
    "oscar_gan.beat:EditableScheduler",
    "django_celery_beat.schedulers:DatabaseScheduler",
    "django",  # django-celery-beat's short name for it
)


@register("oscar_gan")
def check_beat(app_configs, **kwargs) -> list[CheckMessage]:
    """W011: without the reaper, requests whose worker died or whose message was lost wait on."""
    scheduler = current_app.conf.beat_scheduler
    if scheduler not in (IN_MEMORY, *IN_DATABASE):
        return []  # its schedule lies elsewhere
    # What the settings schedule is entered into the database when beat starts.
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    if scheduler in IN_DATABASE and not scheduled.issuperset(PERIODIC_TASKS):
        scheduled |= _in_database()
    return [
        Warning(
            f"Celery beat does not run {task}.",
            hint="from oscar_gan.defaults import * in settings.py, or copy the entry from its"
            " CELERY_BEAT_SCHEDULE into yours; then start `celery beat`.",
            id="oscar_gan.W011",
        )
        for task in PERIODIC_TASKS
        if task not in scheduled
    ]


def _in_database() -> set[str]:
    """Tasks with an entry in django-celery-beat's schedule, enabled or not: that is for people."""
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    try:
        return set(PeriodicTask.objects.values_list("task", flat=True))
    except DatabaseError:  # no tables yet: nothing can be said
        return set(PERIODIC_TASKS)


@register("oscar_gan")
def check_broker(app_configs, **kwargs) -> list[CheckMessage]:
    """W012: without the shop's Celery app, messages go to a RabbitMQ that may not exist.

    E024: without the client of its broker, each page that sends a message would fail.
    """
    if current_app.conf.broker_write_url:
        return _without_client()
    return [
        Warning(
            "Celery has no broker here: generating variants will wait until one is reached.",
            hint="Set CELERY_BROKER_URL, and import your Celery app in the package of your"
            " settings: from .celery import app as celery_app.",
            id="oscar_gan.W012",
        )
    ]


def _without_client() -> list[CheckMessage]:
    try:
        current_app.connection_for_write()  # connects to nothing yet
    except Exception as error:  # AttributeError without Redis' client: each transport its own
        return [
            Error(
                f"Celery cannot speak to its broker ({type(error).__name__}: {error}).",
                hint="Install that broker's client, for redis:// with pip install redis, or"
                " correct CELERY_BROKER_URL.",
                id="oscar_gan.E024",
            )
        ]
    return []


@register("oscar_gan")
def check_sqlite(app_configs, **kwargs) -> list[CheckMessage]:
    """W013: SQLite's defaults fail with "database is locked" as soon as two workers write."""
    database = settings.DATABASES.get("default", {})
    if not database.get("ENGINE", "").endswith(".sqlite3"):
        return []
    options = database.get("OPTIONS", {})
    immediate = options.get("transaction_mode") == "IMMEDIATE"
    wal = "journal_mode=wal" in options.get("init_command", "").lower().replace(" ", "")
    if immediate and wal:
        return []
    return [
        Warning(
            "SQLite without write-ahead log and IMMEDIATE transactions: web and workers will"
            " meet 'database is locked'.",
            hint='"OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command":'
            ' "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"}',
            id="oscar_gan.W013",
        )
    ]


@register("oscar_gan")
def check_queues(app_configs, **kwargs) -> list[CheckMessage]:
    """W014: with task_create_missing_queues off, a queue that is not declared takes nothing."""
    conf = current_app.conf
    if conf.task_create_missing_queues:
        return []
    declared = {getattr(queue, "name", queue) for queue in conf.task_queues or ()}
    return [
        Warning(
            f"The Celery queue '{queue}' is not declared and will not be created.",
            hint="Add it to CELERY_TASK_QUEUES and have a worker consume it:"
            " celery worker -Q interactive,backfill,training,housekeeping.",
            id="oscar_gan.W014",
        )
        for queue in QUEUES
        if queue not in declared
    ]
