"""Tasks: what beat and services send by name is there, and survives its worker."""

import pytest
from celery.schedules import crontab

from oscar_gan import tasks
from oscar_gan.conf import Config
from oscar_gan.defaults import CELERY_BEAT_SCHEDULE
from oscar_gan.models import GenerationRequest
from oscar_gan.services.requests import request_variants
from shop.celery import app
from tests import factories

SENT_BY_NAME = {"oscar_gan.generate", "oscar_gan.train", "oscar_gan.warm_thumbnails"}
SENT_BY_NAME |= {"oscar_gan.probe"}


def test_what_is_sent_by_name_is_registered():
    scheduled = {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()}
    app.loader.import_default_modules()
    assert SENT_BY_NAME | scheduled <= set(app.tasks)


def test_beat_leaves_no_pile_of_late_messages():
    for entry in CELERY_BEAT_SCHEDULE.values():
        assert entry["options"]["queue"] == "housekeeping"
        pile = entry["options"]["expires"] / _seconds_between(entry["schedule"])
        assert pile <= 240


def test_the_reaper_comes_through_a_backlog_of_an_hour():
    """Else what dead workers held would wait until thousands of renditions are made."""
    assert CELERY_BEAT_SCHEDULE["oscar-gan-reap"]["options"]["expires"] >= 3600


def _seconds_between(schedule) -> float:
    return 24 * 3600 if isinstance(schedule, crontab) else schedule


@pytest.mark.parametrize("task", [tasks.generate, tasks.make_sheet, tasks.train])
def test_work_is_acknowledged_late_and_leaves_its_result_to_the_row(task):
    assert task.acks_late
    assert task.ignore_result


def test_a_chunk_of_training_has_time_limits_of_its_own():
    """A shop's limit on pictures would end the comparison of many photos."""
    assert tasks.train.time_limit > tasks.train.soft_time_limit > Config().training_chunk_seconds


@pytest.mark.django_db
def test_the_task_makes_the_pictures(source, stub_generator, sent):
    request = request_variants(source=source, targets=factories.targets("Navy"))
    tasks.generate(str(request.pk))
    request.refresh_from_db()
    assert request.status == GenerationRequest.Status.DONE
    assert request.variants.awaiting_review().count() == 1
