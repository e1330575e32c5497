"""The schedule that people edit: entered once, then theirs."""

import pytest
from celery.schedules import crontab
from django_celery_beat.models import PeriodicTask, PeriodicTasks

from oscar_gan.beat import EditableScheduler
from oscar_gan.defaults import CELERY_BEAT_SCHEDULE
from shop.celery import app

pytestmark = pytest.mark.django_db(transaction=True)  # beat closes its connection
OURS = set(CELERY_BEAT_SCHEDULE)


@pytest.fixture
def start_beat():
    """Start beat as a restart would; nothing runs."""
    schedulers = []

    def start_beat():
        scheduler = EditableScheduler(app=app, lazy=True)
        schedulers.append(scheduler)
        scheduler.setup_schedule()
        return scheduler

    yield start_beat
    for scheduler in schedulers:
        scheduler._finalize.cancel()


def test_the_first_start_enters_our_schedule(start_beat):
    scheduler = start_beat()
    # What is due within hours only is in `scheduler.schedule`; the table has all.
    assert set(PeriodicTask.objects.values_list("name", flat=True)) >= OURS
    assert "oscar-gan-reap" in scheduler.schedule
    reap = PeriodicTask.objects.get(name="oscar-gan-reap")
    assert (reap.task, reap.queue) == ("oscar_gan.reap", "housekeeping")
    assert (reap.interval.every, reap.interval.period) == (15, "seconds")
    retrain = PeriodicTask.objects.get(name="oscar-gan-retrain")
    assert (retrain.crontab.hour, retrain.crontab.minute) == ("3", "0")


def test_messages_expire_as_without_the_database(start_beat):
    scheduler = start_beat()
    for name in OURS:
        expires = CELERY_BEAT_SCHEDULE[name]["options"]["expires"]
        assert PeriodicTask.objects.get(name=name).expire_seconds == expires
    assert scheduler.schedule["oscar-gan-reap"].options["expires"] == 3600


def test_what_was_edited_or_disabled_stays_so_after_a_restart(start_beat):
    start_beat()
    retrain = PeriodicTask.objects.get(name="oscar-gan-retrain")
    retrain.crontab.hour = "22"
    retrain.crontab.save()
    PeriodicTask.objects.filter(name="oscar-gan-sweep").update(enabled=False)
    PeriodicTasks.update_changed()
    scheduler = start_beat()
    assert "oscar-gan-sweep" not in scheduler.schedule
    assert PeriodicTask.objects.get(name="oscar-gan-retrain").crontab.hour == "22"


def test_what_another_beat_enters_meanwhile_is_seen(start_beat, monkeypatch):
    install = EditableScheduler.install_default_entries

    def lose_the_race(self, schedule):
        assert "oscar-gan-reap" not in schedule  # read before the other beat entered it
        monkeypatch.undo()
        start_beat()
        install(self, schedule)

    monkeypatch.setattr(EditableScheduler, "install_default_entries", lose_the_race)
    assert "oscar-gan-reap" in start_beat().schedule


def test_what_was_deleted_comes_back(start_beat):
    start_beat()
    PeriodicTask.objects.filter(name="oscar-gan-sweep").delete()
    assert "oscar-gan-sweep" in start_beat().schedule


def test_an_entry_without_options_is_entered_as_it_is(start_beat, monkeypatch):
    own = {"own": {"task": "shop.report", "schedule": crontab(minute=5)}}
    monkeypatch.setitem(app.conf.changes, "beat_schedule", own)
    assert start_beat().schedule["own"].task == "shop.report"
