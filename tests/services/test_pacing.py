"""How fast and how long a bulk run asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oscar_gan.errors import InvalidRequest, InvalidTransition
from oscar_gan.models import AuditEvent, GenerationRequest
from oscar_gan.services import backfill, leases, runs
from oscar_gan.services.pacing import Pace, Pacer, next_time, read_duration
from oscar_gan.services.requests import request_variants
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("UTC"))


class Clock:
    """Time that passes only when somebody sleeps; `meanwhile` happens after so many sleeps."""

    def __init__(self):
        self.now, self.sleeps, self.meanwhile = START, 0, {}

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        self.now += timedelta(seconds=seconds)
        if happens := self.meanwhile.get(self.sleeps):
            happens()

    @property
    def passed(self) -> float:
        return (self.now - START).total_seconds()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pacer(clock, run):
    """A pacer of `run` with these limits; call it as if the last product was asked for."""

    def pacer(stop=lambda: False, **limits):
        held = Pacer(run, Pace(**limits), clock=clock, sleep=clock.sleep)
        return lambda asked=True: held.wait(asked=asked, stop=stop)

    return pacer


@pytest.fixture
def run(source, sent):
    """A run that has asked for two colours of one product."""
    started = backfill.start(selection=Selection(colours=("#24345C", "#AA8020")))
    list(backfill.run(run=started))
    return started


def test_without_limits_nothing_waits(pacer, clock):
    assert pacer()()
    assert clock.sleeps == 0


def test_the_rate_counts_what_was_asked_for(pacer, clock):
    go_on = pacer(per_minute=6)
    assert go_on()
    assert clock.passed == pytest.approx(10)
    assert go_on(asked=False)
    assert clock.passed == pytest.approx(10)
    assert go_on()
    assert clock.passed == pytest.approx(20)
    clock.now += timedelta(minutes=5)  # slow products earn no burst
    assert go_on()
    assert go_on()
    assert clock.passed == pytest.approx(20 + 300 + 10)


def test_no_more_is_asked_for_while_too_much_waits(pacer, clock, run):
    clock.meanwhile[4] = lambda: run.requests.get().variants.update(status="cancelled")
    assert pacer(at_once=2)()
    assert clock.sleeps == 4
    assert pacer(at_once=3)()
    assert clock.sleeps == 4


def test_it_stops_in_time_also_while_it_waits(pacer, clock):
    go_on = pacer(at_once=1, until=START + timedelta(seconds=30))
    assert not go_on()
    assert 30 <= clock.passed < 32


def test_it_stops_when_asked_also_while_it_waits(pacer, clock):
    assert not pacer(at_once=1, stop=lambda: clock.sleeps >= 3)()


def test_a_paused_run_waits_for_somebody_to_go_on(pacer, clock, run, staff):
    runs.pause_run(run=run, by=staff)
    clock.meanwhile[5] = lambda: runs.continue_run(run=run, by=staff)
    assert pacer()()
    assert clock.sleeps == 5


def test_workers_begin_nothing_of_a_paused_run_and_go_on_afterwards(run, staff, source, sent):
    (request,) = run.requests.all()
    runs.pause_run(run=run, by=staff)
    assert runs.progress(run=run).state == "paused"
    assert leases.claim(request.pk) is None
    GenerationRequest.objects.update(created_at=START)
    sent.clear()
    assert leases.reap()["resent"] == 0

    targets = factories.targets("Red")
    own = request_variants(source=source, targets=targets, requested_by=staff)
    assert leases.claim(own.pk)  # what people wait for goes on

    runs.continue_run(run=run, by=staff)
    GenerationRequest.objects.filter(pk=request.pk).update(created_at=START)
    assert leases.reap()["resent"] == 1
    assert leases.claim(request.pk)
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert {"run-paused", "run-continued"} <= set(actions)


def test_pausing_what_is_not_going_on_is_refused(run, staff):
    with pytest.raises(InvalidTransition, match="not paused"):
        runs.continue_run(run=run, by=staff)
    runs.pause_run(run=run, by=staff)
    with pytest.raises(InvalidTransition, match="nothing to pause"):
        runs.pause_run(run=run, by=staff)
    runs.cancel_run(run=run, by=staff)
    assert not runs.is_paused(run)
    with pytest.raises(InvalidTransition, match="nothing to pause"):
        runs.pause_run(run=run, by=staff)


@pytest.mark.parametrize(
    ("text", "minutes"), [("90", 90), ("90m", 90), ("2h", 120), ("1h30m", 90), ("1h5", 65)]
)
def test_durations(text, minutes):
    assert read_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "0", "h", "m", "-5", "1d", "1:30", "99999h", "²"])
def test_no_durations(text):
    with pytest.raises(InvalidRequest, match="is no duration"):
        read_duration(text)


def test_the_next_such_time_in_the_shops_zone(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    assert next_time("06:00", now=START).isoformat() == "2026-03-02T06:00:00+01:00"
    assert next_time("13:30", now=START).isoformat() == "2026-03-01T13:30:00+01:00"
    before_summer = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("UTC"))
    assert next_time("06:00", now=before_summer).isoformat() == "2026-03-29T06:00:00+02:00"
    for text in ("24:00", "6", "06:60", "noon"):
        with pytest.raises(InvalidRequest, match="no time of day"):
            next_time(text, now=START)


def test_a_product_costs_the_same_few_queries_however_many_came_before(
    source, sent, django_assert_max_num_queries
):
    products = [factories.make_product() for _ in range(4)]
    selection = Selection(
        products=tuple(product.pk for product in products), colours=("#24345C", "#AA8020")
    )
    asking = backfill.run(run=backfill.start(selection=selection))
    next(asking)  # reads them all, and enters the shipped generator
    for _ in products[1:]:
        with django_assert_max_num_queries(24):
            next(asking)
