"""Pace: seconds per decision from the log, without breaks, many at once counted once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oscar_gan.models import Review
from oscar_gan.services import pace, review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(source):
    start = timezone.now() - timedelta(hours=1)

    def log(reviewer, *seconds, decision="approved"):
        for second in seconds:
            variant = factories.make_variant(source)
            row = Review.objects.create(variant=variant, decision=decision, reviewer=reviewer)
            when = start + timedelta(seconds=second)
            Review.objects.filter(pk=row.pk).update(created_at=when)

    return log


def test_the_median_of_steps(log, staff):
    log(staff, 0, 1, 4, 6)
    assert pace.pace_of(staff) == pace.Pace(2.0, 3)


def test_one_decision_is_no_step(log, staff):
    log(staff, 0)
    assert pace.pace_of(staff) is None
    assert pace.pace_of_all() is None


def test_breaks_of_more_than_a_minute_are_left_out(log, staff):
    log(staff, 0, 60, 121, 123)
    assert pace.pace_of(staff) == pace.Pace(31.0, 2)


def test_many_at_once_are_one_decision(log, staff, source):
    log(staff, 0, 3, 3.001, 3.002, 8)
    assert pace.pace_of(staff).count == 2
    ids = [factories.make_variant(source).pk for _ in range(5)]
    review.decide_many(variants=ids, reviewer=staff, decision="approved")
    assert pace.pace_of(staff).count == 2


def test_an_undo_is_no_decision_but_the_next_one_starts_there(log, staff):
    log(staff, 0)
    log(staff, 4, decision="undone")
    log(staff, 9)
    assert pace.pace_of(staff) == pace.Pace(5.0, 1)


def test_people_are_not_mixed(log, staff, superuser):
    log(staff, 0, 2)
    log(superuser, 1, 11)
    log(None, 1, 2)
    assert pace.pace_of(staff) == pace.Pace(2.0, 1)
    assert pace.pace_of_all() == pace.Pace(6.0, 2)


def test_it_costs_one_query(log, staff, superuser, django_assert_num_queries):
    log(staff, 0, 2, 3)
    log(superuser, 0, 2, 3)
    with django_assert_num_queries(1):
        pace.pace_of_all()
